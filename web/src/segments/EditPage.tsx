import { Skeleton } from "@mantine/core";
import { useParams, useSearchParams } from "react-router";
import { useTitle, useWords } from "../i18n/useWords";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import { Editor } from "./Editor";
import { useReadyMade, useSegmentOnce, useSegments, useVocabulary } from "./queries";
import "./segments.css";
import type { ReadyMade, SegmentDetail } from "./types";

/** Where a segment is written: an old one, a new one, or one that begins as a ready-made one. */
export function EditPage() {
  const words = useWords();
  const title = useTitle();
  const { name } = useParams();
  const asked = useAsked(name);
  const heading = asked.segment
    ? words.segments.editTitle(title(asked.segment))
    : words.segments.newTitle;
  return (
    <>
      <PageTitle title={heading} />
      {asked.error ? <Trouble error={asked.error} retry={asked.retry} /> : null}
      {asked.pending ? (
        <Skeleton aria-label={words.common.loading} height={420} radius={16} role="status" />
      ) : null}
      {asked.ready ? (
        <Editor
          key={name ?? "new"}
          model={asked.model}
          segment={asked.segment}
          taken={asked.taken}
          version={asked.version}
          vocabulary={asked.ready}
        />
      ) : null}
    </>
  );
}

function useAsked(name: string | undefined) {
  const [params] = useSearchParams();
  const wanted = name ? null : params.get("ready");
  const vocabulary = useVocabulary();
  const segment = useSegmentOnce(name);
  const made = useReadyMade(wanted !== null);
  const all = useSegments();
  const needed = [vocabulary, ...(name ? [segment] : []), ...(wanted ? [made] : []), all];
  const failed = needed.find((query) => query.isError && !query.data);
  const pending = !failed && needed.some((query) => query.isPending);
  const model: ReadyMade | undefined = made.data?.find((one) => one.name === wanted);
  const data: SegmentDetail | undefined = name ? segment.data : undefined;
  const number = Number(params.get("version"));
  return {
    version: data?.versions.find((one) => one.number === number),
    error: failed?.error,
    retry: () => failed?.refetch(),
    pending,
    model,
    segment: data,
    taken: all.data?.map((one) => one.name) ?? [],
    ready: !failed && !pending ? vocabulary.data : undefined,
  };
}
