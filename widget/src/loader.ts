/** The one script of a portal: `<script async src="…/widget.js" data-key="…">`, and the global `ChatServer`, which takes
 *  over the calls that its stub queued. It connects to where it was loaded from. */

import { ChatServerWidget } from "./element.ts";
import { WIDGET } from "./names.ts";
import type { EventName } from "./names.ts";

interface BootOptions {
  readonly key: string;
  readonly locale?: string | undefined;
  readonly position?: string | undefined;
  readonly color?: string | undefined;
  readonly theme?: string | undefined;
}

type Listener = (detail: unknown) => void;
type Call = readonly [method: string, ...args: unknown[]];

const script = document.currentScript as HTMLScriptElement;
const heard = new WeakMap<Listener, EventListener>();
let widget: ChatServerWidget | null = null;

const methods = {
  boot(options: BootOptions): void {
    if (widget) return;
    widget = document.createElement(WIDGET) as ChatServerWidget;
    widget.options = { ...options, locale: options.locale || document.documentElement.lang, server: script.src };
    document.body.append(widget);
  },
  /** Ends the visit on this browser: nothing of the visitor is left in its storage. */
  shutdown(): void {
    widget?.remove();
    widget?.forget();
    widget = null;
  },
  open: (): void => widget?.open(),
  close: (): void => widget?.close(),
  toggle: (): void => widget?.toggle(),
  /** Returns its undo. */
  on(name: EventName, listener: Listener): () => void {
    const hear = heard.get(listener) ?? ((event: Event) => listener((event as CustomEvent).detail));
    heard.set(listener, hear);
    addEventListener(`chatserver:${name}`, hear);
    return () => methods.off(name, listener);
  },
  off(name: EventName, listener: Listener): void {
    const hear = heard.get(listener);
    if (hear) removeEventListener(`chatserver:${name}`, hear);
  },
};

/** Callable as `ChatServer.open()` and, like the stub, as `ChatServer("open")`. */
function call(...[method, ...args]: Call): unknown {
  return (methods as Record<string, (...args: unknown[]) => unknown>)[method]?.(...args);
}

function start(): void {
  const page = window as { ChatServer?: unknown };
  const queued = (page.ChatServer as { q?: Call[] } | undefined)?.q ?? [];
  page.ChatServer = Object.assign(call, methods);
  const { key } = script.dataset;
  if (key) methods.boot({ ...script.dataset, key });
  for (const args of queued) call(...args);
}

if (!customElements.get(WIDGET)) {
  customElements.define(WIDGET, ChatServerWidget);
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
}
