/** What is due next, calmly: the time it was promised for, and how long that is; what is late says so first. */

import { useContext } from "preact/hooks";
import type { BoardRow } from "../../../widget/src/core/wire.ts";
import { countdown, urgencyOf } from "../core/board.ts";
import { t } from "../core/words.ts";
import { now } from "../live/clock.ts";
import { Due, Zone } from "../ui/times.tsx";

export function NextDue({ next, warned }: Pick<BoardRow, "next" | "warned">) {
  const zone = useContext(Zone);
  if (next === null) return <span class="promise quiet">{t("promise.still")}</span>;
  const urgency = urgencyOf({ next, warned }, now.value);
  const left = countdown(next.due, now.value, zone);
  return (
    <span class="promise" data-urgency={urgency} data-testid="promise">
      {urgency === "late" && (
        <span class="badge" data-late>
          {left}
        </span>
      )}
      {urgency === "soon" && (
        <span class="badge" data-soon>
          {left ?? t("risk.soon")}
        </span>
      )}
      <span>
        {t(`clock.${next.clock}`)} <Due at={next.due} />
        {urgency === "calm" && left && <span class="quiet"> · {left}</span>}
      </span>
    </span>
  );
}
