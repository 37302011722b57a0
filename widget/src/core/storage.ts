/** The browser's storage, under one prefix. It may be missing, full or forbidden (private windows, strict settings):
 *  then the page's memory has to do, and everything works until it is left. */

export interface Keep {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
  /** The names that are kept, in no order. */
  names(): string[];
}

export function keep(prefix: string, storage = browserStorage("localStorage")): Keep {
  const memory = new Map<string, string>();
  const attempt = <T>(use: (storage: Storage) => T): T | null => {
    try {
      return storage && use(storage);
    } catch {
      return null; // Said no: the memory has the value.
    }
  };
  return {
    get: (name) => memory.get(name) ?? attempt((store) => store.getItem(prefix + name)),
    set(name, value) {
      memory.delete(name);
      if (attempt((store) => (store.setItem(prefix + name, value), true)) === null) memory.set(name, value);
    },
    remove(name) {
      memory.delete(name);
      attempt((store) => store.removeItem(prefix + name));
    },
    names() {
      const stored = attempt((store) => Object.keys(store)) ?? [];
      const ours = stored.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      return [...new Set([...memory.keys(), ...ours])];
    },
  };
}

export function browserStorage(name: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return globalThis[name]; // Reading the property is what throws where storage is forbidden.
  } catch {
    return null;
  }
}
