/** Two soft notes for an offer and one for a message, made by the browser itself. It may sound only after a gesture: starting the shift is one. */

import { signal } from "@preact/signals";

/** `off`: never tried; `blocked`: the browser wants a gesture first. */
export const sound = signal<"off" | "on" | "blocked">("off");

let audio: AudioContext | null = null;

/** Called from a click: wakes the sound and lets it be heard. */
export async function testSound(): Promise<void> {
  audio ??= new AudioContext();
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 500))]);
  sound.value = audio.state === "running" ? "on" : "blocked";
  ring();
}

/** After a reload in the middle of a shift, the first click or key anywhere wakes the sound. */
export function wakeOnGesture(): void {
  sound.value = "blocked";
  const wake = (): void => {
    removeEventListener("pointerdown", wake);
    removeEventListener("keydown", wake);
    audio ??= new AudioContext();
    void audio.resume().then(() => (sound.value = "on"));
  };
  addEventListener("pointerdown", wake);
  addEventListener("keydown", wake);
}

export function ring(): void {
  note(659.25, 0, 0.22);
  note(880, 0.16, 0.5);
}

export function tick(): void {
  note(587.33, 0, 0.18);
}

function note(frequency: number, after: number, length: number): void {
  if (audio?.state !== "running") return;
  const start = audio.currentTime + after;
  const gain = audio.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.12, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + length);
  const oscillator = audio.createOscillator();
  oscillator.frequency.value = frequency;
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + length);
}
