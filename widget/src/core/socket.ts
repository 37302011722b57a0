/** The connection, and the only file that touches `WebSocket`: hello first, replies by ref, and back again after
 *  whatever happened, with every unanswered command sent once more under its own ref. */

import type {
  CommandRefused,
  DurableEvent,
  EphemeralEvent,
  Reply,
  StaffCommand,
  StaffHello,
  Typing,
  VisitorCommand,
  VisitorHello,
} from "./wire.ts";

export type Command = Exclude<VisitorCommand | StaffCommand, Typing>;
export type Frame = Reply | DurableEvent | EphemeralEvent;

/** `waiting`: for the next attempt. `stopped` and `login` are final: trying again would only fail again. */
export type Status = "connecting" | "open" | "waiting" | "stopped" | "login" | "closed";

export interface SocketOptions {
  readonly url: string;
  /** The first frame of every connection, made anew for each. */
  readonly hello: () => VisitorHello | StaffHello;
  /** Every frame, in order; a welcome comes before the status `open`. */
  readonly onFrame: (frame: Frame) => void;
  readonly onStatus: (status: Status) => void;
}

export interface Connection {
  readonly status: Status;
  /** Carried out once, whatever happens to the connection; resolves with the final reply (which may be a refusal). */
  send(command: Command): Promise<Reply>;
  /** Like `send`, but dies with this connection, as a subscription does; then the promise stays open. */
  ask(command: Command): Promise<Reply>;
  /** Said once, if anybody can hear it; unanswered. */
  tell(frame: Typing): void;
  close(): void;
}

const SUBPROTOCOL = "chatserver.v1";
/** Heartbeats come every 20 s: after 45 s of silence nobody is there. */
const QUIET = 45_000;
const WELCOME_WITHIN = 15_000;
const [FIRST_DELAY, LONGEST_DELAY] = [500, 15_000];
/** A connection that lived this long was a good one: the next back-off starts from the beginning. */
const SETTLED = 10_000;

/** The close codes after which the client does not come back by itself; the server's errors.py is their home. */
const FINAL: Readonly<Record<number, Status>> = {
  1009: "stopped",
  4000: "stopped",
  4001: "stopped",
  4003: "stopped",
  4010: "login",
  4011: "stopped",
};

interface Pending {
  readonly command: Command;
  readonly kept: boolean;
  readonly reply: Promise<Reply>;
  readonly settle: (reply: Reply) => void;
  sent: boolean;
}

export function connect(options: SocketOptions): Connection {
  return new Socket(options);
}

class Socket implements Connection {
  status: Status = "connecting";
  readonly #options: SocketOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #listening = new AbortController();
  #socket: WebSocket | null = null;
  #hello = "";
  #attempts = 0;
  #opened = Infinity;
  #heard = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    const { signal } = this.#listening;
    addEventListener("online", this.#wake, { signal });
    addEventListener("offline", this.#lost, { signal });
    document.addEventListener("visibilitychange", this.#wake, { signal });
    this.#connect();
  }

  send(command: Command): Promise<Reply> {
    return this.#queue(command, true);
  }

  ask(command: Command): Promise<Reply> {
    return this.#queue(command, false);
  }

  tell(frame: Typing): void {
    if (this.status === "open") this.#transmit(frame);
  }

  close(): void {
    this.#listening.abort();
    this.#end("closed");
  }

  #queue(command: Command, kept: boolean): Promise<Reply> {
    const known = this.#pending.get(command.ref);
    if (known) return known.reply;
    let settle!: (reply: Reply) => void;
    const reply = new Promise<Reply>((resolve) => (settle = resolve));
    if (!kept && this.status !== "open") return reply;
    const pending = { command, kept, reply, settle, sent: false };
    this.#pending.set(command.ref, pending);
    this.#deliver(pending);
    return reply;
  }

  #deliver(pending: Pending): void {
    if (this.status !== "open" || pending.sent) return;
    pending.sent = true;
    this.#transmit(pending.command);
  }

  #transmit(frame: Command | Typing): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #connect(): void {
    this.#drop();
    this.#set("connecting");
    const socket = new WebSocket(this.#options.url, SUBPROTOCOL);
    this.#socket = socket;
    socket.onopen = () => {
      const hello = this.#options.hello();
      this.#hello = hello.ref;
      this.#transmit(hello);
    };
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data as string) as Frame);
    socket.onclose = ({ code }) => (FINAL[code] ? this.#end(FINAL[code]) : this.#lost());
    this.#heard = Date.now();
    this.#timer = setTimeout(this.#lost, WELCOME_WITHIN);
  }

  #receive(frame: Frame): void {
    this.#heard = Date.now();
    if (this.status === "open") this.#watch();
    if ("ref" in frame) {
      if (frame.ref === this.#hello) return this.#welcomed(frame);
      this.#answered(frame);
    }
    this.#options.onFrame(frame);
    if (frame.type === "drain") this.#leave(frame.delay);
  }

  #welcomed(reply: Reply): void {
    this.#options.onFrame(reply);
    if (reply.type === "refused") {
      return reply.retry_after === null ? this.#end("stopped") : this.#retry(reply.retry_after * 1000);
    }
    this.#opened = this.#heard;
    this.#watch();
    this.#set("open");
    for (const pending of this.#pending.values()) this.#deliver(pending);
  }

  #answered(reply: Reply): void {
    const pending = this.#pending.get(reply.ref);
    if (!pending) return;
    if (reply.type === "refused" && reply.retry_after !== null) return this.#again(pending, reply);
    this.#pending.delete(reply.ref);
    pending.settle(reply);
  }

  #again(pending: Pending, { ref, retry_after }: CommandRefused): void {
    pending.sent = false;
    setTimeout(() => this.#pending.get(ref) === pending && this.#deliver(pending), retry_after! * 1000);
  }

  /** The server is about to restart and told when to come back: sooner than its close, and not everybody at once. */
  #leave(delay: number): void {
    const socket = this.#socket;
    setTimeout(() => socket === this.#socket && this.status === "open" && this.#connect(), delay * 1000);
  }

  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#lost, QUIET);
  }

  readonly #wake = (): void => {
    const silent = Date.now() - this.#heard > QUIET;
    if (document.visibilityState !== "hidden" && (this.status === "waiting" || (this.#socket && silent))) {
      this.#connect();
    }
  };

  readonly #lost = (): void => {
    if (!this.#socket) return;
    if (Date.now() - this.#opened > SETTLED) this.#attempts = 0;
    const longest = Math.min(LONGEST_DELAY, 2 * FIRST_DELAY * 2 ** this.#attempts++);
    this.#retry(FIRST_DELAY + Math.random() * (longest - FIRST_DELAY));
  };

  #retry(delay: number): void {
    this.#drop();
    this.#set("waiting");
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  #end(status: Status): void {
    this.#drop();
    this.#set(status);
  }

  /** Lets go of the connection; what was sent on it and has no answer must be sent again. */
  #drop(): void {
    clearTimeout(this.#timer);
    this.#opened = Infinity;
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    for (const [ref, pending] of this.#pending) {
      pending.sent = false;
      if (!pending.kept) this.#pending.delete(ref);
    }
  }

  #set(status: Status): void {
    if (this.status === status) return;
    this.status = status;
    this.#options.onStatus(status);
  }
}
