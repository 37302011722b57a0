/** What the server's pages gain from a script; without it they work all the same. */

import { keep } from "../../../widget/src/core/storage.ts";
import { copied as copiedInEnglish } from "../../../chatserver/locales/en/staff.json";
import { copied as copiedInSpanish } from "../../../chatserver/locales/es-MX/staff.json";

const SHOWN_MS = 2000;
const shelf = keep("chatserver:page:");

/** `<button data-copy="PG-2026-000123">` copies, and says so to everybody. */
async function copy(button: HTMLElement): Promise<void> {
  await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
  const said = document.createElement("span");
  said.className = "quiet";
  said.role = "status";
  button.after(said);
  said.textContent = ` ${document.documentElement.lang === "en" ? copiedInEnglish : copiedInSpanish}`;
  setTimeout(() => said.remove(), SHOWN_MS);
}

/** `<textarea data-keep="ticket-17-answer">` loses no word to a reload; what the server gave back counts more. */
function keepWords(area: HTMLTextAreaElement): void {
  const name = area.dataset["keep"] ?? "";
  if (area.value === "") area.value = shelf.get(name) ?? "";
  area.addEventListener("input", () => (area.value === "" ? shelf.remove(name) : shelf.set(name, area.value)));
  area.form?.addEventListener("submit", () => shelf.remove(name));
}

document.querySelectorAll<HTMLTextAreaElement>("textarea[data-keep]").forEach(keepWords);
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
  if (button) void copy(button);
});
