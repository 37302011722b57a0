/** The panel's texts, in one language: build.js puts another in place of the Spanish, so that nobody downloads what is
 *  not spoken to them. */

import texts from "../../chatserver/locales/es-MX/widget.json" with { type: "json" };

export { texts };
export type Params = Readonly<Record<string, string | number>>;

/** Fills the `{places}` of a text. */
export const filled = (text: string, params: Params): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => `${params[name]}`);

/** A text whose key comes from the server; `undefined` when there is none. */
export const textOf = (key: string): string | undefined => (texts as Readonly<Record<string, string>>)[key];
