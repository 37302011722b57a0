/** The client's side of the talk, without a screen: what is connected, shown, unsent and refused. It reads the topics,
 *  says commands, and calls `changed` whenever a screen would look different. */

import { applyEvent } from "./core/apply.ts";
import type { Entry } from "./core/apply.ts";
import { Client } from "./core/client.ts";
import { newId } from "./core/ids.ts";
import { Outbox } from "./core/outbox.ts";
import type { Held, Unsent } from "./core/outbox.ts";
import type { Frame, Status } from "./core/socket.ts";
import type { Keep } from "./core/storage.ts";
import type {
  CommandRefused,
  Contact,
  ConversationPublic,
  ConversationSnapshot,
  ConversationSummary,
  PortalCard,
  QueuePosition,
  Reply,
  VisitorHello,
  VisitorSnapshot,
  VisitorView,
  VisitorWelcome,
} from "./core/wire.ts";
import { currentLocale } from "./locale.ts";
import { LIVE } from "./names.ts";
import type { EventName } from "./names.ts";
import type { Unconfirmed } from "./view/rows.ts";

export interface SessionOptions {
  readonly url: string;
  readonly keep: Keep;
  readonly changed: () => void;
  readonly emit: (name: EventName, detail: unknown) => void;
  /** Words that came back: they go to the box they came from. */
  readonly returned: (body: string) => void;
}

type ConversationState = ConversationPublic["state"];

const OPEN: readonly ConversationState[] = ["queued", "offered", "active", "wrap_up"];
const ON_TICKET: readonly ConversationState[] = ["escalated", "missed", "offline"];

export const isOpen = ({ state }: { state: ConversationState }): boolean => OPEN.includes(state);

const TOKEN = "token";
const TYPING_SHOWN = 6000;
const TYPING_EVERY = 3000;

export class Session {
  portal: PortalCard | null = null;
  visitor: VisitorView | null = null;
  /** The conversation on the screen; null is the form. */
  shown: number | null = null;
  queue: QueuePosition | null = null;
  typing = false;
  offline = false;
  stopped = false;
  /** A form was sent and has no answer yet. */
  busy = false;
  refusal: CommandRefused | null = null;
  readonly #options: SessionOptions;
  readonly #outbox: Outbox;
  readonly #client: Client;
  readonly #unsent = new Map<string, Held>();
  readonly #stored = new Set<string>();
  readonly #older = new Map<number, { readonly entries: readonly Entry[]; readonly more: boolean }>();
  /** By conversation: the last seq whose news was told, and the state at that time. */
  readonly #told = new Map<number, { readonly head: number; readonly state: ConversationState }>();
  #visitorTopic = "";
  #newest = 0;
  #marked = 0;
  #typedAt = 0;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #stopTyping: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options.keep);
    this.#client = new Client({
      url: options.url,
      apply: applyEvent,
      hello: () => this.#hello(),
      onFrame: (frame) => this.#frame(frame),
      onStatus: (status) => this.#status(status),
      onTopic: (topic) => this.#topic(topic),
    });
  }

  /** Nothing can be said yet about what to show. */
  get loading(): boolean {
    const listed = !this.#visitorTopic || this.#client.topics.has(this.#visitorTopic);
    return !this.portal || (this.shown === null ? !listed : !this.snapshot);
  }

  /** Words of the client are waiting for the connection. */
  get hasUnsent(): boolean {
    return this.#unsent.size > this.#stored.size;
  }

  get snapshot(): ConversationSnapshot | null {
    return this.shown === null ? null : this.#conversation(this.shown);
  }

  get entries(): readonly Entry[] {
    const older = this.#older.get(this.shown ?? 0)?.entries ?? [];
    return [...older, ...(this.snapshot?.entries ?? [])];
  }

  get hasEarlier(): boolean {
    return this.#older.get(this.shown ?? 0)?.more ?? this.snapshot?.earlier ?? false;
  }

  /** The client's conversations, newest first. */
  get list(): readonly ConversationSummary[] {
    return (this.#client.topics.get(this.#visitorTopic)?.snapshot as VisitorSnapshot | undefined)?.conversations ?? [];
  }

  /** What was written in the shown conversation and is not in its thread yet. */
  get unconfirmed(): Unconfirmed[] {
    return [...this.#unsent.values()]
      .filter(({ command }) => "conversation" in command && command.conversation === this.shown)
      .map(({ command, at }) => ({
        id: command.client_message_id,
        body: command.body!,
        at: new Date(at).toISOString(),
        stored: this.#stored.has(command.client_message_id),
      }));
  }

  get unread(): number {
    const snapshot = this.snapshot;
    const seen = Math.max(this.#marked, snapshot?.conversation.visitor_seen ?? 0);
    return snapshot?.entries.filter((entry) => theirs(entry) && entry.seq > seen).length ?? 0;
  }

  begin(contact: Contact, body: string): void {
    this.#form({ ...ids(), type: "start_conversation", contact, body: body || null });
  }

  /** Leaves a message with the form's contact, or from the queue of the shown conversation. */
  leave(contact: Contact | null, body: string): void {
    this.#form({ ...ids(), type: "leave_message", contact, conversation: contact ? null : this.shown, body });
  }

  say(body: string): void {
    this.#quiet();
    this.#submit({ ...ids(), type: "send_message", conversation: this.shown!, body });
  }

  /** Tells that the client is writing: at most every 3 s, and that it stopped soon after. */
  write(): void {
    const now = Date.now();
    clearTimeout(this.#stopTyping);
    this.#stopTyping = setTimeout(() => this.#quiet(), TYPING_EVERY + 1000);
    if (now - this.#typedAt < TYPING_EVERY) return;
    this.#typedAt = now;
    this.#client.tell({ type: "typing", conversation: this.shown!, on: true });
  }

  end(): void {
    void this.#client.send({ ref: newId(), type: "end_conversation", conversation: this.shown! });
  }

  /** Everything of the shown thread has been on a visible screen. */
  seen(): void {
    const last = this.snapshot?.entries.findLast(theirs)?.seq ?? 0;
    if (!this.unread || this.#client.status !== "open") return;
    this.#marked = last;
    void this.#client.ask({ ref: newId(), type: "mark_seen", conversation: this.shown!, seq: last });
    this.#options.changed();
  }

  async earlier(): Promise<void> {
    const conversation = this.shown!;
    const entries = this.entries;
    const reply = await this.#client.ask({ ref: newId(), type: "get_earlier", conversation, before: entries[0]!.seq });
    if (reply.type !== "earlier" || this.entries[0] !== entries[0]) return; // Asked twice, and already answered.
    const known = this.#older.get(conversation)?.entries ?? [];
    this.#older.set(conversation, { entries: [...reply.entries, ...known], more: reply.earlier });
    this.#options.changed();
  }

  /** Shows a conversation, or the form for another one. */
  show(conversation: number | null): void {
    if (conversation !== this.shown) this.#marked = 0;
    this.shown = conversation;
    this.refusal = null;
    if (conversation !== null) this.#client.follow(topicOf(conversation));
    this.#options.changed();
  }

  close(): void {
    clearTimeout(this.#typingTimer);
    clearTimeout(this.#stopTyping);
    this.#client.close();
  }

  #hello(): VisitorHello {
    return {
      ref: newId(),
      type: "hello",
      token: this.#options.keep.get(TOKEN),
      locale: currentLocale(),
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      page: location.origin + location.pathname, // What follows ? and # may be private.
    };
  }

  #status(status: Status): void {
    this.stopped = status === "stopped" || status === "login";
    if (status === "open") this.offline = false;
    if (status === "waiting") this.offline = true;
    if (status === "open") {
      this.#marked = 0;
      for (const held of this.#outbox.list()) this.#dispatch(held);
    }
    this.#options.changed();
  }

  #frame(frame: Frame): void {
    if (frame.type === "welcome") this.#welcome(frame);
    else if (frame.type === "queue_position") this.queue = frame;
    else if (frame.type === "availability_changed") this.portal = { ...this.portal!, availability: frame.availability };
    else if (frame.type === "typing_changed" && frame.by === "agent") this.#agentTypes(frame.on);
    else return;
    this.#options.changed();
  }

  #welcome({ token, portal, visitor, topic }: VisitorWelcome): void {
    this.#options.keep.set(TOKEN, token);
    if (this.visitor && visitor?.id !== this.visitor.id) this.shown = null;
    [this.portal, this.visitor] = [portal, visitor];
    this.#follow(topic ?? "");
  }

  #follow(topic: string): void {
    if (this.#visitorTopic && this.#visitorTopic !== topic) this.#client.unfollow(this.#visitorTopic);
    this.#visitorTopic = topic;
    if (topic) this.#client.follow(topic);
  }

  #topic(topic: string): void {
    const state = this.#client.topics.get(topic)?.snapshot;
    if (state?.kind === "visitor") this.#listed(state);
    else if (state?.kind === "conversation") this.#news(state);
    else if (this.shown !== null && topic === topicOf(this.shown)) this.show(null);
    this.#options.changed();
  }

  /** A conversation that is new, here or in another tab, comes on the screen. */
  #listed({ visitor, conversations }: VisitorSnapshot): void {
    this.visitor = visitor;
    const newest = conversations[0];
    if (newest && newest.id > this.#newest) {
      this.#newest = newest.id;
      this.show(newest.id);
    }
    this.#live(conversations.some((each) => isOpen(each) || ON_TICKET.includes(each.state) || each.folio !== null));
  }

  #news({ conversation, entries }: ConversationSnapshot): void {
    const told = this.#told.get(conversation.id);
    const head = entries.at(-1)?.seq ?? 0;
    this.#told.set(conversation.id, { head, state: conversation.state });
    for (const entry of entries) if (entry.kind === "message") this.#arrived(entry.client_message_id);
    if (!told) return;
    for (const entry of entries) {
      if (theirs(entry) && entry.seq > told.head) this.#heard(entry);
    }
    if (isOpen(told) && !isOpen(conversation)) this.#options.emit("conversation:ended", conversation);
  }

  #heard(entry: Entry): void {
    this.typing = false;
    this.#options.emit("message:received", entry);
  }

  #arrived(id: string): void {
    this.#unsent.delete(id);
    this.#stored.delete(id);
    this.#outbox.remove(id);
  }

  #agentTypes(on: boolean): void {
    this.typing = on;
    clearTimeout(this.#typingTimer);
    if (on) this.#typingTimer = setTimeout(() => ((this.typing = false), this.#options.changed()), TYPING_SHOWN);
  }

  #quiet(): void {
    clearTimeout(this.#stopTyping);
    if (this.#typedAt) this.#client.tell({ type: "typing", conversation: this.shown!, on: false });
    this.#typedAt = 0;
  }

  #live(live: boolean): void {
    if (live) this.#options.keep.set(LIVE, "1");
    else this.#options.keep.remove(LIVE);
  }

  #form(command: Unsent): void {
    this.busy = true;
    this.#submit(command);
  }

  #submit(command: Unsent): void {
    const held = { command, at: Date.now() };
    this.refusal = null;
    this.#outbox.put(command, held.at);
    this.#dispatch(held);
    this.#options.changed();
  }

  /** Hands something unsent to the connection, once. */
  #dispatch(held: Held): void {
    const { command } = held;
    if (this.#unsent.has(command.client_message_id)) return;
    this.#unsent.set(command.client_message_id, held);
    void this.#client.send(command).then((reply) => this.#settled(command, reply));
  }

  #settled(command: Unsent, reply: Reply): void {
    const id = command.client_message_id;
    this.#outbox.remove(id);
    if (command.type !== "send_message") this.busy = false;
    if (reply.type === "message_stored") {
      if (this.#unsent.has(id)) this.#stored.add(id);
      return this.#options.changed();
    }
    this.#arrived(id);
    if (reply.type === "refused") this.#refused(command, reply);
    else if (reply.type === "conversation_started") this.#started(reply.conversation, reply.visitor);
    else if (reply.type === "ticket_opened") this.#opened(reply.conversation);
  }

  #started(conversation: number, visitor: VisitorView): void {
    this.visitor = visitor;
    this.queue = null;
    this.#follow(`visitor:${visitor.id}`);
    this.#opened(conversation);
    this.#options.emit("conversation:started", { conversation });
  }

  #opened(conversation: number): void {
    this.#newest = Math.max(this.#newest, conversation);
    this.#live(true);
    this.show(conversation);
  }

  #refused({ body }: Unsent, reply: CommandRefused): void {
    this.refusal = reply;
    if (body) this.#options.returned(body);
    this.#options.changed();
  }

  #conversation(id: number): ConversationSnapshot | null {
    return (this.#client.topics.get(topicOf(id))?.snapshot as ConversationSnapshot | undefined) ?? null;
  }
}

const topicOf = (conversation: number): string => `conversation:${conversation}`;

const theirs = (entry: Entry): boolean => entry.kind === "message" && entry.sender.kind !== "visitor";

const ids = () => ({ ref: newId(), client_message_id: newId() });
