/** Elements without markup: whatever anybody wrote goes in as a text node, and no policy needs an exception. */

type Tags = HTMLElementTagNameMap;
type Nothing = false | null | undefined;

/** An element by "tag" or "tag.class", and what it has: properties (not attributes), children and text, in any order. */
export function h<Tag extends keyof Tags>(
  name: Tag | `${Tag}.${string}`,
  ...parts: (Node | string | Partial<Tags[Tag]> | Nothing)[]
): Tags[Tag] {
  const [tag, className = ""] = name.split(".") as [Tag, string?];
  const node = Object.assign(document.createElement(tag), { className });
  for (const part of parts) {
    if (part instanceof Node || typeof part === "string") node.append(part);
    else Object.assign(node, part);
  }
  return node;
}

export const button = (className: string, onclick: () => void, ...children: (Node | string | Nothing)[]) =>
  h("button", { type: "button", className, onclick }, ...children);

/** Shows a text, or hides its element when there is none. What did not change is left alone, and so not announced. */
export function write(node: HTMLElement, text: string): void {
  node.hidden = !text;
  if (node.textContent !== text) node.textContent = text;
}

/** A picture by the path of its lines, in a field of 24 by 24. */
export function icon(line: string): SVGElement {
  const make = (tag: "svg" | "path") => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const [svg, path] = [make("svg"), make("path")];
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  path.setAttribute("d", line);
  svg.append(path);
  return svg;
}
