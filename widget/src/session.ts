/** The client's side of the talk, without a screen: what is connected, shown, unsent and refused. It reads the topics,
 *  says commands, and calls `changed` whenever a screen would look different. */

import { applyEvent } from "./core/apply.ts";
import type { Entry } from "./core/apply.ts";
import { Client } from "./core/client.ts";
import { newId } from "./core/ids.ts";
import type { Unsent } from "./core/outbox.ts";
import type { Frame, Status } from "./core/socket.ts";
import type { Keep } from "./core/storage.ts";
import type {
  CommandRefused,
  Contact,
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
import { texts } from "./locale.ts";
import { LIVE, RATED } from "./names.ts";
import type { EventName } from "./names.ts";
import { isLive, isTheirs, newsOf } from "./news.ts";
import type { Known } from "./news.ts";
import { Sending } from "./sending.ts";
import { Typing } from "./typing.ts";
import type { Unconfirmed } from "./view/rows.ts";

export interface SessionOptions {
  readonly url: string;
  readonly keep: Keep;
  readonly changed: () => void;
  readonly emit: (name: EventName, detail: unknown) => void;
  /** Words that came back: they go to the box they came from. */
  readonly returned: (body: string) => void;
}

const TOKEN = "token";

export class Session {
  portal?: PortalCard;
  visitor: VisitorView | null = null;
  /** The conversation on the screen; null is the form. */
  shown: number | null = null;
  queue: QueuePosition | null = null;
  offline = false;
  stopped = false;
  /** A form was sent and has no answer yet. */
  busy = false;
  refusal: CommandRefused | null = null;
  readonly #options: SessionOptions;
  readonly #client: Client;
  readonly #sending: Sending;
  readonly #typing: Typing;
  /** What came before a snapshot's entries, by conversation. */
  readonly #older = new Map<number, Pick<ConversationSnapshot, "entries" | "earlier">>();
  readonly #known = new Map<number, Known>();
  #visitorTopic = "";
  #newest = 0;
  #marked = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#sending = new Sending(
      options.keep,
      (command) => this.#client.send(command),
      (command, reply) => this.#settled(command, reply),
    );
    this.#typing = new Typing(
      (on) => this.#client.tell({ type: "typing", conversation: this.shown!, on }),
      options.changed,
    );
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

  get hasUnsent(): boolean {
    return this.#sending.waits;
  }

  /** The agent is writing. */
  get typing(): boolean {
    return this.#typing.agent;
  }

  get snapshot(): ConversationSnapshot | undefined {
    return this.#client.topics.get(topicOf(this.shown))?.snapshot as ConversationSnapshot | undefined;
  }

  get entries(): readonly Entry[] {
    return [...(this.#older.get(this.shown!)?.entries ?? []), ...(this.snapshot?.entries ?? [])];
  }

  get hasEarlier(): boolean {
    return (this.#older.get(this.shown!) ?? this.snapshot!).earlier;
  }

  /** The client's conversations, newest first. */
  get list(): readonly ConversationSummary[] {
    return (this.#client.topics.get(this.#visitorTopic)?.snapshot as VisitorSnapshot | undefined)?.conversations ?? [];
  }

  /** What was written in the shown conversation and is not in its thread yet. */
  get unconfirmed(): Unconfirmed[] {
    return this.#sending.in(this.shown);
  }

  get unread(): number {
    const from = Math.max(this.#marked, this.snapshot?.conversation.visitor_seen ?? 0);
    return this.snapshot?.entries.filter((entry) => isTheirs(entry) && entry.seq > from).length ?? 0;
  }

  begin(contact: Contact, body: string): void {
    this.busy = true;
    this.#submit({ ...ids(), type: "start_conversation", contact, body: body || null });
  }

  /** Leaves a message with the form's contact, or from the queue of the shown conversation. */
  leave(contact: Contact | null, body: string): void {
    this.busy = true;
    this.#submit({ ...ids(), type: "leave_message", contact, conversation: contact ? null : this.shown, body });
  }

  say(body: string): void {
    this.#typing.stop();
    this.#submit({ ...ids(), type: "send_message", conversation: this.shown!, body });
  }

  write(): void {
    this.#typing.write();
  }

  end(): void {
    void this.#client.send({ ref: newId(), type: "end_conversation", conversation: this.shown! });
  }

  /** How the client was helped, from 1 to 5; who has said so is asked no more. */
  rate(score: number): void {
    void this.#client.send({ ref: newId(), type: "rate_conversation", conversation: this.shown!, score, comment: "" });
    this.#options.keep.set(RATED, `${this.shown}`);
  }

  get rated(): boolean {
    return this.#options.keep.get(RATED) === `${this.shown}`;
  }

  /** Everything of the shown thread has been on a visible screen. */
  seen(): void {
    if (!this.unread || this.#client.status !== "open") return;
    this.#marked = this.snapshot!.entries.findLast(isTheirs)!.seq;
    void this.#client.ask({ ref: newId(), type: "mark_seen", conversation: this.shown!, seq: this.#marked });
    this.#options.changed();
  }

  async earlier(): Promise<void> {
    const conversation = this.shown!;
    const first = this.entries[0]!;
    const reply = await this.#client.ask({ ref: newId(), type: "get_earlier", conversation, before: first.seq });
    if (reply.type !== "earlier" || this.entries[0] !== first) return; // Asked twice, and already answered.
    const known = this.#older.get(conversation)?.entries ?? [];
    this.#older.set(conversation, { ...reply, entries: [...reply.entries, ...known] });
    this.#options.changed();
  }

  /** Shows a conversation, or the form for another one. */
  show(conversation: number | null): void {
    if (conversation !== this.shown) {
      this.#typing.stop();
      this.#marked = 0;
    }
    this.shown = conversation;
    this.refusal = null;
    if (conversation !== null) this.#client.follow(topicOf(conversation));
    this.#options.changed();
  }

  close(): void {
    this.#typing.close();
    this.#client.close();
  }

  #hello(): VisitorHello {
    return {
      ref: newId(),
      type: "hello",
      token: this.#options.keep.get(TOKEN),
      locale: texts.locale as "es-MX" | "en",
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      page: location.origin + location.pathname, // What follows ? and # may be private.
    };
  }

  #status(status: Status): void {
    this.stopped = status === "stopped" || status === "login";
    if (status === "waiting") this.offline = true;
    if (status === "open") {
      this.offline = false;
      this.#marked = 0;
      this.#sending.resume();
    }
    this.#options.changed();
  }

  #frame(frame: Frame): void {
    if (frame.type === "welcome") this.#welcome(frame);
    else if (frame.type === "queue_position") this.queue = frame;
    else if (frame.type === "availability_changed") this.portal = { ...this.portal!, availability: frame.availability };
    else if (frame.type === "typing_changed" && frame.by === "agent") this.#typing.heard(frame.on);
    else return;
    this.#options.changed();
  }

  #welcome({ token, portal, visitor, topic }: VisitorWelcome): void {
    this.#options.keep.set(TOKEN, token);
    if (this.visitor && visitor?.id !== this.visitor.id) this.show(null);
    [this.portal, this.visitor] = [portal, visitor];
    this.#follow(topic ?? "");
  }

  #follow(topic: string): void {
    if (this.#visitorTopic !== topic) this.#client.unfollow(this.#visitorTopic);
    this.#visitorTopic = topic;
    if (topic) this.#client.follow(topic);
  }

  #topic(topic: string): void {
    const state = this.#client.topics.get(topic)?.snapshot;
    if (state?.kind === "visitor") this.#listed(state);
    else if (state?.kind === "conversation") this.#news(state);
    else if (topic === topicOf(this.shown)) this.show(null);
    this.#options.changed();
  }

  /** A conversation that is new, here or in another tab, comes on the screen. */
  #listed({ visitor, conversations }: VisitorSnapshot): void {
    this.visitor = visitor;
    const newest = conversations[0]?.id ?? 0;
    if (newest > this.#newest) this.show((this.#newest = newest));
    if (conversations.some(isLive)) this.#options.keep.set(LIVE, "1");
    else this.#options.keep.remove(LIVE);
  }

  #news(snapshot: ConversationSnapshot): void {
    const { messages, ended } = newsOf(snapshot, this.#known);
    for (const entry of snapshot.entries) if (entry.kind === "message") this.#sending.arrived(entry.client_message_id);
    if (messages.length) this.#typing.heard(false);
    for (const message of messages) this.#options.emit("message:received", message);
    if (ended) this.#options.emit("conversation:ended", snapshot.conversation);
  }

  #submit(command: Unsent): void {
    this.refusal = null;
    this.#sending.submit(command);
    this.#options.changed();
  }

  #settled({ type, body }: Unsent, reply: Reply): void {
    if (type !== "send_message") this.busy = false;
    if (reply.type === "refused") {
      this.refusal = reply;
      if (body) this.#options.returned(body);
    } else if (reply.type === "conversation_started") this.#started(reply.conversation, reply.visitor);
    else if (reply.type === "ticket_opened") this.#opened(reply.conversation);
    this.#options.changed();
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
    this.#options.keep.set(LIVE, "1");
    this.show(conversation);
  }
}

const topicOf = (conversation: number | null): string => `conversation:${conversation}`;

const ids = () => ({ ref: newId(), client_message_id: newId() });
