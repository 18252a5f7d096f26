import { Badge, Button, Skeleton, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link } from "react-router";
import { useLocale, useTitle, useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Empty } from "../ui/Empty";
import { Trouble } from "../ui/Trouble";
import { useReadyMade } from "./queries";
import { pathOf } from "./SegmentList";
import type { ReadyGroup, ReadyMade } from "./types";

const GROUPS: ReadyGroup[] = ["lifecycle", "rfm", "value", "habits", "risk", "cart"];

/** Segments that others found useful, each explained, to start from. */
export function Gallery({ open, close }: { open: boolean; close: () => void }) {
  const words = useWords().segments;
  const phone = useMediaQuery("(max-width: 47.99em)") ?? false;
  return (
    <Dialog fullScreen={phone} onClose={close} opened={open} size="xl" title={words.galleryTitle}>
      <Text className="soft" fz="sm" mb="md">
        {words.galleryHelp}
      </Text>
      {open ? <Shelves /> : null}
    </Dialog>
  );
}

function Shelves() {
  const words = useWords();
  const made = useReadyMade();
  if (made.isPending) {
    return <Skeleton aria-label={words.common.loading} height={320} radius={16} role="status" />;
  }
  if (made.isError) return <Trouble error={made.error} retry={() => made.refetch()} />;
  if (made.data.length === 0) {
    return <Empty help="" icon="segments" title={words.segments.galleryEmpty} />;
  }
  return GROUPS.map((group) => (
    <Shelf group={group} key={group} made={made.data.filter((one) => one.group === group)} />
  ));
}

function Shelf({ group, made }: { group: ReadyGroup; made: ReadyMade[] }) {
  const words = useWords().segments.groups[group];
  if (made.length === 0) return null;
  return (
    <section className="shelf">
      <h3>{words.title}</h3>
      <Text className="soft" fz="sm">
        {words.help}
      </Text>
      <ul className="cards">
        {made.map((one) => (
          <Card key={one.name} made={one} />
        ))}
      </ul>
    </section>
  );
}

function Card({ made }: { made: ReadyMade }) {
  const { locale, words: all } = useLocale();
  const words = all.segments;
  const title = useTitle();
  return (
    <li className="card">
      <span className="card-title">
        <Text fw={700}>{title(made)}</Text>
        {made.there ? (
          <Badge color="stone" radius="sm" style={{ flexShrink: 0 }} variant="light">
            {words.there}
          </Badge>
        ) : null}
      </span>
      <Text className="soft" fz="sm">
        {locale === "ko" ? made.about_ko : made.about_en}
      </Text>
      <Button
        aria-label={`${made.there ? words.open : words.use}: ${title(made)}`}
        className="card-deed"
        component={Link}
        size="compact-sm"
        to={made.there ? pathOf(made) : `/segments/new?ready=${encodeURIComponent(made.name)}`}
        variant="light"
      >
        {made.there ? words.open : words.use}
      </Button>
    </li>
  );
}
