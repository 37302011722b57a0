/** What the panel shows: its head, and under it the form, the thread or the shape of what comes. Reads the session, emits its verbs. */

import { button, DOWN, h, write } from "../kit.ts";
import { filled, texts } from "../locale.ts";
import { isOpen } from "../news.ts";
import type { Host } from "../panel.ts";
import type { Session } from "../session.ts";
import { cardFor, cardView } from "./card.ts";
import type { Act, Card, Step } from "./card.ts";
import { Composer, isTouched } from "./composer.ts";
import { Form, refusalText } from "./form.ts";
import { iconButton, rowsOf } from "./parts.ts";
import { threadRows } from "./rows.ts";
import type { Row } from "./rows.ts";
import { rowView } from "./thread.ts";

/** Closer to the end than this is at the end. */
const NEAR = 40;
const LEFT = "m15 6-6 6 6 6";

export class Sheet {
  readonly node: HTMLDialogElement;
  /** For who listens while the sheet is modal: then whatever is outside it is silent. */
  readonly said = h("p.sr", { role: "status" });
  readonly #session: Session;
  readonly #composer: Composer;
  readonly #face = h("span.face", { ariaHidden: "true" });
  readonly #title = h("h2");
  readonly #sub = h("p");
  readonly #back = iconButton("icon", LEFT, texts.back, () => this.#session.show(this.#session.list[0]!.id));
  readonly #end = button("quiet", () => this.#step("end"), texts.end);
  readonly #bar = h("p.bar", { role: "status" });
  readonly #body = h("div.body");
  readonly #cardBox = h("div", { role: "status" });
  readonly #showCards = rowsOf<Card>(this.#cardBox, (card) => cardView(card, (act) => this.#act(act)));
  readonly #log = h("div.log", { role: "log", ariaLive: "off", ariaLabel: texts.log });
  readonly #showRows = rowsOf<Row>(this.#log, (row) => rowView(row, this.#session.portal!.availability.zone));
  readonly #earlier = button("quiet", () => void this.#session.earlier(), texts.earlier);
  readonly #news = button("news", () => this.#toEnd(), texts.news);
  readonly #scroll = h(
    "div.scroll",
    { tabIndex: 0, onscroll: () => this.#scrolled() },
    this.#earlier,
    this.#log,
    this.#news,
  );
  readonly #typing = h("p.typing");
  readonly #note = h("p", { role: "alert" });
  readonly #another = button("", () => this.#session.show(null), texts.another);
  readonly #foot: HTMLElement;
  #form: Form | null = null;
  #screen = "";
  #doing: Step = "talk";
  #shown: number | null = null;
  /** The end of the thread is in sight, and stays so whatever grows or shrinks. */
  #atEnd = true;

  constructor(session: Session, { keep, close }: Host) {
    this.#session = session;
    this.#composer = new Composer(
      keep,
      (body) => this.#send(body),
      () => session.write(),
    );
    this.#foot = h("div.foot", this.#note, this.#another, this.#composer.node);
    this.node = h(
      "dialog",
      {
        ariaLabel: texts.title,
        tabIndex: -1,
        // A handler that returned `false` would cancel the key.
        onkeydown: ({ key, isComposing }) => void (key === "Escape" && !isComposing && close()),
        oncancel: (event) => event.preventDefault(), // Escape was heard above.
      },
      h(
        "header",
        { role: "presentation" }, // The page has a banner of its own.
        this.#back,
        this.#face,
        h("div.who", { role: "status" }, this.#title, this.#sub),
        this.#end,
        iconButton("icon", DOWN, texts.close, close),
      ),
      this.#bar,
      this.#body,
      this.said,
    );
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(this.#scroll);
  }

  /** Puts refused words back where the client can see them. */
  putBack(body: string): void {
    (this.#form ?? this.#composer).putBack(body);
  }

  focus(): void {
    const { box } = this.#composer;
    // A phone's keyboard would cover what was opened to be read.
    if (isTouched()) this.node.focus();
    else if (this.#form) this.#form.focus();
    else (box.checkVisibility() ? box : this.node).focus();
  }

  /** A phone's keyboard covers the page instead of shrinking it; the sheet keeps to what can be seen. */
  fit(): void {
    this.node.style.setProperty("--height", `${visualViewport!.height}px`);
  }

  show(): void {
    const { loading, shown, stopped, offline, hasUnsent } = this.#session;
    const screen = loading ? "wait" : shown === null ? "form" : "thread";
    write(this.#bar, stopped ? texts.stopped : offline ? texts[hasUnsent ? "offline.unsent" : "offline"] : "");
    this.#head();
    if (screen !== this.#screen) this.#change(screen);
    else this.#form?.show();
    if (screen === "thread") this.#thread();
  }

  /** Looks whether the end of the thread is on the screen, and says so. */
  look(): void {
    if (this.#screen !== "thread" || !this.node.open || document.hidden) return;
    if (this.#atEnd) this.#session.seen();
    this.#news.hidden = !this.#session.unread;
  }

  #change(screen: string): void {
    const focused = this.node.matches(":focus-within");
    this.#screen = screen;
    if (this.#form?.sent) this.#composer.draft = "";
    this.#form = screen === "form" ? new Form(this.#session, this.#composer) : null;
    if (this.#form) this.#body.replaceChildren(this.#form.node);
    else if (screen === "thread") this.#body.replaceChildren(this.#cardBox, this.#scroll, this.#typing, this.#foot);
    else this.#body.replaceChildren(h("div.scroll wait", { ariaBusy: "true" }, h("i"), h("i"), h("i")));
    if (focused) this.focus();
  }

  #head(): void {
    const { portal, snapshot, shown, list } = this.#session;
    const conversation = snapshot?.conversation;
    const open = !!conversation && isOpen(conversation);
    const name = (open && conversation.agent) || (portal?.name ?? texts.title);
    write(this.#title, name);
    write(this.#face, initials(name));
    write(this.#sub, this.#standing());
    this.#back.hidden = !list[0] || shown === list[0].id;
    this.#end.hidden = !open || conversation.state === "wrap_up";
  }

  #standing(): string {
    const { portal, snapshot } = this.#session;
    if (!snapshot) return portal ? texts[portal.availability.open ? "head.open" : "head.closed"] : "";
    const { ticket, state } = snapshot.conversation;
    if (ticket) return `${texts.ticket} ${ticket.folio}`;
    if (!isOpen(snapshot.conversation)) return texts["change.closed"];
    return texts[state === "queued" ? "head.queued" : state === "offered" ? "head.offered" : "head.active"];
  }

  #thread(): void {
    const session = this.#session;
    const { conversation } = session.snapshot!;
    const { id, state, agent, ticket } = conversation;
    if (this.#shown !== id || (this.#doing === "leave" && state !== "queued")) this.#doing = "talk";
    const stay = this.#shown === id && !this.#atEnd;
    this.#shown = id;
    const card = cardFor(session, this.#doing);
    this.#showCards(card ? [card] : []);
    this.#earlier.hidden = !session.hasEarlier;
    this.#showRows(threadRows(conversation, session.entries, session.unconfirmed));
    const open = isOpen(conversation);
    write(this.#typing, open && session.typing && agent ? filled(texts.typing, { name: agent }) : "");
    this.#footer(open, !!ticket);
    if (stay) this.look();
    else this.#toEnd();
  }

  /** What ended without a ticket is only read; what has one goes on. */
  #footer(open: boolean, ticket: boolean): void {
    const { refusal } = this.#session;
    write(this.#note, refusal ? refusalText(refusal.code) : "");
    this.#another.hidden = open;
    this.#another.className = ticket ? "quiet" : "main";
    this.#composer.node.hidden = !open && !ticket;
    this.#composer.fit();
  }

  #send(body: string): void {
    if (this.#doing === "leave") this.#session.leave(null, body);
    else this.#session.say(body);
    this.#toEnd();
  }

  #act(act: Act): void {
    if (act === "end") this.#session.end();
    if (+act) this.#session.rate(+act);
    if (act === "here") this.#session.say(texts["asked.yes"]);
    this.#step(act === "leave" ? act : "talk");
    this.focus();
  }

  #step(step: Step): void {
    this.#doing = step;
    this.show();
    if (step === "end") this.#cardBox.querySelector("button")?.focus();
  }

  #scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    this.look();
  }

  #toEnd(): void {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    this.#atEnd = true;
    this.look();
  }
}

const initials = (name: string): string =>
  name
    .replace(/(\S)\S*\s*/gu, "$1")
    .slice(0, 2)
    .toUpperCase();
