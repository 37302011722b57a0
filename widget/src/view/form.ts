/** The short form before a conversation, or for a message when nobody answers now. Never a wall: it says when we are back. */

import { button, h, write } from "../kit.ts";
import { filled, textOf, texts } from "../locale.ts";
import type { Session } from "../session.ts";
import type { Composer } from "./composer.ts";
import { link } from "./parts.ts";
import { city, day, when } from "./times.ts";

/** Letters of a company or a person, a date, and the three that the tax authority adds. Only ever a warning. */
const RFC = /^([A-ZÑ&]{3,4}\d{6}[A-Z\d]{3})?$/;

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export class Form {
  readonly node: HTMLFormElement;
  readonly #session: Session;
  readonly #marks = new Map<Input, (bad: boolean) => void>();
  readonly #lead = h("div");
  readonly #rfc = h("input", { name: "rfc", maxLength: 20, spellcheck: false, onchange: () => this.#checkRfc() });
  readonly #body = h("textarea", { name: "body", maxLength: 4000, rows: 4 });
  readonly #message = h("label.field", h("span", texts["form.body"]), this.#body);
  readonly #problem = h("p.hint", { role: "alert" });
  readonly #submit = h("button.main");
  /** Who is offered the message form because the wait is long may prefer to wait. */
  #insists = false;
  readonly #wait = button(
    "quiet",
    () => {
      this.#insists = true;
      this.show();
    },
    texts["form.wait"],
  );

  /** Was handed over: its words are the draft no more, unless they come back. */
  sent = false;

  constructor(session: Session, composer: Composer) {
    this.#session = session;
    this.#rfc.value = session.visitor?.rfc ?? "";
    this.#body.value = composer.draft;
    this.node = h(
      "form.scroll",
      {
        noValidate: true,
        oninput: () => (composer.draft = this.#body.value),
        onsubmit: (event) => this.#submitted(event),
      },
      this.#lead,
      ...this.#contact(),
      this.#message,
      this.#hint(this.#body, texts["error.body"]),
      ...this.#privacy(),
      this.#problem,
      this.#submit,
      this.#wait,
      this.#past(),
    );
    this.show();
  }

  focus(): void {
    ([...this.#marks.keys()].slice(0, 3).find(({ value }) => !value) ?? this.#submit).focus();
  }

  putBack(body: string): void {
    this.sent = false;
    this.#body.value = body;
  }

  show(): void {
    const { busy, refusal, portal } = this.#session;
    const message = (this.#body.required = this.#leaves);
    this.#message.hidden = !message && !this.#body.value;
    this.#wait.hidden = !message || !portal!.availability.open;
    this.#submit.ariaDisabled = `${busy}`; // Not `disabled`, which would lose the focus.
    write(this.#submit, busy ? texts["state.sending"] : message ? texts.send : texts["form.send"]);
    this.#lead.replaceChildren(...this.#words());
    write(this.#problem, refusal ? refusalText(refusal.code) : "");
    for (const [{ name }, mark] of this.#marks) if (refusal?.field?.endsWith(name)) mark(true);
  }

  get #leaves(): boolean {
    const { portal, refusal } = this.#session;
    const { open, message_first } = portal!.availability;
    return !open || (message_first && !this.#insists) || refusal?.code === "closed";
  }

  #words(): Node[] {
    const { open, reopens_at: back, zone } = this.#session.portal!.availability;
    const leaves = this.#leaves;
    const title = h("h3.lead", texts[open ? (leaves ? "form.first" : "form.start") : "form.closed"]);
    if (!leaves) return [title];
    const words = [title, h("p", texts["form.leave"])];
    if (open || !back) return words;
    const [theirs, own] = [when(back, zone), when(back)];
    const promise = filled(texts["form.back"], { when: theirs, city: city(zone) });
    words.splice(1, 0, h("p", promise, theirs !== own && filled(texts["form.back.own"], { when: own })));
    return words;
  }

  #contact(): HTMLElement[] {
    const { name = "", email = "" } = this.#session.visitor ?? {};
    const required = true;
    const topics = ["", ...this.#session.portal!.topics];
    const fields = [
      [
        texts["form.name"],
        texts["error.name"],
        h("input", { name: "name", autocomplete: "name", maxLength: 200, required, value: name }),
      ],
      [
        texts["form.email"],
        texts["error.email"],
        h("input", { name: "email", type: "email", autocomplete: "email", maxLength: 254, required, value: email }),
      ],
      [
        texts["form.subject"],
        texts["error.subject"],
        h(
          "select",
          { name: "subject", required },
          ...topics.map((value) => h("option", { value }, value || texts["error.subject"])),
        ),
      ],
      // Known from the start: a warning that came on leaving the field would move what is being clicked.
      [texts["form.rfc"], texts["error.rfc"], this.#rfc, texts["form.rfc.hint"]],
    ] as const;
    return fields.flatMap(([label, wrong, input, known]) => [
      h("label.field", h("span", label), input),
      this.#hint(input, wrong, known),
    ]);
  }

  #privacy(): HTMLElement[] {
    const { privacy_url: href, privacy_version: version } = this.#session.portal!;
    const notice = filled(texts["form.privacy.read"], { version });
    const box = h("input", { name: "privacy", type: "checkbox", required: true });
    const words = h("span", `${texts["form.privacy"]}: `, href ? link(href, notice) : notice);
    return [h("label.check", box, words), this.#hint(box, texts["error.privacy"])];
  }

  /** The line under an input: what is good to know, or what is wrong. */
  #hint(input: Input, wrong: string, known = ""): HTMLElement {
    const hint = h("span.hint", { id: `hint-${input.name}`, role: "status" });
    const mark = (bad: boolean): void => {
      write(hint, bad ? wrong : known);
      input.ariaInvalid = `${bad}`;
    };
    this.#marks.set(input, mark);
    input.setAttribute("aria-describedby", hint.id);
    input.oninput = () => mark(false);
    mark(false);
    return hint;
  }

  #checkRfc(): void {
    const rfc = (this.#rfc.value = this.#rfc.value.replace(/[\s-]/g, "").toUpperCase());
    this.#marks.get(this.#rfc)!(!RFC.test(rfc));
  }

  #past(): HTMLElement | false {
    const rows = this.#session.list.map(({ id, subject, opened_at, folio }) =>
      button(
        "",
        () => this.#session.show(id),
        subject,
        h("small", day(opened_at), folio && ` · ${folio}`),
      ),
    );
    return !!rows[0] && h("section.past", h("b", texts.list), ...rows);
  }

  #submitted(event: Event): void {
    event.preventDefault();
    const { busy, portal } = this.#session;
    if (busy) return;
    const wrong = [...this.#marks.keys()].filter(
      (input) => !input.validity.valid || (input.required && !input.value.trim()),
    );
    for (const input of wrong) this.#marks.get(input)!(true);
    if (wrong[0]) return wrong[0].focus();
    const { name, email, subject, rfc, body } = Object.fromEntries(new FormData(this.node)) as Record<string, string>;
    const { privacy_version } = portal!;
    const contact = { name: name!.trim(), email: email!, subject: subject!, rfc: rfc || null, privacy_version };
    this.sent = true;
    this.#session[this.#leaves ? "leave" : "begin"](contact, body!.trim());
  }
}

export const refusalText = (code: string): string => textOf(`refused.${code}`) ?? texts.refused;
