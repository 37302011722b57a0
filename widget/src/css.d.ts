/** A style sheet as its text, minified: build.js makes it so. */
declare module "*.css" {
  const text: string;
  export default text;
}
