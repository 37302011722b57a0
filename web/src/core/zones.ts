/** Times as they are typed, of a desk's clock on the wall: to instants and back. */

/** The instant at which the clocks of a zone show `wall` ("2026-11-24T18:00"). A time that a change of the clocks leaves
 *  out is taken as the clocks before it would have it, a time that comes twice as the first. */
export function instantOf(wall: string, zone: string): string {
  const named = Date.parse(`${wall}Z`);
  const first = named - offset(named, zone);
  const second = named - offset(first, zone);
  const fits = named - offset(second, zone) === second;
  return new Date(fits ? second : Math.max(first, second)).toISOString();
}

/** What the clocks of a zone show at an instant, to the minute, as a field of a form takes it. */
export function wallOf(instant: number, zone: string): string {
  return new Date(instant + offset(instant, zone)).toISOString().slice(0, 16);
}

/** "Monterrey", of "America/Monterrey". */
export function cityOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
function offset(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    const numeric = "numeric";
    const parts = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric } as const;
    format = new Intl.DateTimeFormat("en-US", { ...parts, hourCycle: "h23", timeZone: zone });
    formats.set(zone, format);
  }
  const shown: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}
