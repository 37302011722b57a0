/** Who is writing: the client's own keys, told sparingly, and the agent's, which fade when nothing more is heard. */

const TOLD_EVERY = 3000;
const OVER_AFTER = 4000;
const SHOWN_FOR = 6000;

type Timer = ReturnType<typeof setTimeout> | undefined;

export class Typing {
  /** The agent is writing. */
  agent = false;
  readonly #tell: (on: boolean) => void;
  readonly #changed: () => void;
  #toldAt = 0;
  #over: Timer;
  #fade: Timer;

  constructor(tell: (on: boolean) => void, changed: () => void) {
    this.#tell = tell;
    this.#changed = changed;
  }

  /** A key was pressed. */
  write(): void {
    const now = Date.now();
    clearTimeout(this.#over);
    this.#over = setTimeout(() => this.stop(), OVER_AFTER);
    if (now - this.#toldAt < TOLD_EVERY) return;
    this.#toldAt = now;
    this.#tell(true);
  }

  stop(): void {
    clearTimeout(this.#over);
    if (this.#toldAt) this.#tell(false);
    this.#toldAt = 0;
  }

  heard(on: boolean): void {
    this.agent = on;
    clearTimeout(this.#fade);
    if (on) this.#fade = setTimeout(() => this.heard(false), SHOWN_FOR);
    this.#changed();
  }

  close(): void {
    clearTimeout(this.#over);
    clearTimeout(this.#fade);
  }
}
