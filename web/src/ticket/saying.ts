/** What is written on a ticket on its way: words alone as a frame, a file through its door; a retry is the same message. */

import { newId } from "../../../widget/src/core/ids.ts";
import { send } from "../live/live.ts";
import { sendFile } from "../live/upload.ts";

export interface Saying {
  readonly ticket: number;
  readonly folio: string;
  readonly body: string;
  readonly note: boolean;
  readonly file: File | null;
}

/** The id of what is said next, and what it was used for: other words need another one. */
export interface Attempt {
  id: string;
  of: Saying | null;
}

export function beginSaying(): Attempt {
  return { id: newId(), of: null };
}

/** Resolves with the code it was refused with, or with null when it is in the thread. */
export async function say(saying: Saying, attempt: Attempt): Promise<string | null> {
  if (attempt.of !== null && !isSame(attempt.of, saying)) attempt.id = newId();
  attempt.of = saying;
  const code = await deliver(saying, attempt.id);
  if (code === null) Object.assign(attempt, beginSaying());
  return code;
}

async function deliver({ ticket, folio, body, note, file }: Saying, id: string): Promise<string | null> {
  if (file) return sendFile(folio, { id, file, body, note });
  const reply = await send({ type: "say_on_ticket", ticket, client_message_id: id, body, note });
  return reply.type === "refused" ? reply.code : null;
}

function isSame(one: Saying, other: Saying): boolean {
  return one.ticket === other.ticket && one.body === other.body && one.note === other.note && one.file === other.file;
}
