/** The short form before a conversation, or for a message when nobody answers now. Never a wall: it says when we are back. */

import type { Session } from "../session.ts";
import { t, translated } from "../locale.ts";
import type { Text } from "../locale.ts";
import type { Composer } from "./composer.ts";
import { button, fill, h, link, write } from "./dom.ts";
import { city, day, when } from "./times.ts";

/** Letters of a company or a person, a date, and the three that the tax authority adds. Only ever a warning. */
const RFC = /^([A-ZÑ&]{3,4}\d{6}[A-Z\d]{3})?$/;

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export class Form {
  readonly node: HTMLFormElement;
  readonly #session: Session;
  readonly #hints = new Map<Input, HTMLElement>();
  readonly #lead = h("div");
  readonly #name: HTMLInputElement;
  readonly #email: HTMLInputElement;
  readonly #subject: HTMLSelectElement;
  readonly #rfc: HTMLInputElement;
  readonly #body = h("textarea", { name: "body", maxLength: 4000, rows: 4 });
  readonly #privacy = h("input", { name: "privacy", type: "checkbox", required: true });
  readonly #problem = h("p.hint", { role: "alert" });
  readonly #submit = h("button.main");
  readonly #wait = button("quiet", () => this.#insist(), t("form.wait"));
  readonly #message = this.#field(this.#body);
  /** Who is offered the message form because the wait is long may prefer to wait. */
  #insists = false;

  /** Was handed over: its words are the draft no more, unless they come back. */
  sent = false;

  constructor(session: Session, composer: Composer) {
    this.#session = session;
    const { topics, privacy_url: href, privacy_version: version } = session.portal!;
    const { name = "", email = "", rfc } = session.visitor ?? {};
    const notice = t("form.privacy.read", { version });
    this.#name = h("input", { name: "name", autocomplete: "name", maxLength: 200, required: true, value: name });
    this.#email = h("input", {
      name: "email",
      type: "email",
      autocomplete: "email",
      maxLength: 254,
      required: true,
      value: email,
    });
    this.#rfc = h("input", {
      name: "rfc",
      maxLength: 20,
      spellcheck: false,
      value: rfc ?? "",
      onchange: () => this.#checkRfc(),
    });
    this.#subject = h(
      "select",
      { name: "subject", required: true },
      h("option", { value: "" }, t("error.subject")),
      ...topics.map((value) => h("option", { value }, topicText(value))),
    );
    this.#body.value = composer.draft;
    this.node = h(
      "form.scroll",
      {
        noValidate: true,
        oninput: () => (composer.draft = this.#body.value),
        onsubmit: (event) => this.#submitted(event),
      },
      this.#lead,
      ...[this.#name, this.#email, this.#subject, this.#rfc].flatMap((input) => [
        this.#field(input),
        this.#hint(input),
      ]),
      this.#message,
      this.#hint(this.#body),
      h("label.check", {}, this.#privacy, h("span", {}, `${t("form.privacy")}: `, href ? link(href, notice) : notice)),
      this.#hint(this.#privacy),
      this.#problem,
      this.#submit,
      this.#wait,
      this.#past(),
    );
    this.#mark(this.#rfc, "");
    this.show();
  }

  focus(): void {
    ([this.#name, this.#email, this.#subject].find(({ value }) => !value) ?? this.#submit).focus();
  }

  putBack(body: string): void {
    this.sent = false;
    this.#body.value = body;
  }

  show(): void {
    const { busy, refusal } = this.#session;
    const message = (this.#body.required = this.#leaves);
    this.#message.hidden = !message && !this.#body.value;
    this.#wait.hidden = !message || !this.#availability.open;
    this.#submit.ariaDisabled = `${busy}`; // Not `disabled`, which would lose the focus.
    write(this.#submit, t(busy ? "state.sending" : message ? "send" : "form.send"));
    fill(this.#lead, ...this.#words());
    write(this.#problem, refusal ? refusalText(refusal.code) : "");
    for (const input of this.#hints.keys()) if (refusal?.field?.endsWith(input.name)) this.#mark(input);
  }

  get #availability() {
    return this.#session.portal!.availability;
  }

  get #leaves(): boolean {
    const { open, message_first } = this.#availability;
    return !open || (message_first && !this.#insists) || this.#session.refusal?.code === "closed";
  }

  #insist(): void {
    this.#insists = true;
    this.show();
  }

  #words(): Node[] {
    const { open, reopens_at: back, zone } = this.#availability;
    const title = h("h3.lead", {}, t(open ? (this.#leaves ? "form.first" : "form.start") : "form.closed"));
    if (!this.#leaves) return [title];
    if (open || !back) return [title, h("p", {}, t("form.leave"))];
    const [theirs, own] = [when(back, zone), when(back)];
    return [
      title,
      h(
        "p",
        {},
        t("form.back", { when: theirs, city: city(zone) }),
        theirs === own ? "" : t("form.back.own", { when: own }),
      ),
      h("p", {}, t("form.leave")),
    ];
  }

  #field(input: Input): HTMLElement {
    return h("label.field", {}, h("span", {}, t(`form.${input.name}` as Text)), input);
  }

  #hint(input: Input): HTMLElement {
    const hint = h("span.hint", { id: `hint-${input.name}`, role: "status" });
    this.#hints.set(input, hint);
    input.setAttribute("aria-describedby", hint.id);
    input.oninput = () => this.#mark(input, "");
    return hint;
  }

  #mark(input: Input, text = t(`error.${input.name}` as Text)): void {
    // The line of the RFC is always there: a warning that came on leaving the field would move what is being clicked.
    write(this.#hints.get(input)!, text || (input === this.#rfc ? t("form.rfc.hint") : ""));
    input.ariaInvalid = `${!!text}`;
  }

  #checkRfc(): void {
    const rfc = (this.#rfc.value = this.#rfc.value.replace(/[\s-]/g, "").toUpperCase());
    this.#mark(this.#rfc, RFC.test(rfc) ? "" : t("error.rfc"));
  }

  #past(): HTMLElement | null {
    const { list } = this.#session;
    const rows = list.map(({ id, subject, opened_at, folio }) =>
      button(
        "",
        () => this.#session.show(id),
        topicText(subject),
        h("small", {}, day(opened_at), folio && ` · ${folio}`),
      ),
    );
    return list.length ? h("section.past", {}, h("b", {}, t("list")), ...rows) : null;
  }

  #submitted(event: Event): void {
    event.preventDefault();
    if (this.#session.busy) return;
    const wrong = [...this.#hints.keys()].filter(
      (input) => !input.validity.valid || (input.required && !input.value.trim()),
    );
    for (const input of wrong) this.#mark(input);
    if (wrong[0]) return wrong[0].focus();
    const contact = {
      name: this.#name.value.trim(),
      email: this.#email.value,
      subject: this.#subject.value,
      rfc: this.#rfc.value || null,
      privacy_version: this.#session.portal!.privacy_version,
    };
    this.sent = true;
    this.#session[this.#leaves ? "leave" : "begin"](contact, this.#body.value.trim());
  }
}

/** A portal names its topics by keys of ours or in plain words. */
const topicText = (topic: string): string => translated(`topic.${topic}`) ?? topic;

export const refusalText = (code: string): string => translated(`refused.${code}`) ?? t("refused");
