/** Five figures to be read from four metres; what is wrong is said beside them in words. */

import type { ComponentChildren } from "preact";
import { countFigures } from "../core/figures.ts";
import { polyline } from "../core/history.ts";
import { riskOfWait } from "../core/risk.ts";
import type { Risk } from "../core/risk.ts";
import { elapsed } from "../core/times.ts";
import { t, tn } from "../core/words.ts";
import { now } from "../live/clock.ts";
import { agents } from "../live/live.ts";
import { history } from "./history.ts";
import { counts, loaded, rows, shownDesks } from "./state.ts";

export function FigureRow() {
  const figures = countFigures(rows.value, agents.value, counts.value, now.value);
  const longest = figures.longest ?? 0;
  const limits = shownDesks.value[0]?.card;
  const risk: Risk = limits ? riskOfWait(longest, limits) : "none";
  return (
    <section class="figures" aria-label={t("figure.label")} aria-busy={!loaded.value}>
      <Figure name="queued" label={t("figure.queued")} value={figures.queued} hint={tn("figure.offered", figures.offered)}>
        <History />
      </Figure>
      <Figure
        name="longest"
        label={t("figure.longest")}
        value={figures.longest === null ? "–" : elapsed(longest)}
        hint={t(figures.longest === null ? "figure.queued_none" : LONGEST[risk])}
        risk={risk}
      />
      <Figure
        name="active"
        label={t("figure.active")}
        value={figures.active}
        hint={tn("figure.wrap_up", figures.wrapUp)}
      />
      <Figure
        name="online"
        label={t("figure.online")}
        value={figures.online}
        hint={tn("figure.room", figures.room)}
        risk={figures.online === 0 && figures.queued > 0 ? "late" : "none"}
      />
      <Figure
        name="answered"
        label={t("figure.answered")}
        value={figures.answered}
        hint={tn("figure.tickets", figures.escalated)}
      />
    </section>
  );
}

const LONGEST = { late: "figure.longest_late", soon: "figure.longest_soon", none: "figure.longest_fine" } as const;

interface Props {
  readonly name: string;
  readonly label: string;
  readonly value: number | string;
  readonly hint: string;
  readonly risk?: Risk;
  readonly children?: ComponentChildren;
}

function Figure({ name, label, value, hint, risk = "none", children }: Props) {
  return (
    <div class="big" data-testid={`figure-${name}`} data-risk={risk}>
      <h2>{label}</h2>
      <p class="value figure">{loaded.value ? value : " "}</p>
      <p class="hint">
        {hint}
        {children}
      </p>
    </div>
  );
}

const WIDTH = 96;
const HEIGHT = 20;

function History() {
  const samples = history.value;
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || samples.length < 3) return null;
  const numbers = samples.map(({ count }) => count);
  const words = t("figure.history", {
    minutes: Math.max(1, Math.round((last.at - first.at) / 60_000)),
    low: Math.min(...numbers),
    high: Math.max(...numbers),
  });
  return (
    <svg class="history" viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} role="img" aria-label={words}>
      <title>{words}</title>
      <polyline points={polyline(samples, WIDTH, HEIGHT)} />
    </svg>
  );
}
