/** Just enough of a browser for the connection: sockets that a test opens, answers and breaks, and a page's events. */

/** The part of node's mock timers that is used here; this file is also read by a compiler that does not know node. */
interface Timers {
  reset(): void;
  enable(options: { apis: ("setTimeout" | "Date")[]; now: number }): void;
}

export class FakeWebSocket {
  static made: FakeWebSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  readonly sent: Sent[] = [];
  readonly url: string;
  readonly protocol: string;

  constructor(url: string, protocol: string) {
    this.url = url;
    this.protocol = protocol;
    FakeWebSocket.made.push(this);
  }

  static get last(): FakeWebSocket {
    return FakeWebSocket.made.at(-1)!;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Sent);
  }

  close(): void {
    this.closed = true;
  }

  /** The server speaks. */
  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The connection opens and the server greets. */
  welcomes(): void {
    this.onopen?.();
    this.says({ type: "welcome", ref: this.sent[0]!.ref, epoch: "first" });
  }

  breaks(code = 1006): void {
    this.onclose?.({ code });
  }

  get types(): string[] {
    return this.sent.map(({ type }) => type);
  }
}

export type Sent = { readonly type: string; readonly ref: string } & Readonly<Record<string, unknown>>;

const newPage = () => Object.assign(new EventTarget(), { visibilityState: "visible" });

export let page = newPage();

/** A fresh browser whose clock only a test moves. The back-off's dice always show the most. */
export function freshBrowser(timers: Timers): void {
  FakeWebSocket.made = [];
  page = newPage();
  const window = new EventTarget();
  Object.assign(globalThis, {
    WebSocket: FakeWebSocket,
    document: page,
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
    dispatchEvent: window.dispatchEvent.bind(window),
  });
  Math.random = () => 1;
  timers.reset();
  timers.enable({ apis: ["setTimeout", "Date"], now: Date.UTC(2026, 10, 10, 16) });
}
