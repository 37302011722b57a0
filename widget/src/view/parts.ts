/** What the panel's views are made of, beyond plain elements. */

import { button, h, icon } from "../kit.ts";

/** A button that shows only a picture; the label is its name. */
export const iconButton = (className: string, line: string, label: string, onclick: () => void): HTMLButtonElement =>
  Object.assign(button(className, onclick, icon(line)), { ariaLabel: label, title: label });

/** Only for addresses of a kind that was looked at. The page behind it learns nothing of this one. */
export const link = (href: string, text: string): HTMLAnchorElement =>
  h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);

/** Makes a list show the rows it is called with. A node stays as long as its row says the same, so that nothing that is
 *  being read, selected or focused is replaced. */
export function rowsOf<Row>(list: Element, make: (row: Row) => Element): (rows: readonly Row[]) => void {
  let before = new Map<string, Element>();
  return (rows) => {
    const nodes: typeof before = new Map();
    rows.forEach((row, index) => {
      const said = JSON.stringify(row);
      const node = before.get(said) ?? make(row);
      nodes.set(said, node);
      const at = list.children[index];
      if (node !== at) list.insertBefore(node, at ?? null);
    });
    before = nodes;
    while (list.children[rows.length]) list.lastElementChild!.remove();
  };
}
