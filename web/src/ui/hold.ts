/** Whether a list is being pointed at or has the keyboard: until it is left alone, nothing in it moves. */

import { useSignalEffect } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { useRef } from "preact/hooks";

/** Handlers for the list. Held while a mouse is over it or the keyboard is in it; a finger that has left is no pointer. */
export function useHold(held: Signal<boolean>, dialog: ReadonlySignal<unknown>) {
  const inside = useRef({ pointer: false, focus: false });
  const set = (part: Partial<typeof inside.current>): void => {
    Object.assign(inside.current, part);
    held.value = inside.current.pointer || inside.current.focus;
  };
  useSignalEffect(() => {
    // A dialog took the focus out of the list without a word.
    if (dialog.value === null) set({ focus: false });
  });
  return {
    onPointerEnter: (event: PointerEvent) => event.pointerType === "mouse" && set({ pointer: true }),
    onPointerLeave: () => set({ pointer: false }),
    onFocusIn: () => set({ focus: true }),
    onFocusOut: () => set({ focus: false }),
  };
}
