/** Who is on shift, in what state and how full; a capacity is raised or lowered on the spot. */

import type { AgentView } from "../../../widget/src/core/wire.ts";
import { sayCause } from "../core/reasons.ts";
import { t, tn } from "../core/words.ts";
import { agents } from "../live/live.ts";
import { carryOut } from "../live/notices.ts";
import { AgentBadge } from "../ui/badge.tsx";
import { Empty } from "../ui/empty.tsx";
import { Elapsed } from "../ui/times.tsx";
import { loaded } from "./state.ts";

const RANK = { online: 0, away: 1, offline: 2 } as const;

export function Agents() {
  const onShift = agents.value
    .filter((agent) => agent.state !== "offline")
    .sort((one, other) => RANK[one.state] - RANK[other.state] || one.name.localeCompare(other.name));
  const off = agents.value.filter((agent) => agent.state === "offline").map(({ name }) => name);
  return (
    <section class="agents" aria-labelledby="agents-title" data-testid="agents">
      <h2 id="agents-title">{t("agents.title")}</h2>
      {loaded.value && agents.value.length === 0 && <Empty title={t("agents.empty")} hint={t("agents.empty_hint")} />}
      {agents.value.length > 0 && onShift.length === 0 && (
        <Empty title={t("agents.none_on_shift")} hint={t("agents.none_on_shift_hint")} />
      )}
      <ul>
        {onShift.map((agent) => (
          <AgentRow key={agent.id} agent={agent} />
        ))}
      </ul>
      {off.length > 0 && (
        <details class="quiet off">
          <summary>{tn("agents.off_shift", off.length)}</summary>
          {off.sort((one, other) => one.localeCompare(other)).join(", ")}
        </details>
      )}
    </section>
  );
}

function AgentRow({ agent }: { agent: AgentView }) {
  const { name, load, capacity } = agent;
  const reason = sayCause(agent.reason);
  return (
    <li data-testid="agent" data-agent={agent.id}>
      <div class="who">
        <h3>{name}</h3>
        <p class="quiet">{[t("agents.level", { n: agent.level }), ...agent.teams].join(" · ")}</p>
      </div>
      <p class="state">
        <AgentBadge state={agent.state} />
        <span class="quiet">
          <Elapsed since={agent.since} />
          {reason && ` · ${reason}`}
        </span>
      </p>
      <div class="load">
        <Places load={load} capacity={capacity} />
        <span class="figure">{t("agents.load_of", { load, capacity })}</span>
        <CapacityButton agent={agent} change={-1} />
        <CapacityButton agent={agent} change={1} />
      </div>
    </li>
  );
}

/** A place a conversation: full, free, or over what the capacity now says. */
function Places({ load, capacity }: Pick<AgentView, "load" | "capacity">) {
  const places = Array.from({ length: Math.min(12, Math.max(load, capacity)) }, (_, index) =>
    index >= capacity ? "over" : index < load ? "taken" : "free",
  );
  return (
    <span class="places" aria-hidden="true" title={load > capacity ? t("agents.over") : ""}>
      {places.map((place, index) => (
        <i class={place} key={index} />
      ))}
    </span>
  );
}

function CapacityButton({ agent, change }: { agent: AgentView; change: 1 | -1 }) {
  const capacity = agent.capacity + change;
  return (
    <button
      type="button"
      class="button small step"
      aria-label={t(change > 0 ? "agents.more" : "agents.less", { name: agent.name })}
      disabled={capacity < 0 || capacity > 50}
      onClick={() =>
        void carryOut({ type: "set_capacity", agent: agent.id, capacity }, t("done.set_capacity", { name: agent.name, n: capacity }))
      }
    >
      {change > 0 ? "+" : "−"}
    </button>
  );
}
