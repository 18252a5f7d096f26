import { SegmentedControl } from "@mantine/core";
import { useLocale } from "../i18n/useWords";
import type { Locale } from "../i18n/words";

const LANGUAGES: { value: Locale; label: string }[] = [
  { value: "ko", label: "한국어" },
  { value: "en", label: "English" },
];

export function LanguageSwitch() {
  const { locale, setLocale, words } = useLocale();
  return (
    <SegmentedControl<Locale>
      aria-label={words.language}
      data={LANGUAGES}
      onChange={setLocale}
      radius="xl"
      size="xs"
      value={locale}
    />
  );
}
