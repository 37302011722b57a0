/** `<chatserver-panel>`: what comes when the widget is first opened. Joins the session and its sheet, inside the
 *  widget's shadow root. */

import type { Entry } from "./core/apply.ts";
import type { Keep } from "./core/storage.ts";
import { setLocale } from "./locale.ts";
import { PANEL } from "./names.ts";
import type { EventName } from "./names.ts";
import { Session } from "./session.ts";
import { sheetOf } from "./style.ts";
import { h, write } from "./view/dom.ts";
import { Sheet } from "./view/sheet.ts";
import { PANEL_STYLE } from "./view/style.ts";

/** The widget, as its panel sees it. */
export interface Host {
  readonly url: string;
  readonly keep: Keep;
  readonly locale: string;
  readonly close: () => void;
  readonly paint: (accent: string) => void;
  readonly unread: (count: number) => void;
  readonly emit: (name: EventName, detail: unknown) => void;
}

export class ChatServerPanel extends HTMLElement {
  #host!: Host;
  #session!: Session;
  #sheet!: Sheet;
  #scheduled = false;
  readonly #said = h("p.sr", { role: "status" });

  /** Takes its place in the widget and connects. */
  begin(host: Host): void {
    setLocale(host.locale);
    this.#host = host;
    this.#session = new Session({
      ...host,
      changed: () => this.#schedule(),
      emit: (name, detail) => this.#emit(name, detail),
      returned: (body) => this.#sheet.putBack(body),
    });
    this.#sheet = new Sheet(this.#session, host.keep, host.close);
    this.append(this.#sheet.node, this.#said);
  }

  connectedCallback(): void {
    const root = this.getRootNode() as ShadowRoot;
    root.adoptedStyleSheets.push(sheetOf(PANEL_STYLE));
    document.addEventListener("visibilitychange", this.#look);
    visualViewport?.addEventListener("resize", this.#fit);
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#look);
    visualViewport?.removeEventListener("resize", this.#fit);
    this.#session.close();
  }

  /** Opens; without being asked (a page that was left open) it leaves the focus where the page has it. */
  reveal(asked: boolean, sheet: boolean): void {
    const { node } = this.#sheet;
    if (!asked) node.open = true;
    else if (sheet) node.showModal();
    else node.show();
    this.#sheet.show();
    if (asked) this.#sheet.focus();
  }

  conceal(): void {
    this.#sheet.node.close();
  }

  /** However much changes at once, the screen is brought up to date once. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.isConnected) this.#show();
    });
  }

  #show(): void {
    if (this.#session.portal) this.#host.paint(this.#session.portal.accent);
    this.#sheet.show();
    this.#host.unread(this.#session.unread); // Only now: what was just shown has been read.
  }

  readonly #look = (): void => this.#sheet.look();

  /** A phone's keyboard covers the page instead of shrinking it; the sheet keeps to what can be seen. */
  readonly #fit = (): void => this.#sheet.node.style.setProperty("--height", `${visualViewport!.height}px`);

  #emit(name: EventName, detail: unknown): void {
    if (name === "message:received") this.#say(detail as Entry);
    this.#host.emit(name, detail);
  }

  /** Reads a new message out, politely; the log itself is silent, so that history and one's own words are not read. */
  #say(entry: Entry): void {
    const region = this.#sheet.node.matches(":modal") ? this.#sheet.said : this.#said;
    if (entry.kind === "message") write(region, `${entry.sender.name}: ${entry.body}`);
  }
}

if (!customElements.get(PANEL)) customElements.define(PANEL, ChatServerPanel);
