/** `<chatserver-widget>`: the launcher, and a place for the panel in its shadow root. Knows when the panel is there,
 *  not what it says. */

import * as en from "../../chatserver/locales/en/widget.json";
import * as es from "../../chatserver/locales/es-MX/widget.json";
import { browserStorage, keep } from "./core/storage.ts";
import type { Keep } from "./core/storage.ts";
import { LIVE } from "./names.ts";
import type { EventName } from "./names.ts";
import type { Panel } from "./panel.ts";
import STYLE from "./style.css";
import { button, h, icon, write } from "./view/dom.ts";

export interface WidgetOptions {
  /** The portal's public key. */
  readonly key: string;
  /** Where the server is: the address of widget.js. */
  readonly server: string;
  readonly locale: string;
  readonly position?: string | undefined;
  readonly color?: string | undefined;
  /** `light`, `dark`, or `auto` for what the system prefers; without it, what the page says of itself. */
  readonly theme?: string | undefined;
}

/** In the tab's storage: the panel was open when the page was left. */
const SHOWN = "open";
const ACCENT = "accent";
const DOWN = "m6 9 6 6 6-6";
const CHAT = "M21 12a8 8 0 0 1-8 8H4l2-3.5A8 8 0 1 1 21 12Z";

/** The few words of the closed widget, named one by one, so that the other texts come with the panel. */
const ENGLISH = ["en", en.launcher, en.close, en["launcher.unread"], en.stopped] as const;
const SPANISH = ["es-MX", es.launcher, es.close, es["launcher.unread"], es.stopped] as const;

export class ChatServerWidget extends HTMLElement {
  static readonly kit = { button, DOWN, h, icon, sheetOf, write };
  options!: WidgetOptions;
  #keep!: Keep;
  #tab!: Keep;
  #words!: typeof ENGLISH | typeof SPANISH;
  #panel: Promise<Panel> | null = null;
  #open = false;
  #unread = 0;
  readonly #badge = h("span.badge", { ariaHidden: "true" });
  readonly #launcher = button("launcher", () => this.toggle());
  readonly #box = h("div", this.#launcher);

  connectedCallback(): void {
    const { key, locale, position, color, theme } = this.options;
    const prefix = `chatserver:${key}:`;
    this.#keep = keep(prefix);
    this.#tab = keep(prefix, browserStorage("sessionStorage"));
    this.#words = /^en/i.test(locale) ? ENGLISH : SPANISH; // Spanish is at home.
    this.#box.className = position ?? "";
    this.style.colorScheme = theme === "auto" ? "light dark" : (theme ?? "");
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheetOf(STYLE)];
    root.append(this.#box);
    this.#paint(color ?? this.#keep.get(ACCENT));
    this.#dress();
    // Where it was open it is open again, except where it would cover the page.
    if (this.#tab.get(SHOWN) && !isSheet()) void this.#reveal(false);
    else if (this.#keep.get(LIVE)) void this.#fetch();
    this.#emit("ready", {});
  }

  disconnectedCallback(): void {
    void this.#panel?.then((panel) => panel.end());
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
  #fetch(): Promise<Panel> {
    return (this.#panel ??= this.#make());
  }

  async #make(): Promise<Panel> {
    const { key, server, color } = this.options;
    const at = (path: string) => new URL(path, server).href;
    const module = await this.#load(at(`widget-panel.${this.#words[0]}.js`));
    const panel = new module.Panel({
      url: at(`ws/visitor/${key}`).replace(/^http/, "ws"),
      keep: this.#keep,
      close: () => this.close(),
      paint: (accent) => this.#paint(color ?? accent),
      unread: (count) => this.#count(count),
      emit: (name, detail) => this.#emit(name, detail),
    });
    this.shadowRoot!.adoptedStyleSheets.push(panel.style);
    this.#box.prepend(panel.node);
    return panel;
  }

  async #load(address: string): Promise<{ readonly Panel: typeof Panel }> {
    try {
      return (await import(address)) as { readonly Panel: typeof Panel };
    } catch (error) {
      [this.#panel, this.#open] = [null, false];
      this.#dress();
      this.#launcher.title = this.#launcher.ariaLabel = this.#words[4];
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
    const [, open, close, unread] = this.#words;
    const count = `${this.#unread || ""}`;
    write(this.#badge, this.#open ? "" : count);
    this.#launcher.ariaLabel = this.#open ? close : count ? unread.replace("{count}", count) : open;
    this.#launcher.ariaExpanded = `${this.#open}`;
    this.#launcher.replaceChildren(icon(this.#open ? DOWN : CHAT), this.#badge);
  }

  #paint(color: string | null): void {
    if (!color || !CSS.supports("color", color)) return;
    this.#keep.set(ACCENT, color);
    this.style.setProperty("--cs-accent", color);
  }

  #emit(name: EventName, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`chatserver:${name}`, { detail, bubbles: true, composed: true }));
  }
}

const isSheet = (): boolean => matchMedia("(max-width:480px)").matches;

/** A constructed sheet needs no permission from the page's style-src. */
function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
