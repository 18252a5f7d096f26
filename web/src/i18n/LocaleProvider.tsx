import { type ReactNode, useEffect, useMemo, useState } from "react";
import { en } from "./en";
import { ko } from "./ko";
import { LocaleContext } from "./useWords";
import type { Locale } from "./words";

const KEY = "dangol.locale";

function firstLocale(): Locale {
  const kept = localStorage.getItem(KEY);
  if (kept === "ko" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
}

/** Gives everything below it its words, and remembers the language chosen. */
export function LocaleProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(firstLocale);
  useEffect(() => {
    localStorage.setItem(KEY, locale);
    document.documentElement.lang = locale;
  }, [locale]);
  const value = useMemo(() => ({ locale, setLocale, words: locale === "ko" ? ko : en }), [locale]);
  return <LocaleContext value={value}>{children}</LocaleContext>;
}
