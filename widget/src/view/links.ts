/** Finds the links in what somebody wrote. Only http, https, mailto and tel become links; the rest stays text. */

/** Text without a link and links take turns, starting with text. What ends a sentence is not part of its link, and a
 *  closing bracket only if the link opened one. */
const LINK =
  /\b((?:https?:\/\/|mailto:|tel:)(?:\([^\s<>"()]*\)|[^\s<>"()])*(?:\([^\s<>"()]*\)|[^\s<>"().,;:!?'*_~\]}]))/i;

export function splitLinks(text: string): string[] {
  return text.split(LINK);
}
