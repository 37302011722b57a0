// Applies events to snapshots with the very code the browsers run: one JSON request a line in, one snapshot a line out.
import { createInterface } from "node:readline";
import { applyEvent } from "../web/src/core/apply.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const { snapshot, events } = JSON.parse(line);
  console.log(JSON.stringify(events.reduce(applyEvent, snapshot)));
}
