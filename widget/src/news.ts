/** What is new in a conversation for its client: told once, whichever way it came (event, tail or snapshot). */

import type { Entry } from "./core/apply.ts";
import type { ConversationPublic, ConversationSnapshot } from "./core/wire.ts";

type State = ConversationPublic["state"];

const OPEN: readonly State[] = ["queued", "offered", "active", "wrap_up"];
const ON_TICKET: readonly State[] = ["escalated", "missed", "offline"];

export const isOpen = ({ state }: { readonly state: State }): boolean => OPEN.includes(state);

/** Somebody may still write in it, now or in its ticket's thread. */
export const isLive = (conversation: { readonly state: State; readonly folio: string | null }): boolean =>
  isOpen(conversation) || ON_TICKET.includes(conversation.state) || conversation.folio !== null;

export const isTheirs = (entry: Entry): boolean => entry.kind === "message" && entry.sender.kind !== "visitor";

export const unreadIn = ({ entries, conversation }: ConversationSnapshot, marked: number): number =>
  entries.filter((entry) => isTheirs(entry) && entry.seq > Math.max(marked, conversation.visitor_seen)).length;

export interface News {
  readonly messages: readonly Entry[];
  readonly ended: boolean;
}

export class Told {
  readonly #last = new Map<number, { readonly head: number; readonly state: State }>();

  /** The first snapshot of a conversation is where the telling starts, not news. */
  news({ conversation, entries }: ConversationSnapshot): News {
    const { id, state } = conversation;
    const last = this.#last.get(id);
    this.#last.set(id, { head: entries.at(-1)?.seq ?? 0, state });
    if (!last) return { messages: [], ended: false };
    return {
      messages: entries.filter((entry) => isTheirs(entry) && entry.seq > last.head),
      ended: isOpen(last) && !isOpen(conversation),
    };
  }
}
