/** Ids that a client makes: refs of commands and ids of messages. Unguessable, so that nobody's retry meets another's. */

export function newId(): string {
  // Pages that are not served securely have no randomUUID; getRandomValues is everywhere.
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
