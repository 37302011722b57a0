/** What the server would say, for tests: frames with the few fields that a test is about. */

import type {
  ChangeEntry,
  ConversationChanged,
  ConversationPublic,
  ConversationSnapshot,
  ConversationSummary,
  MessageEntry,
  MessageSent,
  Subscribed,
  TicketPublic,
  VisitorSnapshot,
} from "../src/core/wire.ts";

export const TOPIC = "conversation:7";

export const conversation = (fields: Partial<ConversationPublic> = {}): ConversationPublic => ({
  id: 7,
  state: "active",
  subject: "Timbrado",
  agent: "Ana López",
  opened_at: "2026-11-10T16:00:00Z",
  ended_at: null,
  visitor_seen: 0,
  agent_seen: 0,
  message_offered: false,
  asked: false,
  ticket: null,
  ...fields,
});

export const message = (seq: number, fields: Partial<MessageEntry> = {}): MessageEntry => ({
  kind: "message",
  channel: "chat",
  seq,
  at: "2026-11-10T16:00:00Z",
  sender: { kind: "agent", name: "Ana López" },
  body: `Mensaje ${seq}`,
  client_message_id: `message-${seq}`,
  ...fields,
});

export const change = (seq: number, fields: Partial<ChangeEntry> = {}): ChangeEntry => ({
  kind: "change",
  seq,
  at: "2026-11-10T16:00:00Z",
  change: "queued",
  name: null,
  cause: null,
  ...fields,
});

export const snapshot = (...entries: ConversationSnapshot["entries"]): ConversationSnapshot => ({
  kind: "conversation",
  conversation: conversation(),
  entries,
  earlier: false,
});

export const messageSent = (seq: number, topic = TOPIC): MessageSent => ({
  topic,
  seq,
  type: "message_sent",
  entry: message(seq),
});

export const changed = (seq: number, fields: Partial<ConversationPublic>): ConversationChanged => ({
  topic: TOPIC,
  seq,
  type: "conversation_changed",
  entry: change(seq, { change: "wrap_up" }),
  conversation: conversation(fields),
});

export const subscribed = (fields: Partial<Subscribed> = {}): Subscribed => ({
  ref: "ref-of-a-subscribe",
  type: "subscribed",
  topic: TOPIC,
  epoch: "first",
  head: 0,
  snapshot: null,
  events: [],
  ...fields,
});

export const summary = (id: number, opened_at: string): ConversationSummary => ({
  id,
  state: "closed",
  subject: "Timbrado",
  opened_at,
  ended_at: null,
  folio: null,
});

export const visitor = (...conversations: ConversationSummary[]): VisitorSnapshot => ({
  kind: "visitor",
  visitor: {
    id: 5,
    name: "Vic",
    email: "vic@example.com",
    rfc: null,
    rfc_warning: null,
    locale: "es-MX",
    zone: "America/Monterrey",
  },
  conversations,
});

export const ticket = (fields: Partial<TicketPublic> = {}): TicketPublic => ({
  folio: "PG-2026-000123",
  state: "new",
  severity: "S3",
  provisional: true,
  level: 1,
  first_reply_due: "2026-11-10T18:00:00Z",
  update_due: null,
  resolution_due: null,
  first_replied_at: null,
  ...fields,
});
