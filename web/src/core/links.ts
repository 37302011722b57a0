/** Addresses in somebody's text, so that they can be followed: http and https only, everything else stays words. */

export interface Part {
  readonly text: string;
  /** The address, when this part is one. */
  readonly href: string | null;
}

const ADDRESS = /https?:\/\/[^\s<>"'`]+/gi;
/** A full stop or a bracket after an address belongs to the sentence. */
const TRAILING = /[.,;:!?)\]}»”]+$/;

export function splitLinks(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    if (!URL.canParse(address)) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null });
    parts.push({ text: address, href: address });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null });
  return parts;
}
