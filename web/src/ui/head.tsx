/** The line on top of the console and the live queue: where one is, where else one can go, who one is. */

import type { ComponentChildren } from "preact";
import { t } from "../core/words.ts";
import { me } from "../live/live.ts";

interface Props {
  readonly here: "console" | "board" | "queue";
  readonly logOut: (event: SubmitEvent) => void;
  readonly children?: ComponentChildren;
}

export function Head({ here, logOut, children }: Props) {
  const supervises = me.value !== null && me.value.role !== "agent";
  return (
    <header class="head">
      <nav aria-label={t("nav.label")}>
        <Place href="/console" here={here === "console"} text={t("app.console")} />
        <Place href="/board" here={here === "board"} text={t("app.board")} />
        {(supervises || here === "queue") && <Place href="/queue" here={here === "queue"} text={t("app.queue")} />}
        <Place href="/tickets" here={false} text={t("app.tickets")} />
        {(supervises || me.value?.level === 1) && <Place href="/calls" here={false} text={t("app.calls")} />}
        {supervises && <Place href="/admin/policy" here={false} text={t("app.admin")} />}
      </nav>
      {children}
      <form class="who" method="post" action="/logout" onSubmit={logOut}>
        <span class="name" data-testid="me">
          {me.value?.name}
        </span>
        <button type="submit" class="button bare small">
          {t("nav.logout")}
        </button>
      </form>
    </header>
  );
}

function Place({ href, here, text }: { href: string; here: boolean; text: string }) {
  return (
    <a href={href} aria-current={here ? "page" : undefined}>
      {text}
    </a>
  );
}
