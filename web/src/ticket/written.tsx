/** What was filled in for a step, each thing as what it is: a person, a moment, another ticket, or words. */

import type { ComponentChildren } from "preact";
import type { LinkView, StepView } from "../../../widget/src/core/wire.ts";
import { controlOf } from "../core/move-form.ts";
import { sayCode, t } from "../core/words.ts";
import { agents } from "../live/live.ts";
import { Due } from "../ui/times.tsx";
import { labelOf } from "./fields.tsx";

type Detail = StepView["details"][string];

/** What the thread or the line itself says already. */
const SAID: ReadonlySet<string> = new Set(["reason", "solution", "message", "question", "follows", "external_cause"]);

interface Props {
  readonly step: StepView;
  readonly links: readonly LinkView[];
}

export function Written({ step: { kind, details }, links }: Props) {
  if (kind === "linked") return <Linked details={details} links={links} />;
  if (kind === "warned") return <Warned details={details} />;
  const written = Object.entries(details).filter(([field, value]) => !SAID.has(field) && value !== "" && value !== false);
  if (written.length === 0) return null;
  return (
    <dl class="written">
      {written.map(([field, value]) => (
        <div key={field}>
          <dt>{labelOf(field)}</dt> <dd>{show(field, value, links)}</dd>
        </div>
      ))}
    </dl>
  );
}

function show(field: string, value: Detail, links: readonly LinkView[]): ComponentChildren {
  if (value === true) return t("yes");
  if (value === "none") return t(field === "evidence" ? "none_f" : "none");
  if (field === "severity") return `${value} ${sayCode(`severity.${value}`) ?? ""}`;
  switch (controlOf(field)) {
    case "owner":
      return agents.value.find(({ id }) => id === value)?.name ?? t("someone");
    case "cause":
      return sayCode(`cancel_cause.${value}`) ?? value;
    case "other":
      return <Other id={Number(value)} links={links} />;
    case "moment":
      return <Due at={String(value)} />;
    default:
      return value;
  }
}

function Other({ id, links }: { id: number; links: readonly LinkView[] }) {
  return (
    <a class="folio" href={`#t${id}`}>
      {links.find(({ ticket }) => ticket === id)?.folio ?? t("link.other")}
    </a>
  );
}

function Linked({ details, links }: { details: StepView["details"]; links: readonly LinkView[] }) {
  return (
    <p class="quiet">
      {sayCode(`link.${details["kind"]}`)} <Other id={Number(details["other"])} links={links} />
    </p>
  );
}

function Warned({ details }: { details: StepView["details"] }) {
  return (
    <p class="quiet">
      {sayCode(`clock.${details["clock"]}`)}
      {details["percent"] !== undefined && ` · ${details["percent"]} %`}
    </p>
  );
}
