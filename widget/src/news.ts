/** What is new in a conversation for its client: told once, whichever way it came (event, tail or snapshot). */

import type { Entry } from "./core/apply.ts";
import type { ConversationPublic, ConversationSnapshot } from "./core/wire.ts";

type State = ConversationPublic["state"];

export const isOpen = ({ state }: { readonly state: State }): boolean =>
  /queued|offered|active|wrap_up/.test(state);

/** Somebody may still write in it, now or in its ticket's thread. */
export const isLive = (conversation: { readonly state: State; readonly folio: string | null }): boolean =>
  isOpen(conversation) || /escalated|missed|offline/.test(conversation.state) || !!conversation.folio;

export const isTheirs = (entry: Entry): boolean => entry.kind === "message" && entry.sender.kind !== "visitor";

/** What of a conversation has been told. */
export interface Known {
  readonly head: number;
  readonly open: boolean;
}

/** The first snapshot of a conversation is where the telling starts, not news. */
export function newsOf({ conversation, entries }: ConversationSnapshot, known: Map<number, Known>) {
  const open = isOpen(conversation);
  const last = known.get(conversation.id) ?? { head: Infinity, open };
  known.set(conversation.id, { head: entries.at(-1)?.seq ?? 0, open });
  return {
    messages: entries.filter((entry) => isTheirs(entry) && entry.seq > last.head),
    ended: last.open && !open,
  };
}
