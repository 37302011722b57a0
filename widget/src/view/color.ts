/** The portal's colour, and the text colour that can be read on it: at least 4.5:1, computed (WCAG 2.2, relative luminance). */

const HEX = /^#(?:[\da-f]{3}|[\da-f]{6})$/i;

export const isColor = (text: string | null | undefined): text is string => HEX.test(text ?? "");

/** White where it is readable, else black: one of the two always is. */
export function textOn(accent: string): "#fff" | "#000" {
  return 1.05 / (luminance(accent) + 0.05) >= 4.5 ? "#fff" : "#000";
}

function luminance(hex: string): number {
  const digits = hex.length === 4 ? hex.replace(/[^#]/g, "$&$&") : hex;
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(digits.slice(at, at + 2), 16) / 255));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

const linear = (channel: number): number => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
