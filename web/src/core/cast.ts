/** Small snapshots for the tests: everything a type asks for, nothing a test does not care about. */

import type {
  AgentView,
  ChangeEntry,
  ContextSnapshot,
  ConversationSnapshot,
  DeskCounts,
  DeskRow,
  InboxItem,
  MessageEntry,
  NoteEntry,
  TicketRow,
} from "../../../widget/src/core/wire.ts";

export const NOON = "2026-11-24T18:00:00Z";

/** An instant so many seconds after noon. */
export function at(seconds: number): string {
  return new Date(Date.parse(NOON) + seconds * 1000).toISOString().replace(".000Z", "Z");
}

export function message(seq: number, kind: MessageEntry["sender"]["kind"], when = at(seq), body = `words ${seq}`): MessageEntry {
  const name = { visitor: "Vic", agent: "Ana", system: "" }[kind];
  return { kind: "message", seq, at: when, sender: { kind, name }, body, client_message_id: `id-${seq}-0000`, channel: "chat" };
}

export function change(seq: number, what: ChangeEntry["change"], when = at(seq)): ChangeEntry {
  return { kind: "change", seq, at: when, change: what, name: null, cause: null };
}

export function note(seq: number, after: number, when = at(after), author = "Ana"): NoteEntry {
  return { seq, after, at: when, author, body: `note ${seq}` };
}

export function thread(
  entries: ConversationSnapshot["entries"],
  conversation: Partial<ConversationSnapshot["conversation"]> = {},
): ConversationSnapshot {
  return {
    kind: "conversation",
    entries,
    earlier: false,
    conversation: {
      id: 1,
      state: "active",
      subject: "Timbrado",
      agent: "Ana",
      opened_at: NOON,
      ended_at: null,
      visitor_seen: 0,
      agent_seen: 0,
      message_offered: false,
      asked: false,
      ticket: null,
      ...conversation,
    },
  };
}

export function context(conversation: Partial<ContextSnapshot["conversation"]> = {}, notes: NoteEntry[] = []): ContextSnapshot {
  return {
    kind: "context",
    notes,
    files: [],
    conversation: {
      id: 1,
      portal: 1,
      state: "active",
      visitor: { id: 1, name: "Vic", email: "vic@example.com", rfc: null, rfc_warning: null, locale: "es-MX", zone: null },
      page: null,
      level: 1,
      team: null,
      owner: { id: 1, name: "Ana" },
      transfer: null,
      reason: null,
      alert: "none",
      returned: 0,
      extended: false,
      joined_at: NOON,
      offered_at: null,
      first_replied_at: null,
      disposition: null,
      previous: null,
      ticket_id: null,
      ...conversation,
    },
  };
}

export function item(conversation: number, since = NOON, kind: InboxItem["kind"] = "owner"): InboxItem {
  return { conversation, portal: 1, kind, since };
}

export function agent(id: number, fields: Partial<AgentView> = {}): AgentView {
  return {
    id,
    name: `Agent ${id}`,
    role: "agent",
    level: 1,
    teams: [],
    languages: ["es"],
    capacity: 4,
    load: 0,
    state: "online",
    reason: null,
    since: NOON,
    left: false,
    ...fields,
  };
}

export function row(id: number, fields: Partial<DeskRow> = {}): DeskRow {
  return {
    id,
    visitor: "Vic",
    subject: "Timbrado",
    language: "es",
    state: "queued",
    joined_at: NOON,
    since: NOON,
    owner: null,
    reason: null,
    returned: 0,
    level: 1,
    team: null,
    alert: "none",
    ...fields,
  };
}

export function ticket(id: number, fields: Partial<TicketRow> = {}): TicketRow {
  return {
    id,
    folio: `PG-2026-${String(id).padStart(6, "0")}`,
    conversation: id,
    visitor: "Vic",
    summary: "Timbrado",
    severity: "S3",
    provisional: true,
    level: 1,
    state: "new",
    origin: "missed",
    first_reply_due: NOON,
    first_replied_at: null,
    resolution_due: NOON,
    created_at: NOON,
    ...fields,
  };
}

export const COUNTS: DeskCounts = {
  day: "2026-11-24",
  started: 0,
  answered: 0,
  closed: 0,
  escalated: 0,
  missed: 0,
  abandoned: 0,
  short: 0,
  offline: 0,
};
