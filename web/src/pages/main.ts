/** What the server's pages gain from a script; without it they work all the same. */

import { keep } from "../../../widget/src/core/storage.ts";
import { ago } from "../core/times.ts";
import { setLocale, t } from "../core/words.ts";

const shelf = keep("chatserver:page:");

/** `<time datetime data-ago>` says "3 min ago", and stays true. */
function tellTimes(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-ago]")) {
    if (time.title === "") time.title = time.textContent;
    time.textContent = ago(time.dateTime, Date.now());
  }
}

/** `<button data-copy="PG-2026-000123">` copies, and says so to everybody. */
async function copy(button: HTMLElement): Promise<void> {
  await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
  const said = document.createElement("span");
  said.className = "quiet";
  said.role = "status";
  button.after(said);
  said.textContent = ` ${t("copied")}`;
  setTimeout(() => said.remove(), 2000);
}

/** `<textarea data-keep="ticket-17-reply">` loses no word to a reload or a refused form; sending it lets go. */
function keepWords(area: HTMLTextAreaElement): void {
  const name = area.dataset["keep"] ?? "";
  if (area.value === "") area.value = shelf.get(name) ?? "";
  area.addEventListener("input", () => (area.value === "" ? shelf.remove(name) : shelf.set(name, area.value)));
  area.form?.addEventListener("submit", () => shelf.remove(name));
}

setLocale(document.documentElement.lang);
tellTimes();
setInterval(tellTimes, 30_000);
document.querySelectorAll<HTMLTextAreaElement>("textarea[data-keep]").forEach(keepWords);
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
  if (button) void copy(button);
});
