import type { Flow, Verdict } from "../api/types";

export interface Sums {
  events: number;
  members: number;
  inJourney: number;
  enrolled: number;
  messages: number;
  decided: number;
  accepted: number;
  troubled: number;
}

export function sum<T>(rows: readonly T[], value: (row: T) => number): number {
  return rows.reduce((total, row) => total + value(row), 0);
}

export function countIn<T extends { count: number }>(rows: readonly T[], is: (row: T) => boolean) {
  return sum(rows.filter(is), (row) => row.count);
}

export function verdictCount(flow: Flow, verdict: Verdict | null): number {
  return countIn(flow.decisions, (row) => row.verdict === verdict);
}

export function sumUp(flow: Flow): Sums {
  const messages = sum(flow.decisions, (row) => row.count);
  return {
    events: sum(flow.events, (row) => row.count),
    members: sum(flow.segments, (row) => row.size),
    inJourney: sum(flow.journeys, (row) => row.active + row.waiting),
    enrolled: sum(flow.journeys, (row) => row.enrolled),
    messages,
    decided: messages - verdictCount(flow, null),
    accepted: countIn(flow.deliveries, (row) => row.state === "accepted"),
    troubled: countIn(
      flow.deliveries,
      (row) => row.state === "rejected" || row.state === "unknown",
    ),
  };
}

export function receiptCount(flow: Flow, kind: Flow["receipts"][number]["kind"]): number {
  return countIn(flow.receipts, (row) => row.kind === kind);
}
