/** How level 1 is helped to set a severity: impact x urgency, the same table as the server's `process/severity.py`. */

import type { Escalate } from "../../../widget/src/core/wire.ts";

export type Severity = Escalate["severity"];
export type Impact = Escalate["impact"];
export type Urgency = Escalate["urgency"];

export const SEVERITIES: readonly Severity[] = ["S1", "S2", "S3", "S4"];
export const IMPACTS: readonly Impact[] = ["many", "core", "other"];
export const URGENCIES: readonly Urgency[] = ["high", "medium", "low"];

const MATRIX: Record<Impact, Record<Urgency, Severity>> = {
  many: { high: "S1", medium: "S2", low: "S3" },
  core: { high: "S2", medium: "S3", low: "S3" },
  other: { high: "S3", medium: "S4", low: "S4" },
};

export function suggestSeverity(impact: Impact, urgency: Urgency): Severity {
  return MATRIX[impact][urgency];
}
