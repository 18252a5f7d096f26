import { TextInput } from "@mantine/core";
import { useLocale } from "../i18n/useWords";
import type { Words } from "../i18n/words";
import type { Draft } from "./useWritten";

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u;

export interface TitleFaults {
  title?: string;
  name?: string;
}

/** What is wrong with a segment's titles and name, before anybody is asked. */
export function titleFaults(
  written: Draft,
  taken: readonly string[],
  words: Words["segments"],
): TitleFaults {
  const faults: TitleFaults = {};
  if (!written.title_ko) faults.title = words.titleMissing;
  if (taken.includes(written.name)) faults.name = words.nameTaken;
  else if (taken.length > 0 && !NAME.test(written.name)) faults.name = words.nameBad;
  return faults;
}

interface TitleFieldsProps {
  written: Draft;
  faults: TitleFaults;
  /** Whether its name can still be chosen. */
  fresh: boolean;
  /** Of the field that must be filled. */
  id: string;
}

/** What people call a segment in both languages, the reader's first, and what files call it. */
export function TitleFields({ written, faults, fresh, id }: TitleFieldsProps) {
  const { locale, words: all } = useLocale();
  const words = all.segments;
  const { titles, setTitles } = written;
  const both = [
    { at: "ko", label: words.titleKo, help: words.titleKoHelp },
    { at: "en", label: words.titleEn, help: words.titleEnHelp },
  ] as const;
  const ordered = locale === "ko" ? both : both.toReversed();
  return (
    <section className="panel titles">
      {ordered.map(({ at, label, help }, place) => (
        <TextInput
          description={place === 1 ? help : undefined}
          error={place === 0 ? faults.title : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          {...(place === 0 ? { id } : {})}
          key={at}
          label={label}
          maxLength={200}
          onChange={(event) => setTitles({ ...titles, [at]: event.currentTarget.value })}
          value={titles[at]}
        />
      ))}
      {fresh ? (
        <TextInput
          description={words.nameHelp}
          error={faults.name}
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={words.name}
          maxLength={100}
          onChange={(event) => setTitles({ ...titles, name: event.currentTarget.value })}
          placeholder={written.name}
          value={titles.name}
        />
      ) : null}
    </section>
  );
}
