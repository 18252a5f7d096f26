import { createContext, useContext, useMemo } from "react";
import { useLocale } from "./useWords";

/** The shop's time zone: all times are shown in it, wherever the reader sits. */
export const ZoneContext = createContext<string>("UTC");

export interface Format {
  number: (value: number) => string;
  share: (part: number, whole: number) => string;
  money: (amount: string, currency: string | null | undefined) => string;
  day: (iso: string) => string;
  /** A day of the shop's as 2027-03-01, which lies in no other zone. */
  plainDay: (day: string) => string;
  date: (iso: string) => string;
  time: (iso: string) => string;
  moment: (iso: string) => string;
}

export function useFormat(): Format {
  const { locale } = useLocale();
  const timeZone = useContext(ZoneContext);
  return useMemo(
    () => makeFormat(locale === "ko" ? "ko-KR" : "en-GB", timeZone),
    [locale, timeZone],
  );
}

function makeFormat(tag: string, timeZone: string): Format {
  const number = new Intl.NumberFormat(tag);
  const share = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(tag, {
    timeZone,
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "short",
  });
  const date = new Intl.DateTimeFormat(tag, {
    timeZone,
    year: "numeric",
    month: "short",
    day: "numeric",
  });
  const plain = new Intl.DateTimeFormat(tag, {
    timeZone: "UTC",
    year: "numeric",
    month: "short",
    day: "numeric",
  });
  const time = new Intl.DateTimeFormat(tag, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const moment = new Intl.DateTimeFormat(tag, {
    timeZone,
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return {
    number: (value) => number.format(value),
    share: (part, whole) => shareOf(share, whole === 0 ? 0 : part / whole),
    money: (amount, currency) => money(tag, amount, currency),
    date: (iso) => date.format(new Date(iso)),
    day: (iso) => day.format(new Date(iso)),
    plainDay: (one) => plain.format(new Date(one)),
    time: (iso) => time.format(new Date(iso)),
    moment: (iso) => moment.format(new Date(iso)),
  };
}

const SMALLEST_SHARE = 0.001;

/** A share; one that is there but rounds to nothing is not called nothing. */
function shareOf(share: Intl.NumberFormat, part: number): string {
  return part > 0 && part < SMALLEST_SHARE
    ? `<${share.format(SMALLEST_SHARE)}`
    : share.format(part);
}

function money(tag: string, amount: string, currency: string | null | undefined): string {
  const value = Number(amount);
  if (!currency) return new Intl.NumberFormat(tag, { maximumFractionDigits: 2 }).format(value);
  try {
    return new Intl.NumberFormat(tag, { style: "currency", currency }).format(value);
  } catch {
    // A shop may write a currency that no standard knows.
    return `${new Intl.NumberFormat(tag).format(value)} ${currency}`;
  }
}
