/** The box at the foot of a thread. It never loses a word: what is in it outlives the page, and what was refused comes back. */

import type { Keep } from "../core/storage.ts";
import { t } from "../locale.ts";
import { h, iconButton, write } from "./dom.ts";

const MOST = 4000;
/** With less room than this the client sees how much is left. */
const SHOWN = 400;
const DRAFT = "draft";

export class Composer {
  readonly node: HTMLElement;
  readonly box = h("textarea", { rows: 1, ariaLabel: t("composer"), placeholder: t("composer") });
  readonly #button = iconButton("send", "send", t("send"), () => this.#submit());
  readonly #count = h("p.count", { role: "status" });
  readonly #keep: Keep;
  readonly #send: (body: string) => void;

  constructor(keep: Keep, send: (body: string) => void, typing: () => void) {
    this.#keep = keep;
    this.#send = send;
    this.node = h("div", {}, h("div.row", {}, this.box, this.#button), this.#count);
    this.box.oninput = () => {
      this.fit();
      typing();
    };
    this.box.onkeydown = (event) => {
      // A phone's keyboard has no Shift+Enter: there Enter is a new line and the button sends.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer:coarse)").matches)
        return;
      event.preventDefault();
      this.#submit();
    };
    this.box.value = keep.get(DRAFT) ?? "";
  }

  get draft(): string {
    return this.box.value;
  }

  set draft(text: string) {
    this.box.value = text;
    this.fit();
  }

  /** Puts words back in front of what has been written since. */
  putBack(body: string): void {
    this.draft = body + (this.draft && `\n${this.draft}`);
  }

  /** Keeps what is written, counts it as the server does (characters, not halves of an emoji), and makes room for it. */
  fit(): void {
    const { box } = this;
    const left = MOST - [...box.value.trim()].length;
    this.#keep.set(DRAFT, box.value);
    write(this.#count, left < SHOWN ? t(left < 0 ? "composer.over" : "composer.left", { count: Math.abs(left) }) : "");
    this.#count.classList.toggle("bad", left < 0);
    this.#button.disabled = left < 0 || left === MOST;
    box.style.height = "0";
    box.style.height = `${box.scrollHeight + 2}px`; // And its two borders.
  }

  #submit(): void {
    const body = this.box.value.trim();
    this.fit();
    if (this.#button.disabled) return;
    this.draft = "";
    this.box.focus();
    this.#send(body);
  }
}
