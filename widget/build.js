/** Builds the widget: the loader, and for every language a panel that holds no other language's texts. esbuild's command
 *  line cannot put one JSON file in another's place, shorten the names in it, or take a style sheet as minified text. */

import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

const LOCALES = ["es-MX", "en"];
const SOURCES = import.meta.dirname + "/src";

/** The launcher's own texts are in the loader, in every language. */
const panelOnly = (texts) => texts.replace(/^ *"launcher.*\n/gm, "");

/** Texts as a script, for names in JSON are never shortened. */
const textsOf = (locale) => ({
  name: "texts",
  setup: ({ onLoad }) =>
    onLoad({ filter: /widget\.json$/ }, async ({ path }) => ({
      contents: `export default ${panelOnly(await readFile(path.replace("es-MX", locale), "utf8"))}`,
    })),
});

const styles = {
  name: "styles",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    }),
};

const common = { bundle: true, minify: true, target: "es2022", charset: "utf8", logLevel: "warning" };
const outdir = process.argv[2];

await build({
  ...common,
  entryPoints: { widget: `${SOURCES}/loader.ts` },
  outdir,
  plugins: [styles],
  format: "iife",
});

for (const locale of LOCALES) {
  await build({
    ...common,
    entryPoints: { [`widget-panel.${locale}`]: `${SOURCES}/panel.ts` },
    outdir,
    plugins: [styles, textsOf(locale)],
    format: "esm",
    mangleProps: /^[a-z_]+\./,
    reserveProps: /^(change|progress|refused|severity|state|city)\./, // Put together from what the server says.
    mangleQuoted: true,
  });
}
