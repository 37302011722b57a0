/** The boards: the tickets of one's levels on the left, the chosen one beside them; all of it follows events. */

import { render } from "preact";
import { setLocale, t } from "../core/words.ts";
import { startClock } from "../live/clock.ts";
import { start } from "../live/live.ts";
import { logOut } from "../live/logout.ts";
import { FactsPane } from "../ticket/facts.tsx";
import { TicketPane } from "../ticket/pane.tsx";
import { Head } from "../ui/head.tsx";
import { LineBanner } from "../ui/line.tsx";
import { Notices } from "../ui/notices.tsx";
import { Dialogs } from "./dialogs.tsx";
import { listenForKeys } from "./keys.ts";
import { BoardList } from "./list.tsx";
import { asColumns, chosen, dialog, followAddress, followBoards, followMoves, pane } from "./state.ts";

function Boards() {
  return (
    <div class="console boards" data-pane={pane.value} data-chosen={chosen.value !== null} data-columns={asColumns.value}>
      <Head here="board" logOut={(event) => logOut(event, () => (dialog.value = { name: "logout" }))}>
        <div class="tools" />
      </Head>
      <LineBanner />
      <main class="panes">
        <h1 class="visually-hidden">{t("app.board")}</h1>
        <BoardList />
        <TicketPane />
        <FactsPane />
      </main>
      <Notices />
      <Dialogs />
    </div>
  );
}

const app = document.getElementById("app");
if (app) {
  document.documentElement.lang = setLocale(app.dataset["locale"]);
  document.title = t("app.board");
  startClock();
  followAddress();
  start(() => undefined);
  followBoards();
  followMoves();
  listenForKeys();
  render(<Boards />, app);
}
