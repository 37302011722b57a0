/** The box at the foot of a thread. It never loses a word: what is in it outlives the page, and what was refused comes back. */

import type { Keep } from "../core/storage.ts";
import { h, write } from "../kit.ts";
import { filled, texts } from "../locale.ts";
import { iconButton } from "./parts.ts";

const MOST = 4000;
/** With less room than this the client sees how much is left. */
const SHOWN = 400;
const DRAFT = "draft";
const UP = "M12 19V5m-6 6 6-6 6 6";

/** A phone: its keyboard covers what is on the screen, and has no Shift+Enter. */
export const isTouched = (): boolean => matchMedia("(pointer:coarse)").matches;

export class Composer {
  readonly box = h("textarea", { rows: 1, ariaLabel: texts.composer, placeholder: texts.composer });
  readonly #button = iconButton("send", UP, texts.send, () => this.#submit());
  readonly #count = h("p.count", { role: "status" });
  readonly node = h("div", h("div.row", this.box, this.#button), this.#count);
  readonly #keep: Keep;
  readonly #send: (body: string) => void;

  constructor(keep: Keep, send: (body: string) => void, typing: () => void) {
    this.#keep = keep;
    this.#send = send;
    this.box.oninput = () => {
      this.fit();
      typing();
    };
    this.box.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouched()) return;
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
    const { value, style } = this.box;
    const left = MOST - [...value.trim()].length;
    const over = left < 0;
    this.#keep.set(DRAFT, value);
    const text = texts[over ? "composer.over" : "composer.left"];
    write(this.#count, left < SHOWN ? filled(text, { count: Math.abs(left) }) : "");
    this.#count.classList.toggle("bad", over);
    this.#button.disabled = over || left === MOST;
    style.height = "0";
    style.height = `${this.box.scrollHeight + 2}px`; // And its two borders.
  }

  #submit(): void {
    const body = this.draft.trim();
    this.fit();
    if (this.#button.disabled) return;
    this.draft = "";
    this.box.focus();
    this.#send(body);
  }
}
