/** Days of the shop, both included, as 2027-03-01. */
export interface Days {
  first: string;
  last: string;
}

export const PRESETS = ["week", "month", "quarter", "thisMonth", "lastMonth"] as const;
export type Preset = (typeof PRESETS)[number];

const LENGTHS = { week: 7, month: 30, quarter: 90 };

/** The days a preset stands for; all of it is reckoned in UTC, where every day has 24 hours. */
export function daysOf(preset: Preset, today: string): Days {
  if (preset === "thisMonth") return { first: monthOf(today, 0), last: today };
  if (preset === "lastMonth") {
    return { first: monthOf(today, -1), last: moved(monthOf(today, 0), -1) };
  }
  return { first: moved(today, 1 - LENGTHS[preset]), last: today };
}

function moved(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return written(at);
}

function monthOf(day: string, months: number): string {
  const at = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + months);
  return written(at);
}

function written(at: Date): string {
  return at.toISOString().slice(0, 10);
}
