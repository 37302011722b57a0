/** An agent to choose: name, state, load; the same wherever somebody is given a conversation. */

import type { AgentView } from "../../../widget/src/core/wire.ts";
import { roomOf } from "../core/figures.ts";
import { t, tn } from "../core/words.ts";
import { AgentBadge } from "./badge.tsx";
import type { Option } from "./choice.tsx";

export function agentOption(agent: AgentView): Option<string> {
  const room = roomOf(agent);
  return {
    value: String(agent.id),
    disabled: agent.state !== "online" || room === 0,
    label: (
      <span class="agent-option">
        <b>{agent.name}</b>
        <AgentBadge state={agent.state} />
        <span class="quiet figure">
          {t("agents.level", { n: agent.level })} · {t("agents.load_of", { load: agent.load, capacity: agent.capacity })} ·{" "}
          {room === 0 ? t("transfer.full") : tn("transfer.room", room)}
        </span>
      </span>
    ),
  };
}
