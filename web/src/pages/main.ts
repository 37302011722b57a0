/** What the server's pages gain from a script; without it they work all the same. */

import { keep } from "../../../widget/src/core/storage.ts";
import { copied as copiedInEnglish } from "../../../chatserver/locales/en/staff.json";
import { copied as copiedInSpanish } from "../../../chatserver/locales/es-MX/staff.json";

const SHOWN_MS = 2000;
const shelf = keep("chatserver:page:");

/** `<button data-copy="PG-2026-000123">` copies, and says so to everybody. Where that is not allowed, it marks what to copy. */
async function copy(button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
  } catch {
    getSelection()?.selectAllChildren(button);
    return;
  }
  const said = document.createElement("span");
  said.className = "quiet";
  said.role = "status";
  button.after(said);
  said.textContent = ` ${document.documentElement.lang === "en" ? copiedInEnglish : copiedInSpanish}`;
  setTimeout(() => said.remove(), SHOWN_MS);
}

/** Where the server leads after it has stored what was sent. */
const STORED = "#newest";

/** `<textarea data-keep="ticket-17-answer">` loses no word: kept while it is written, and until the server has it. */
function keepWords(area: HTMLTextAreaElement): void {
  const name = area.dataset["keep"] ?? "";
  const sent = `${name}:sent`;
  if (shelf.get(sent) !== null && location.hash === STORED) shelf.remove(name);
  shelf.remove(sent);
  // What the server gave back, refused, counts more than what was kept here.
  if (area.value === "") area.value = shelf.get(name) ?? "";
  area.addEventListener("input", () => (area.value === "" ? shelf.remove(name) : shelf.set(name, area.value)));
  area.form?.addEventListener("submit", () => shelf.set(sent, "yes"));
}

/** `<input type="file" data-max="10485760" data-too-big="…">` says so before the bytes are sent, not after. */
function weigh(input: HTMLInputElement): void {
  input.addEventListener("change", () => {
    const heavy = [...(input.files ?? [])].some((file) => file.size > Number(input.dataset["max"]));
    input.setCustomValidity(heavy ? (input.dataset["tooBig"] ?? "") : "");
    input.reportValidity();
  });
}

document.querySelectorAll<HTMLTextAreaElement>("textarea[data-keep]").forEach(keepWords);
document.querySelectorAll<HTMLInputElement>("input[data-max]").forEach(weigh);
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
  if (button) void copy(button);
});
