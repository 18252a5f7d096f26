import { Badge, Text } from "@mantine/core";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useLocale, useTitle, useWords } from "../i18n/useWords";
import { Sparkline } from "./Charts";
import type { Segment, SegmentState } from "./types";

const COLORS: Record<SegmentState, string> = {
  draft: "honey",
  published: "pine",
  archived: "stone",
};

export function StateBadge({ segment }: { segment: Segment }) {
  const words = useWords().segments;
  return (
    <span className="badges">
      <Badge color={COLORS[segment.state]} radius="sm" variant="light">
        {words.state[segment.state]}
      </Badge>
      {segment.has_draft && segment.state === "published" ? (
        <Badge color="honey" radius="sm" variant="light">
          {words.hasDraft}
        </Badge>
      ) : null}
      {segment.fault ? (
        <Badge color="clay" radius="sm" variant="light">
          {words.fault}
        </Badge>
      ) : null}
    </span>
  );
}

export function pathOf(segment: { name: string }, rest = ""): string {
  return `/segments/${encodeURIComponent(segment.name)}${rest}`;
}

/** Every segment as what it is called, whom it asks for, and how many there are. */
export function SegmentList({ segments }: { segments: Segment[] }) {
  const words = useWords().segments;
  return (
    <ul aria-label={words.title} className="panel list-panel segment-list">
      {segments.map((segment) => (
        <Row key={segment.name} segment={segment} />
      ))}
    </ul>
  );
}

function Row({ segment }: { segment: Segment }) {
  const { locale, words: all } = useLocale();
  const words = all.segments;
  const format = useFormat();
  const title = useTitle();
  return (
    <li className="segment-row">
      <div className="segment-main">
        <Link className="segment-link" to={pathOf(segment)}>
          {title(segment)}
        </Link>
        <StateBadge segment={segment} />
        <Text className="soft" fz="sm" lineClamp={2}>
          {locale === "ko" ? segment.sentence_ko : segment.sentence_en}
        </Text>
        {segment.used_by.length > 0 ? (
          <Text className="soft" fz="xs" mt={2}>
            {words.usedBy}: {segment.used_by.join(", ")}
          </Text>
        ) : null}
      </div>
      <Sparkline sizes={segment.sizes} />
      <Text className="number segment-size" fw={700}>
        {sizeOf(segment, words.notYet, (size) => words.people(format.number(size)))}
      </Text>
    </li>
  );
}

function sizeOf(segment: Segment, counting: string, said: (size: number) => string): string {
  if (segment.state !== "published") return "–";
  return segment.size === null ? counting : said(segment.size);
}
