import { Skeleton, Text } from "@mantine/core";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useTitle, useWords } from "../i18n/useWords";
import { Bar } from "../ui/Bars";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { useOverlap } from "./queries";
import { pathOf } from "./SegmentList";
import type { Overlap, SegmentDetail } from "./types";

/** Which other segments hold the same customers. */
export function OverlapTable({ segment }: { segment: SegmentDetail }) {
  const words = useWords();
  const overlaps = useOverlap(segment.name);
  return (
    <Panel help={words.segments.overlapHelp} title={words.segments.overlapTitle}>
      {overlaps.isPending ? <Skeleton height={120} radius={12} /> : null}
      {overlaps.isError ? (
        <Trouble error={overlaps.error} retry={() => overlaps.refetch()} />
      ) : null}
      {overlaps.data?.length === 0 ? (
        <Text className="soft" fz="sm">
          {words.segments.overlapEmpty}
        </Text>
      ) : null}
      <ul className="overlaps">
        {overlaps.data?.map((one) => (
          <Line key={one.name} overlap={one} size={segment.size ?? 0} />
        ))}
      </ul>
    </Panel>
  );
}

function Line({ overlap, size }: { overlap: Overlap; size: number }) {
  const words = useWords().segments;
  const format = useFormat();
  const title = useTitle();
  const count = format.number(overlap.both);
  const exact = overlap.low === overlap.high;
  return (
    <li>
      <Link className="text-link" to={pathOf(overlap)}>
        {title(overlap)}
      </Link>
      <Text className="number" component="span" fz="sm">
        <span className="unseen-words">{words.both} </span>
        {exact ? words.people(count) : words.about(count)}{" "}
        <span className="soft">{format.share(overlap.both, size)}</span>
      </Text>
      {exact ? null : (
        <Text className="soft number" component="span" fz="xs">
          {words.interval(format.number(overlap.low), format.number(overlap.high))}
        </Text>
      )}
      <Bar color="pine" value={overlap.both} whole={size} />
    </li>
  );
}
