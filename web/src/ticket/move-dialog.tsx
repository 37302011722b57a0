/** A move of the process: where it leads, the fields that its guards ask for, and why it was refused if it was. */

import { computed, signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { OfferView, TicketView } from "../../../widget/src/core/wire.ts";
import { askedNow, beginWith, isComplete, toForm } from "../core/move-form.ts";
import type { Values } from "../core/move-form.ts";
import { sayCode, t } from "../core/words.ts";
import { show } from "../live/notices.ts";
import type { Order } from "../live/live.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { useOrder } from "../ui/order.ts";
import { Weight, weigh } from "../ui/weight.tsx";
import { findFolio } from "../board/state.ts";
import { MoveField } from "./fields.tsx";

interface Props {
  readonly ticket: TicketView;
  readonly offer: OfferView;
  readonly close: () => void;
}

export function MoveDialog({ ticket, offer, close }: Props) {
  const form = useMemo(() => beginForm(ticket, offer), []);
  const name = sayCode(`process.move.${offer.move}`) ?? offer.move;
  const order = useOrder(
    () => {
      show({ tone: "ok", title: t("done.move_ticket", { folio: ticket.folio, move: name }), text: "" });
      close();
    },
    { not_owner: "refused.not_ticket_owner" },
  );
  const values = form.values.value;
  const asked = askedNow(offer.needs, values);
  const strange = asked.some(({ field }) => field === "duplicate_of") && !values["duplicate_of"] && form.text("duplicate_of").value !== "";
  return (
    <FormDialog
      wide={asked.length > 1}
      written
      title={name}
      hint={hintOf(ticket, offer)}
      confirm={name}
      testid="move-dialog"
      busy={order.busy.value}
      disabled={!isComplete(offer.needs, values)}
      error={order.error.value}
      submit={() => void order.submit(toOrder(ticket, offer, form))}
      close={close}
    >
      {offer.needs.some(({ instead }) => instead === "no_deployment") && <NoDeployment value={form.text("no_deployment")} />}
      {asked.map(({ field }) =>
        field === "severity" ? (
          <Weight key={field} form={form.weight} />
        ) : (
          <MoveField key={field} field={field} value={form.text(field)} ticket={ticket} />
        ),
      )}
      {strange && <p class="hint">{t("field.folio_unknown")}</p>}
    </FormDialog>
  );
}

/** Where it leads, and that a supervisor who acts for somebody else leaves a trace. */
function hintOf(ticket: TicketView, { to, overrides }: OfferView): string {
  const leads = to === ticket.state ? t("move.stays") : t("move.leads", { state: t(`ticket_state.${to}`) });
  return overrides ? `${leads} ${t("move.overrides")}` : leads;
}

function NoDeployment({ value }: { value: Signal<string> }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value.value !== ""}
        onChange={(event) => (value.value = event.currentTarget.checked ? "yes" : "")}
      />
      {t("field.no_deployment")}
    </label>
  );
}

function beginForm(ticket: TicketView, { needs }: OfferView) {
  const begin = beginWith(ticket);
  const names = new Set(needs.flatMap(({ field, instead }) => (instead ? [field, instead] : [field])));
  const texts = new Map([...names].map((name) => [name, signal(begin[name] ?? "")]));
  const values = computed<Values>(() => {
    const said: Record<string, string> = {};
    for (const [name, { value }] of texts) said[name] = name === "duplicate_of" ? String(findFolio(value) ?? "") : value;
    return said;
  });
  const weight = weigh(ticket);
  const text = (name: string): Signal<string> => texts.get(name) ?? signal("");
  return { text, values, weight };
}

function toOrder(ticket: TicketView, { move, needs }: OfferView, { values, weight }: ReturnType<typeof beginForm>): Order {
  const { impact, urgency, suggested, chosen } = weight;
  const severity = chosen.value ?? suggested.value;
  const said = { ...values.value, ...none(values.value) };
  return {
    type: "move_ticket",
    ticket: ticket.id,
    move,
    form: toForm(needs, said, { severity, impact: impact.value, urgency: urgency.value }),
  };
}

/** The wire's word for "there is none", whatever the language of the screen. */
function none(values: Values): Values {
  const said: Record<string, string> = {};
  for (const [field, word] of [["rfc", t("none")], ["evidence", t("none_f")]] as const) {
    if (values[field]?.trim().toLowerCase() === word) said[field] = "none";
  }
  return said;
}
