/** The server, as signals: what each topic says now, who I am, and how the line is. Commands go out through here. */

import { computed, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { Client } from "../../../widget/src/core/client.ts";
import { newId } from "../../../widget/src/core/ids.ts";
import type { Command, Frame, Status } from "../../../widget/src/core/socket.ts";
import type {
  AgentView,
  ContextSnapshot,
  ConversationSnapshot,
  DeskCard,
  DeskSnapshot,
  InboxItem,
  Reply,
  Snapshot,
  StaffCommand,
  StaffHello,
  StaffWelcome,
  TicketSnapshot,
  Typing,
} from "../../../widget/src/core/wire.ts";
import { applyEvent } from "../core/apply.ts";
import { hearTime } from "./clock.ts";
import { hearEphemeral } from "./ephemeral.ts";

/** What is known of a topic. `lost`: the server no longer tells; the last snapshot is kept, to read. */
export interface Known {
  readonly snapshot: Snapshot | null;
  readonly lost: boolean;
}

export interface Desk {
  readonly card: DeskCard;
  readonly snapshot: DeskSnapshot | null;
}

/** A command without its `ref`, which is made when it is sent. */
type Unsigned<Signed> = Signed extends { readonly ref: string } ? Omit<Signed, "ref"> : never;
export type Order = Unsigned<Exclude<StaffCommand, StaffHello | Typing>>;

const NOTHING: Known = { snapshot: null, lost: false };
const topics = new Map<string, Signal<Known>>();
const following = new Map<string, number>();
let client: Client | null = null;

export const status = signal<Status>("connecting");
export const welcome = signal<StaffWelcome | null>(null);
/** Whether the browser says there is a network at all. */
export const network = signal(navigator.onLine);

export function topic(name: string): Signal<Known> {
  let known = topics.get(name);
  if (!known) {
    known = signal(NOTHING);
    topics.set(name, known);
  }
  return known;
}

export const me: ReadonlySignal<AgentView | null> = computed(() => {
  const agent = welcome.value?.agent ?? null;
  return agents.value.find((each) => each.id === agent?.id) ?? agent;
});

export const agents: ReadonlySignal<readonly AgentView[]> = computed(() => {
  const { snapshot } = topic("agents").value;
  return snapshot?.kind === "agents" ? snapshot.agents : [];
});

/** Null until the server has said which conversations are mine. */
export const inbox: ReadonlySignal<readonly InboxItem[] | null> = computed(() => {
  const agent = welcome.value?.agent;
  const snapshot = agent && topic(`agent:${agent.id}`).value.snapshot;
  return snapshot?.kind === "inbox" ? snapshot.items : null;
});

export const desks: ReadonlySignal<readonly Desk[]> = computed(() =>
  (welcome.value?.desks ?? []).map((card) => {
    const { snapshot } = topic(card.topic).value;
    return { card, snapshot: snapshot?.kind === "desk" ? snapshot : null };
  }),
);

export function threadOf(conversation: number): ConversationSnapshot | null {
  const { snapshot } = topic(`conversation:${conversation}`).value;
  return snapshot?.kind === "conversation" ? snapshot : null;
}

export function contextOf(conversation: number): ContextSnapshot | null {
  const { snapshot } = topic(`conversation:${conversation}:staff`).value;
  return snapshot?.kind === "context" ? snapshot : null;
}

export function ticketOf(ticket: number): TicketSnapshot | null {
  const { snapshot } = topic(`ticket:${ticket}`).value;
  return snapshot?.kind === "ticket" ? snapshot : null;
}

/** Follow a conversation, in both its topics, until the returned function is called; several may want the same one. */
export function followConversation(conversation: number): () => void {
  return followTopics([`conversation:${conversation}`, `conversation:${conversation}:staff`]);
}

/** Follow these until the returned function is called; several may want the same one. */
export function followTopics(names: readonly string[]): () => void {
  for (const name of names) hold(name, 1);
  return () => {
    for (const name of names) hold(name, -1);
  };
}

function hold(name: string, change: 1 | -1): void {
  const wanted = (following.get(name) ?? 0) + change;
  following.set(name, wanted);
  if (change > 0) {
    if (topic(name).peek().lost) topic(name).value = NOTHING;
    client?.follow(name);
  } else if (wanted === 0) {
    client?.unfollow(name);
    topics.delete(name);
  }
}

/** Carried out once, under one ref, over any number of connections; resolves with the final answer. */
export function send(order: Order): Promise<Reply> {
  return dispatch({ ...order, ref: newId() });
}

/** Like `send`, for a command that has its ref from an earlier attempt, perhaps of an earlier page. */
export function dispatch(command: Command): Promise<Reply> {
  if (!client) throw new Error("Nothing is sent before the page is connected");
  return client.send(command);
}

export function tell(frame: Typing): void {
  client?.tell(frame);
}

export function start(listen: (frame: Frame) => void): void {
  const url = new URL("/ws/staff", location.href.replace(/^http/, "ws")).href;
  client = new Client({
    url,
    apply: applyEvent,
    hello: () => ({ ref: newId(), type: "hello" }),
    onStatus: (value) => (status.value = value),
    onTopic: (name) => refresh(name),
    onFrame: (frame) => {
      hear(frame);
      listen(frame);
    },
  });
  addEventListener("online", () => (network.value = true));
  addEventListener("offline", () => (network.value = false));
}

function refresh(name: string): void {
  const held = client?.topics.get(name);
  const known = topic(name);
  known.value = held ? { snapshot: held.snapshot, lost: false } : { snapshot: known.peek().snapshot, lost: true };
}

function hear(frame: Frame): void {
  if (frame.type === "staff_welcome") {
    welcome.value = frame;
    for (const name of frame.topics) client?.follow(name);
  } else if (frame.type === "heartbeat") {
    hearTime(frame.at);
  } else {
    hearEphemeral(frame);
  }
}
