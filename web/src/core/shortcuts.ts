/** Which key means what. A bare letter never fires while somebody types; with Alt it does, so that no hand leaves the keyboard. */

export type Action =
  | "help"
  | "next"
  | "previous"
  | "offer"
  | "decline"
  | "reply"
  | "note"
  | "transfer"
  | "return"
  | "extend"
  | "escalate"
  | "end";

/** The key that is shown; the letter is `event.code`'s, which Alt and the keyboard's language leave alone. */
export const KEYS: Readonly<Record<Action, string>> = {
  help: "?",
  next: "J",
  previous: "K",
  offer: "O",
  decline: "X",
  reply: "R",
  note: "N",
  transfer: "T",
  return: "Q",
  extend: "M",
  escalate: "S",
  end: "C",
};

const BY_CODE: ReadonlyMap<string, Action> = new Map(
  (Object.entries(KEYS) as [Action, string][]).filter(([, key]) => key !== "?").map(([action, key]) => [`Key${key}`, action]),
);

/** The parts of a `KeyboardEvent` that decide. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
}

/** The action of a key press, if any. `single`: bare letters are switched on (WCAG 2.1.4 lets people switch them off). */
export function actionOf(press: Press, typing: boolean, single: boolean): Action | null {
  if (press.ctrlKey || press.metaKey || press.isComposing || press.repeat) return null;
  if (press.altKey) return BY_CODE.get(press.code) ?? null;
  if (typing || !single) return null;
  return press.key === "?" ? "help" : (BY_CODE.get(press.code) ?? null);
}

/** Whether what has the focus takes letters for itself. */
export function takesText(tag: string, type: string, editable: boolean): boolean {
  if (editable || tag === "TEXTAREA" || tag === "SELECT") return true;
  return tag === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(type);
}
