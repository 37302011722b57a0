/** `<chatserver-widget>`: the launcher, and a place for the panel in its shadow root. Knows when the panel is there,
 *  not what it says. */

import { browserStorage, keep } from "./core/storage.ts";
import type { Keep } from "./core/storage.ts";
import { isEnglish, LIVE, PANEL } from "./names.ts";
import type { EventName } from "./names.ts";
import type { ChatServerPanel } from "./panel.ts";
import { launcherStyle } from "./style.ts";
import { isColor, textOn } from "./view/color.ts";
import { button, fill, h, icon, write } from "./view/dom.ts";
import { words } from "./words.ts";
import type { Words } from "./words.ts";

export interface WidgetOptions {
  /** The portal's public key. */
  readonly key: string;
  /** Where the server is: the address of widget.js. */
  readonly server: string;
  readonly locale: string;
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
  #words!: Words;
  #panel: Promise<ChatServerPanel> | null = null;
  #open = false;
  #unread = 0;
  #color = "";
  readonly #badge = h("span.badge", { ariaHidden: "true" });
  readonly #launcher = button("launcher", () => this.toggle());
  readonly #box = h("div", {}, this.#launcher);

  connectedCallback(): void {
    const { key, locale, position, color } = this.options;
    const prefix = `chatserver:${key}:`;
    this.#keep = keep(prefix);
    this.#tab = keep(prefix, browserStorage("sessionStorage"));
    this.#words = words(isEnglish(locale));
    if (position === "left") this.#box.className = position;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [launcherStyle()];
    root.append(this.#box);
    this.#paint(color ?? this.#keep.get(ACCENT));
    this.#dress();
    // Where it was open it is open again, except where it would cover the page.
    if (this.#tab.get(SHOWN) && !isSheet()) void this.#reveal(false);
    else if (this.#keep.get(LIVE)) void this.#fetch();
    this.#emit("ready", {});
  }

  open(): void {
    if (this.#open) return;
    void this.#reveal(true);
    this.#emit("open", {});
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#tab.remove(SHOWN);
    this.#dress();
    if (this.matches(":focus-within")) this.#launcher.focus();
    void this.#panel?.then((panel) => panel.conceal());
    this.#emit("close", {});
  }

  toggle(): void {
    if (this.#open) this.close();
    else this.open();
  }

  /** Forgets this visitor: the token, what was open, and what was not sent. */
  forget(): void {
    for (const name of this.#keep.names()) this.#keep.remove(name);
    this.#tab.remove(SHOWN);
  }

  async #reveal(asked: boolean): Promise<void> {
    this.#open = true;
    this.#tab.set(SHOWN, "1");
    this.#dress();
    const panel = await this.#fetch();
    if (this.#open) panel.reveal(asked, isSheet());
  }

  /** The panel; its code comes when it is first needed. */
  #fetch(): Promise<ChatServerPanel> {
    return (this.#panel ??= this.#make());
  }

  async #make(): Promise<ChatServerPanel> {
    const { key, server, locale, color } = this.options;
    await this.#load(new URL("widget-panel.js", server).href);
    const panel = document.createElement(PANEL) as ChatServerPanel;
    panel.begin({
      url: new URL(`ws/visitor/${key}`, server).href.replace(/^http/, "ws"),
      keep: this.#keep,
      locale,
      close: () => this.close(),
      paint: (accent) => this.#paint(color ?? accent),
      unread: (count) => this.#count(count),
      emit: (name, detail) => this.#emit(name, detail),
    });
    this.#box.prepend(panel);
    return panel;
  }

  async #load(address: string): Promise<void> {
    try {
      if (!customElements.get(PANEL)) await import(address);
    } catch (error) {
      [this.#panel, this.#open] = [null, false];
      this.#dress();
      this.#launcher.title = this.#launcher.ariaLabel = this.#words.failed;
      throw error;
    }
  }

  #count(count: number): void {
    if (count === this.#unread) return;
    this.#unread = count;
    this.#dress();
    this.#emit("unread", { count });
  }

  #dress(): void {
    const { open, close, unread } = this.#words;
    const count = `${this.#unread || ""}`;
    write(this.#badge, this.#open ? "" : count);
    this.#launcher.ariaLabel = this.#open ? close : count ? unread.replace("{count}", count) : open;
    this.#launcher.ariaExpanded = `${this.#open}`;
    fill(this.#launcher, icon(this.#open ? "down" : "chat"), this.#badge);
  }

  #paint(color: string | null): void {
    if (!isColor(color) || color === this.#color) return;
    this.#color = color;
    this.#keep.set(ACCENT, color);
    this.style.setProperty("--cs-accent", color);
    this.style.setProperty("--cs-on", textOn(color));
  }

  #emit(name: EventName, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`chatserver:${name}`, { detail, bubbles: true, composed: true }));
  }
}

const isSheet = (): boolean => matchMedia("(max-width:480px)").matches;
