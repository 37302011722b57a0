/** The supervisor's live queue: five figures, the queue, the agents, today; all of it follows events, nothing is reloaded. */

import { render } from "preact";
import { setLocale, t } from "../core/words.ts";
import { startClock } from "../live/clock.ts";
import { desks, start } from "../live/live.ts";
import { logOut } from "../live/logout.ts";
import { Head } from "../ui/head.tsx";
import { LineBanner } from "../ui/line.tsx";
import { Notices } from "../ui/notices.tsx";
import { Agents } from "./agents.tsx";
import { Dialogs } from "./dialogs.tsx";
import { FigureRow } from "./figures.tsx";
import { keepHistory } from "./history.ts";
import { Queue } from "./queue.tsx";
import { dialog, loaded, portal, rows } from "./state.ts";
import { Tickets, Today } from "./today.tsx";

function LiveQueue() {
  return (
    <div class="live">
      <Head here="queue" logOut={(event) => logOut(event, () => (dialog.value = { name: "logout" }))}>
        <Portals />
      </Head>
      <LineBanner />
      <main>
        <h1 class="visually-hidden">{t("app.queue")}</h1>
        <FigureRow />
        <div class="columns">
          <Queue />
          <div class="side">
            <Agents />
            <Today />
            <Tickets />
          </div>
        </div>
      </main>
      <Notices />
      <Dialogs />
    </div>
  );
}

function Portals() {
  if (desks.value.length < 2) return <p class="portals quiet">{desks.value[0]?.card.name}</p>;
  return (
    <div class="portals" role="group" aria-label={t("queue.filter")}>
      <PortalButton id={null} name={t("queue.all_desks")} />
      {desks.value.map(({ card }) => (
        <PortalButton key={card.id} id={card.id} name={card.name} />
      ))}
    </div>
  );
}

function PortalButton({ id, name }: { id: number | null; name: string }) {
  return (
    <button type="button" class="button small" aria-pressed={portal.value === id} onClick={() => (portal.value = id)}>
      {name}
    </button>
  );
}

const app = document.getElementById("app");
if (app) {
  document.documentElement.lang = setLocale(app.dataset["locale"]);
  document.title = t("app.queue");
  startClock();
  start(() => undefined);
  keepHistory(
    () => rows.value.filter((row) => row.state === "queued").length,
    () => loaded.value,
  );
  render(<LiveQueue />, app);
}
