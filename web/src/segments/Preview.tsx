import { Loader, Skeleton, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useLocale, useWords } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { faultIn } from "./queries";
import type { Estimate } from "./types";

interface PreviewProps {
  estimate: UseQueryResult<Estimate>;
  empty: boolean;
  /** Whether what is shown is of an earlier condition. */
  old: boolean;
  unfinished: boolean;
}

/** Whom the condition would find, while it is being written. */
export function Preview({ estimate, empty, old, unfinished }: PreviewProps) {
  const words = useWords().segments;
  const waits = unfinished && !estimate.isError;
  const none = empty || waits;
  const busy = !none && (old || estimate.isFetching);
  return (
    <Panel
      aside={busy ? <Loader aria-label={words.previewBusy} size="xs" /> : null}
      title={words.preview}
    >
      <div aria-busy={busy} aria-live="polite">
        {empty ? <Text className="soft">{words.previewEmpty}</Text> : null}
        {!empty && waits ? <Text className="soft">{words.previewWrong}</Text> : null}
        {!none && estimate.isError ? (
          <Wrong error={estimate.error} retry={() => estimate.refetch()} />
        ) : null}
        {!none && estimate.isPending ? <Skeleton height={180} radius={12} /> : null}
        {!none && estimate.data ? <Found found={estimate.data} /> : null}
      </div>
    </Panel>
  );
}

function Wrong({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords().segments;
  if (faultIn(error)) return <Text className="soft">{words.previewWrong}</Text>;
  return <Trouble error={error} retry={retry} />;
}

/** The number alone, where there is no room for more. */
export function useCount(found: Estimate | undefined): string {
  const words = useWords().segments;
  const format = useFormat();
  if (!found) return "–";
  const count = format.number(found.count);
  return found.exact ? words.people(count) : words.about(count);
}

function Found({ found }: { found: Estimate }) {
  const { locale, words: all } = useLocale();
  const words = all.segments;
  const format = useFormat();
  const count = useCount(found);
  return (
    <>
      <p className="estimate number" data-testid="estimate">
        {count}
      </p>
      <Text className="soft number" fz="sm">
        {words.ofAll(format.share(found.count, found.customers))}
      </Text>
      <Text className="soft number" fz="sm" mt={4}>
        {found.exact
          ? words.exactly
          : `${words.interval(format.number(found.low), format.number(found.high))} ${words.lookedAt(format.number(found.looked_at))}`}
      </Text>
      <h3 className="small-title">{words.reads}</h3>
      <Text fz="sm">{locale === "ko" ? found.sentence_ko : found.sentence_en}</Text>
      {found.sample.length > 0 ? (
        <>
          <h3 className="small-title">{words.sample}</h3>
          <ul className="sample">
            {found.sample.map((one) => (
              <li key={one.id}>
                <Link className="text-link" target="_blank" to={`/customers/${one.id}`}>
                  {one.label || all.customers.anonymous}
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}
