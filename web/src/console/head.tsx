/** The console's head: the shift and its state, whether it can be heard, and the keys. */

import { sayCause } from "../core/reasons.ts";
import { t } from "../core/words.ts";
import { me } from "../live/live.ts";
import { logOut } from "../live/logout.ts";
import { sound, testSound } from "../live/sound.ts";
import { Head } from "../ui/head.tsx";
import { Icon } from "../ui/icon.tsx";
import { endShift, setState, startShift } from "./shift.ts";
import { dialog } from "./state.ts";

export function ConsoleHead() {
  return (
    <Head here="console" logOut={(event) => logOut(event, () => (dialog.value = "logout"))}>
      <Shift />
      <div class="tools">
        <SoundButton />
        <button type="button" class="button bare small" aria-label={t("help.title")} onClick={() => (dialog.value = "help")}>
          <Icon name="keyboard" /> <span>{t("help.open")}</span> <kbd>?</kbd>
        </button>
      </div>
    </Head>
  );
}

function Shift() {
  const agent = me.value;
  const reason = sayCause(agent?.reason ?? null);
  if (!agent) return <div class="shift skeleton" aria-hidden="true" />;
  if (agent.state === "offline") {
    return (
      <div class="shift" role="group" aria-label={t("shift.label")} data-testid="shift" data-state="offline">
        <button type="button" class="button primary" title={t("shift.hint")} onClick={() => void startShift()}>
          {t("shift.start")}
        </button>
      </div>
    );
  }
  return (
    <div class="shift" role="group" aria-label={t("shift.label")} data-testid="shift" data-state={agent.state}>
      <div class="switch">
        <StateButton state="online" now={agent.state} />
        <StateButton state="away" now={agent.state} />
      </div>
      <span class="quiet load figure">
        {reason ? t("shift.away_reason", { reason }) : t("shift.load", { load: agent.load, capacity: agent.capacity })}
      </span>
      <button type="button" class="button bare small" onClick={endShift}>
        {t("shift.end")}
      </button>
    </div>
  );
}

function StateButton({ state, now }: { state: "online" | "away"; now: string }) {
  return (
    <button
      type="button"
      class="badge"
      data-state={now === state ? state : undefined}
      aria-pressed={now === state}
      onClick={() => void setState(state)}
    >
      {t(`agent_state.${state}`)}
    </button>
  );
}

const SOUND = { on: "sound.on", blocked: "sound.blocked", off: "sound.off" } as const;

function SoundButton() {
  const words = t(SOUND[sound.value]);
  return (
    <button
      type="button"
      class="button bare small"
      title={words}
      data-testid="sound"
      data-sound={sound.value}
      onClick={() => void testSound()}
    >
      <Icon name={sound.value === "on" ? "bell" : "bellOff"} />
      <span>{t("sound.test")}</span>
      <span class="visually-hidden">
        {t("sound.test")}. {words}
      </span>
    </button>
  );
}
