/** The style of the closed widget, and the tokens of all of it. A constructed sheet needs no permission from the page's
 *  style-src. Written tight, for every byte is sent. */

const CSS = `
:host{all:initial;color-scheme:light dark;font:14px/1.45 system-ui,sans-serif;
--a:var(--cs-accent,#1d5fb8);--on:var(--cs-on,#fff);
--bg:light-dark(oklch(from var(--a) .995 .002 h),oklch(from var(--a) .21 .008 h));
--soft:light-dark(oklch(from var(--a) .96 .007 h),oklch(from var(--a) .275 .012 h));
--line:light-dark(oklch(from var(--a) .9 .009 h),oklch(from var(--a) .37 .014 h));
--edge:oklch(from var(--a) .6 .015 h);
--dim:light-dark(oklch(from var(--a) .48 .015 h),oklch(from var(--a) .76 .01 h));
--ink:light-dark(oklch(from var(--a) .25 .015 h),oklch(from var(--a) .95 .005 h));
--bad:light-dark(oklch(.5 .19 27),oklch(.78 .13 27));
--rim:1px solid light-dark(#0000,#fff3)}
*{box-sizing:border-box;margin:0;padding:0;font:inherit;color:inherit}
button{cursor:pointer;border:0;background:none;min-height:44px;border-radius:10px}
svg{width:20px;height:20px;display:block;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
[hidden]{display:none!important}
:focus-visible{outline:2px solid var(--ink);outline-offset:1px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.launcher,dialog{position:fixed;z-index:2147483000;inset-inline:auto calc(20px + env(safe-area-inset-right));box-shadow:0 8px 32px #0003}
.left :is(.launcher,dialog){inset-inline:calc(20px + env(safe-area-inset-left)) auto}
.launcher,.icon,.send,.face{display:grid;place-items:center}
.launcher,.send,.face,.main,.own .text{background:var(--a);color:var(--on);border:var(--rim)}
.launcher{bottom:calc(20px + env(safe-area-inset-bottom));width:56px;height:56px;border-radius:28px}
.badge{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;border-radius:11px;font:600 12px/22px system-ui,sans-serif;background:var(--ink);color:var(--bg)}
@media (max-width:480px){[aria-expanded=true]{display:none!important}}
@media print{:host{display:none}}
`;

export function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

export const launcherStyle = (): CSSStyleSheet => sheetOf(CSS);
