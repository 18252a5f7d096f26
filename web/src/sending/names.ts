import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import type { Vendor } from "./types";

/** What people call a vendor; one described by a file is called as its file says. */
export function useVendorName(): (vendor: Vendor) => string {
  const words = useWords().sending.vendors;
  return ({ name }) => words.name[name] ?? name;
}

/** Says a rate, or that there is none. */
export function useRate(): (perSecond: number | null) => string {
  const words = useWords().sending.vendors;
  const format = useFormat();
  return (rate) => (rate === null ? words.unlimited : words.rate(format.number(rate)));
}

/** A vendor's code and words, the code once where the words begin with it. */
export function wordsOf({ code, detail }: { code: string; detail: string }): string {
  return detail.startsWith(code) ? detail : [code, detail].filter(Boolean).join(" ");
}

const GUIDES: [RegExp, string][] = [
  [/^(solapi|nhn|bizgo)$/, "docs/guides/vendors.md"],
  [/^push$/, "docs/guides/push.md"],
];

/** Which guide says how a vendor is set up. */
export function guideOf({ name }: Vendor): string {
  return GUIDES.find(([names]) => names.test(name))?.[1] ?? "docs/guides/email.md";
}
