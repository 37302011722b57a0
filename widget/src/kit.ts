/** What the launcher has and the panel needs too: it is downloaded once, and reaches the panel by the element that both
 *  know. (Types only: an import of the code would bundle it again.) */

import type { ChatServerWidget } from "./element.ts";
import { WIDGET } from "./names.ts";

export const { button, DOWN, h, icon, sheetOf, write } = (customElements.get(WIDGET) as typeof ChatServerWidget).kit;
