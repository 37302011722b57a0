/** Words not sent yet, a draft a conversation: they survive a click elsewhere, a reload and a closed tab. */

import type { Keep } from "../../../widget/src/core/storage.ts";

export interface Draft {
  readonly body: string;
  readonly note: boolean;
}

const EMPTY: Draft = { body: "", note: false };

export class Drafts {
  readonly #keep: Keep;

  constructor(keep: Keep) {
    this.#keep = keep;
  }

  read(conversation: number): Draft {
    return parse(this.#keep.get(String(conversation))) ?? EMPTY;
  }

  write(conversation: number, draft: Draft): void {
    if (draft.body === "" && !draft.note) this.#keep.remove(String(conversation));
    else this.#keep.set(String(conversation), JSON.stringify(draft));
  }
}

/** What the storage holds may be another version's, or anybody's. */
function parse(text: string | null): Draft | null {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isDraft(value) ? value : null;
  } catch {
    return null;
  }
}

function isDraft(value: unknown): value is Draft {
  return typeof value === "object" && value !== null && "body" in value && typeof value.body === "string" && "note" in value;
}
