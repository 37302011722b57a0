/** One connection and the topics followed over it: subscribes after every reconnect, and again wherever something is
 *  missing, so that whoever uses it sees only states that the server once had. */

import { newId } from "./ids.ts";
import { connect } from "./socket.ts";
import type { Command, Connection, Frame, SocketOptions, Status } from "./socket.ts";
import { behind, receiveEvent, receiveSubscribed, without } from "./store.ts";
import type { Apply, Outcome, Topics } from "./store.ts";
import type { Reply, Typing } from "./wire.ts";

export interface ClientOptions extends SocketOptions {
  readonly apply: Apply;
  /** A topic has a new state, or (when it is no longer in `topics`) has been lost. */
  readonly onTopic: (topic: string) => void;
}

export class Client {
  topics: Topics = new Map();
  readonly #options: ClientOptions;
  readonly #followed = new Set<string>();
  /** Subscriptions under way: one question a topic is enough. */
  readonly #asked = new Set<string>();
  readonly #connection: Connection;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#connection = connect({
      url: options.url,
      hello: options.hello,
      onFrame: (frame) => this.#receive(frame),
      onStatus: (status) => this.#changed(status),
    });
  }

  get status(): Status {
    return this.#connection.status;
  }

  send(command: Command): Promise<Reply> {
    return this.#connection.send(command);
  }

  ask(command: Command): Promise<Reply> {
    return this.#connection.ask(command);
  }

  tell(frame: Typing): void {
    this.#connection.tell(frame);
  }

  follow(topic: string): void {
    if (this.#followed.has(topic)) return;
    this.#followed.add(topic);
    this.#subscribe(topic);
  }

  unfollow(topic: string): void {
    if (!this.#forget(topic)) return;
    void this.ask({ ref: newId(), type: "unsubscribe", topic });
  }

  close(): void {
    this.#connection.close();
  }

  #changed(status: Status): void {
    this.#asked.clear();
    if (status === "open") for (const topic of this.#followed) this.#subscribe(topic);
    this.#options.onStatus(status);
  }

  #subscribe(topic: string): void {
    if (this.status !== "open" || !this.#followed.has(topic) || this.#asked.has(topic)) return;
    this.#asked.add(topic);
    const held = this.topics.get(topic);
    const cursor = held && { since: held.head, epoch: held.epoch };
    void this.ask({ ref: newId(), type: "subscribe", topic, ...cursor }).then((reply) => {
      if (reply.type === "refused") this.#lose(topic);
    });
  }

  #receive(frame: Frame): void {
    if (frame.type === "subscribed") {
      this.#asked.delete(frame.topic);
      if (this.#followed.has(frame.topic))
        this.#take(receiveSubscribed(this.topics, frame, this.#options.apply), frame.topic);
    } else if (frame.type === "heartbeat") {
      for (const topic of behind(this.topics, frame.heads)) this.#subscribe(topic);
    } else if (frame.type === "unsubscribed") {
      this.#lose(frame.topic);
    } else if ("topic" in frame && "seq" in frame) {
      this.#take(receiveEvent(this.topics, frame, this.#options.apply), frame.topic);
    }
    this.#options.onFrame(frame);
  }

  #take({ topics, ask }: Outcome, topic: string): void {
    const changed = topics.get(topic) !== this.topics.get(topic);
    this.topics = topics;
    for (const each of ask) this.#subscribe(each);
    if (changed) this.#options.onTopic(topic);
  }

  #lose(topic: string): void {
    if (this.#forget(topic)) this.#options.onTopic(topic);
  }

  #forget(topic: string): boolean {
    this.topics = without(this.topics, topic);
    this.#asked.delete(topic);
    return this.#followed.delete(topic);
  }
}
