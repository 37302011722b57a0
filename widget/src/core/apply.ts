/** What an event does to a snapshot, for the two topics a client follows. Pure, and equal, field by field, to what a
 *  fresh snapshot of the server says: the server's tests run this very file. */

import type { ConversationSnapshot, ConversationSummary, DurableEvent, Snapshot, VisitorSnapshot } from "./wire.ts";

export type Entry = ConversationSnapshot["entries"][number];

/** How many conversations the client's own list holds. */
const LISTED = 10;

/** The snapshot after the event; the same snapshot when the event says nothing about it. */
export function applyEvent(snapshot: Snapshot, event: DurableEvent): Snapshot {
  switch (snapshot.kind) {
    case "conversation":
      return applyToConversation(snapshot, event);
    case "visitor":
      return applyToVisitor(snapshot, event);
    default:
      return snapshot;
  }
}

export function applyToConversation(snapshot: ConversationSnapshot, event: DurableEvent): ConversationSnapshot {
  switch (event.type) {
    case "message_sent": {
      const answered = event.entry.sender.kind === "visitor" ? { asked: false } : {};
      const conversation = { ...snapshot.conversation, ...answered };
      return { ...snapshot, conversation, entries: [...snapshot.entries, event.entry] };
    }
    case "conversation_changed":
      return { ...snapshot, conversation: event.conversation, entries: [...snapshot.entries, event.entry] };
    case "seen_moved": {
      const seen = event.by === "visitor" ? { visitor_seen: event.upto } : { agent_seen: event.upto };
      return { ...snapshot, conversation: { ...snapshot.conversation, ...seen } };
    }
    default:
      return snapshot;
  }
}

export function applyToVisitor(snapshot: VisitorSnapshot, event: DurableEvent): VisitorSnapshot {
  switch (event.type) {
    case "visitor_changed":
      return { ...snapshot, visitor: event.visitor };
    case "visitor_conversation_changed": {
      const others = snapshot.conversations.filter(({ id }) => id !== event.conversation.id);
      const conversations = [event.conversation, ...others].sort(newestFirst).slice(0, LISTED);
      return { ...snapshot, conversations };
    }
    default:
      return snapshot;
  }
}

function newestFirst(a: ConversationSummary, b: ConversationSummary): number {
  return compareInstants(b.opened_at, a.opened_at) || b.id - a.id;
}

/** Orders two UTC instants as the wire writes them, to the microsecond (`Date` keeps only milliseconds).
 *  Without its Z, "…:00" is a prefix of, and so sorts before, "…:00.5". */
export function compareInstants(a: string, b: string): number {
  const [x, y] = [a.slice(0, -1), b.slice(0, -1)];
  return x < y ? -1 : Number(x > y);
}
