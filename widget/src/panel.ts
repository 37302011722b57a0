/** What comes when the widget is first opened: joins the session and its sheet, inside the widget's shadow root. */

import type { Entry } from "./core/apply.ts";
import type { Keep } from "./core/storage.ts";
import { h, sheetOf, write } from "./kit.ts";
import type { EventName } from "./names.ts";
import { Session } from "./session.ts";
import { Sheet } from "./view/sheet.ts";
import STYLE from "./view/style.css";

/** The widget, as its panel sees it. */
export interface Host {
  readonly url: string;
  readonly keep: Keep;
  readonly close: () => void;
  readonly paint: (accent: string) => void;
  readonly unread: (count: number) => void;
  readonly emit: (name: EventName, detail: unknown) => void;
}

export class Panel {
  readonly style = sheetOf(STYLE);
  readonly #session: Session;
  readonly #sheet: Sheet;
  readonly #said = h("p.sr", { role: "status" });
  readonly #listening = new AbortController();
  readonly node: HTMLElement;
  #scheduled = false;

  /** Connects. */
  constructor(host: Host) {
    this.#session = new Session({
      ...host,
      changed: () => this.#schedule(host),
      emit: (name, detail) => {
        if (name === "message:received") this.#say(detail as Entry);
        host.emit(name, detail);
      },
      returned: (body) => this.#sheet.putBack(body),
    });
    this.#sheet = new Sheet(this.#session, host);
    this.node = h("div", this.#sheet.node, this.#said);
    const { signal } = this.#listening;
    document.addEventListener("visibilitychange", () => this.#sheet.look(), { signal });
    visualViewport?.addEventListener("resize", () => this.#sheet.fit(), { signal });
  }

  end(): void {
    this.#listening.abort();
    this.#session.close();
  }

  /** Opens; without being asked (a page that was left open) it leaves the focus where the page has it. */
  reveal(asked: boolean, modal: boolean): void {
    const { node } = this.#sheet;
    if (!asked) node.open = true;
    else if (modal) node.showModal();
    else node.show();
    this.#sheet.show();
    if (asked) this.#sheet.focus();
  }

  conceal(): void {
    this.#sheet.node.close();
  }

  /** However much changes at once, the screen is brought up to date once. */
  #schedule(host: Host): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.node.isConnected) return;
      const { portal } = this.#session;
      if (portal) host.paint(portal.accent);
      this.#sheet.show();
      host.unread(this.#session.unread); // Only now: what was just shown has been read.
    });
  }

  /** Reads a new message out, politely; the log itself is silent, so that history and one's own words are not read. */
  #say(entry: Entry): void {
    const region = this.#sheet.node.matches(":modal") ? this.#sheet.said : this.#said;
    if (entry.kind === "message") write(region, `${entry.sender.name}: ${entry.body}`);
  }
}
