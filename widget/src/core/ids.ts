/** Ids that a client makes: refs of commands and ids of messages. Unguessable, so that nobody's retry meets another's. */

/** 128 random bits. (Not `randomUUID`: pages that are not served securely have none.) */
export const newId = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");
