/** Names that both halves of the widget know: the small one, which is always there, and the panel, which comes when it is needed. */

export const WIDGET = "chatserver-widget";

/** Kept: somebody of this browser is in a conversation or a ticket's thread, so connect without being asked. */
export const LIVE = "live";

/** Kept: the last conversation that its client has rated. */
export const RATED = "rated";

export type EventName =
  "ready" | "open" | "close" | "unread" | "message:received" | "conversation:started" | "conversation:ended";
