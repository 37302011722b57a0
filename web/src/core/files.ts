/** Files in a thread: where each stands, how big it is, and what may be shown of it. */

import type { FileView } from "../../../widget/src/core/wire.ts";
import { currentLocale } from "./words.ts";

/** A picture bigger than this is not fetched just to be shown small. */
const PREVIEW_BYTES = 2 * 1024 * 1024;

/** The files by what they came with. */
export function placeFiles(files: readonly FileView[]): ReadonlyMap<string, FileView> {
  return new Map(files.map((file) => [placeOf(file.note, file.seq), file]));
}

export function placeOf(note: boolean, seq: number): string {
  return `${note ? "n" : "e"}${seq}`;
}

/** Staff's own door to a file: it asks each time who is there. */
export function doorOf({ key }: Pick<FileView, "key">): string {
  return `/files/${key}`;
}

export function hasPreview({ image, size }: Pick<FileView, "image" | "size">): boolean {
  return image && size <= PREVIEW_BYTES;
}

/** "120 KB", "1.4 MB" */
export function saySize(size: number): string {
  const [number, unit] = size < 1024 * 1024 ? [size / 1024, "KB"] : [size / (1024 * 1024), "MB"];
  const said = new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: 1 }).format(Math.max(number, 0.1));
  return `${said} ${unit}`;
}
