/** What may be a folio at all: the server is not asked for anything else. */

const FOLIO = /^[A-Za-z]{2,4}-[0-9]{4}-[0-9]{6,9}$/;

export function isFolio(text: string): boolean {
  return FOLIO.test(text);
}
