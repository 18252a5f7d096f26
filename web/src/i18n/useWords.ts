import { createContext, useContext } from "react";
import { ko } from "./ko";
import type { Locale, Words } from "./words";

interface LocaleValue {
  locale: Locale;
  setLocale: (locale: Locale) => void;
  words: Words;
}

export const LocaleContext = createContext<LocaleValue>({
  locale: "ko",
  setLocale: () => undefined,
  words: ko,
});

export function useLocale(): LocaleValue {
  return useContext(LocaleContext);
}

export function useWords(): Words {
  return useContext(LocaleContext).words;
}

/** The half of a bilingual pair that the reader understands. */
export function useTitle(): (pair: { title_ko: string; title_en: string }) => string {
  const { locale } = useLocale();
  return (pair) => (locale === "ko" ? pair.title_ko : pair.title_en);
}
