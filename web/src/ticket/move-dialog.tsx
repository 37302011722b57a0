/** A move of the process: where it leads, the fields that its guards ask for, and why it was refused if it was. */

import { computed, signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { OfferView, TicketView } from "../../../widget/src/core/wire.ts";
import { EVIDENCE, askedNow, beginWith, isComplete, toForm } from "../core/move-form.ts";
import type { Values } from "../core/move-form.ts";
import { sayCode, t } from "../core/words.ts";
import { wallOf } from "../core/zones.ts";
import { now } from "../live/clock.ts";
import { show } from "../live/notices.ts";
import type { Order } from "../live/live.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { useOrder } from "../ui/order.ts";
import { Weight, weigh } from "../ui/weight.tsx";
import { zoneOf } from "../board/state.ts";
import { EvidenceFiles } from "./evidence.tsx";
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
      {asked.some(({ field }) => EVIDENCE.has(field)) && <EvidenceFiles ticket={ticket} chosen={form.files} />}
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
  const zone = zoneOf(ticket.portal) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const begin = beginWith(ticket, wallOf(now.peek(), zone));
  const names = new Set(needs.flatMap(({ field, instead }) => (instead ? [field, instead] : [field])));
  const texts = new Map([...names].map((name) => [name, signal(begin[name] ?? "")]));
  const values = computed<Values>(() => {
    const said: Record<string, string> = {};
    for (const [name, { value }] of texts) said[name] = value;
    return said;
  });
  const weight = weigh(ticket);
  const text = (name: string): Signal<string> => texts.get(name) ?? signal("");
  return { text, values, weight, zone, files: signal<readonly number[]>([]) };
}

function toOrder(ticket: TicketView, { move, needs }: OfferView, form: ReturnType<typeof beginForm>): Order {
  const { values, weight, files, zone } = form;
  const { impact, urgency, suggested, chosen } = weight;
  const severity = chosen.value ?? suggested.value;
  const said = { ...values.value, ...none(values.value) };
  return {
    type: "move_ticket",
    ticket: ticket.id,
    move,
    form: toForm(needs, said, {
      weight: { severity, impact: impact.value, urgency: urgency.value },
      files: files.value,
      zone,
    }),
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
