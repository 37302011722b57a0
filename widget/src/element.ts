/** `<chatserver-widget>`: the launcher and the panel in a shadow root. Owns when they are there, not what they say. */

import type { Entry } from "./core/apply.ts";
import { browserStorage, keep } from "./core/storage.ts";
import type { Keep } from "./core/storage.ts";
import { t } from "./locale.ts";
import { LIVE, Session } from "./session.ts";
import type { EventName } from "./session.ts";
import { isColor, textOn } from "./view/color.ts";
import { button, fill, h, icon, write } from "./view/dom.ts";
import { Panel } from "./view/panel.ts";
import { styleSheet } from "./view/style.ts";

export interface WidgetOptions {
  /** The portal's public key. */
  readonly key: string;
  /** Where the server is: the address of widget.js. */
  readonly server: string;
  readonly position?: string | undefined;
  readonly color?: string | undefined;
}

/** In the tab's storage: the panel was open when the page was left. */
const SHOWN = "open";
const ACCENT = "accent";

export class ChatServerWidget extends HTMLElement {
  options!: WidgetOptions;
  #keep!: Keep;
  #tab!: Keep;
  #session: Session | null = null;
  #panel: Panel | null = null;
  #unread = 0;
  #color = "";
  #scheduled = false;
  readonly #badge = h("span.badge", { ariaHidden: "true" });
  readonly #launcher = button("launcher", () => this.toggle());
  readonly #said = h("p.sr", { role: "status" });
  readonly #box = h("div", {}, this.#launcher, this.#said);

  connectedCallback(): void {
    const { key, position, color } = this.options;
    const prefix = `chatserver:${key}:`;
    this.#keep = keep(prefix);
    this.#tab = keep(prefix, browserStorage("sessionStorage"));
    if (position === "left") this.#box.className = position;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styleSheet()];
    root.append(this.#box);
    this.#paint(color ?? this.#keep.get(ACCENT));
    this.#dress();
    document.addEventListener("visibilitychange", this.#look);
    if (this.#keep.get(LIVE)) this.#connect();
    // Where it was open it is open again, except where it would cover the page.
    if (this.#tab.get(SHOWN) && !isSheet()) this.#reveal(false);
    this.#emit("ready", {});
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#look);
    this.#session?.close();
  }

  open(): void {
    if (this.#isOpen) return;
    this.#reveal(true);
    this.#panel!.focus();
    this.#emit("open", {});
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#panel!.node.close();
    this.#tab.remove(SHOWN);
    this.#dress();
    this.#launcher.focus();
    this.#emit("close", {});
  }

  toggle(): void {
    if (this.#isOpen) this.close();
    else this.open();
  }

  /** Forgets this visitor: the token, what was open, and what was not sent. */
  forget(): void {
    for (const name of this.#keep.names()) this.#keep.remove(name);
    this.#tab.remove(SHOWN);
  }

  get #isOpen(): boolean {
    return !!this.#panel?.node.open;
  }

  #connect(): Session {
    const { key, server } = this.options;
    return (this.#session ??= new Session({
      url: new URL(`ws/visitor/${key}`, server).href.replace(/^http/, "ws"),
      keep: this.#keep,
      changed: () => this.#schedule(),
      emit: (name, detail) => this.#emit(name, detail),
      returned: (body) => this.#build().putBack(body),
    }));
  }

  #build(): Panel {
    if (this.#panel) return this.#panel;
    const panel = (this.#panel = new Panel(this.#connect(), this.#keep, () => this.close()));
    panel.node.onkeydown = (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
    };
    panel.node.oncancel = (event) => event.preventDefault(); // Escape was heard above.
    this.#box.prepend(panel.node);
    // A phone's keyboard covers the page instead of shrinking it; the sheet keeps to what can be seen.
    visualViewport?.addEventListener("resize", () => this.style.setProperty("--cs-height", `${visualViewport!.height}px`));
    return panel;
  }

  #reveal(asked: boolean): void {
    const panel = this.#build();
    if (!asked) panel.node.open = true; // Unlike show(), this leaves the focus where the page has it.
    else if (isSheet()) panel.node.showModal();
    else panel.node.show();
    this.#tab.set(SHOWN, "1");
    this.#dress();
    panel.show();
  }

  /** However much changes at once, the screen is brought up to date once. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#show(this.#session!);
    });
  }

  #show(session: Session): void {
    if (!this.isConnected) return;
    this.#paint(this.options.color ?? session.portal?.accent);
    this.#panel?.show();
    const { unread } = session; // Only now: what was just shown has been read.
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#dress();
    this.#emit("unread", { count: unread });
  }

  #dress(): void {
    const [open, count] = [this.#isOpen, this.#unread];
    write(this.#badge, open || !count ? "" : `${count}`);
    this.#launcher.ariaLabel = t(open ? "close" : count ? "launcher.unread" : "launcher", { count });
    this.#launcher.ariaExpanded = `${open}`;
    fill(this.#launcher, icon(open ? "down" : "chat"), this.#badge);
  }

  #paint(color: string | null | undefined): void {
    if (!isColor(color) || color === this.#color) return;
    this.#color = color;
    this.#keep.set(ACCENT, color);
    this.style.setProperty("--cs-accent", color);
    this.style.setProperty("--cs-on", textOn(color));
  }

  readonly #look = (): void => this.#panel?.look();

  #emit(name: EventName, detail: unknown): void {
    if (name === "message:received") this.#say(detail as Entry);
    this.dispatchEvent(new CustomEvent(`chatserver:${name}`, { detail, bubbles: true, composed: true }));
  }

  /** Reads a new message out, politely; the log itself is silent, so that history and one's own words are not read. */
  #say(entry: Entry): void {
    if (entry.kind === "message") write(this.#said, `${entry.sender.name}: ${entry.body}`);
  }
}

const isSheet = (): boolean => matchMedia("(max-width:480px)").matches;
