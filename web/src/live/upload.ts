/** A file on its way to a ticket: frames carry words only, so it goes through a door of its own, as a form would. */

export interface Enclosure {
  /** Makes a second attempt the same message. */
  readonly id: string;
  readonly file: File;
  readonly body: string;
  /** For staff only. */
  readonly note: boolean;
}

/** Resolves with the code it was refused with, or with null when it is in the thread. */
export async function sendFile(folio: string, { id, file, body, note }: Enclosure): Promise<string | null> {
  const form = new FormData();
  form.append("client_message_id", id);
  form.append("body", body);
  if (note) form.append("inside", "yes");
  form.append("file", file);
  const headers = { Accept: "application/json" };
  try {
    const answer = await fetch(`/tickets/${folio}/file`, { method: "POST", body: form, headers, redirect: "manual" });
    if (answer.type === "opaqueredirect") return "login_again";
    const said = (await answer.json()) as { readonly code?: string };
    return said.code ?? null;
  } catch {
    return "not_arrived"; // No line, or an answer that is not ours: nobody knows, and the same id may be tried again.
  }
}
