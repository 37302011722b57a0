/** Elements without markup: whatever anybody wrote goes in as a text node, and no policy needs an exception. */

type Tags = HTMLElementTagNameMap;
export type Child = Node | string | false | null;

/** An element by "tag" or "tag.class", its properties (not attributes) and its children; `false` and `null` are left out. */
export function h<Tag extends keyof Tags>(
  name: Tag | `${Tag}.${string}`,
  properties: Partial<Tags[Tag]> = {},
  ...children: Child[]
): Tags[Tag] {
  const [tag, className = ""] = name.split(".") as [Tag, string?];
  const node = Object.assign(document.createElement(tag), { className }, properties);
  fill(node, ...children);
  return node;
}

export function button(className: string, onclick: () => void, ...children: Child[]): HTMLButtonElement {
  return h("button", { type: "button", className, onclick }, ...children);
}

/** A button that shows only a picture; the label is its name. */
export function iconButton(className: string, name: Icon, label: string, onclick: () => void): HTMLButtonElement {
  return Object.assign(button(className, onclick, icon(name)), { ariaLabel: label, title: label });
}

/** Only for addresses of a kind that was looked at. The page behind it learns nothing of this one. */
export const link = (href: string, text: string): HTMLAnchorElement =>
  h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);

export function fill(node: Element, ...children: Child[]): void {
  node.replaceChildren(...children.filter((child) => child !== null && child !== false));
}

/** Shows a text, or hides its element when there is none. What did not change is left alone, and so not announced. */
export function write(node: HTMLElement, text: string): void {
  node.hidden = !text;
  if (node.textContent !== text) node.textContent = text;
}

const ICONS = {
  chat: "M21 12a8 8 0 0 1-8 8H4l2-3.5A8 8 0 1 1 21 12Z",
  down: "m6 9 6 6 6-6",
  left: "m15 6-6 6 6 6",
  send: "M12 19V5m-6 6 6-6 6 6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  sending: "M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  stored: "m5 12 5 5 9-10",
  seen: "m2 12 5 5 8-10m-3 9 1 1 9-10",
};

export type Icon = keyof typeof ICONS;

export function icon(name: Icon): SVGElement {
  const make = (tag: "svg" | "path") => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const [svg, path] = [make("svg"), make("path")];
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export interface Keyed {
  readonly key: string;
}

/** Makes a list show these rows. A node stays as long as its row says the same, so that nothing that is being read,
 *  selected or focused is replaced. */
export class KeyedList<Row extends Keyed> {
  #nodes = new Map<string, readonly [said: string, node: Element]>();
  readonly #list: Element;
  readonly #make: (row: Row) => Element;

  constructor(list: Element, make: (row: Row) => Element) {
    this.#list = list;
    this.#make = make;
  }

  show(rows: readonly Row[]): void {
    const before = this.#nodes;
    this.#nodes = new Map();
    for (const [index, row] of rows.entries()) {
      const said = JSON.stringify(row);
      const known = before.get(row.key);
      const node = known?.[0] === said ? known[1] : this.#make(row);
      this.#nodes.set(row.key, [said, node]);
      const at = this.#list.children[index];
      if (node !== at) this.#list.insertBefore(node, at ?? null);
    }
    while (this.#list.children[rows.length]) this.#list.lastElementChild!.remove();
  }
}
