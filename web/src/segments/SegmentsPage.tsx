import { Button, Group, SegmentedControl, Skeleton, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Tabs } from "../ui/Tabs";
import { Trouble } from "../ui/Trouble";
import { Gallery } from "./Gallery";
import { useSegments } from "./queries";
import { SegmentList } from "./SegmentList";
import "./segments.css";
import type { Segment } from "./types";

type Show = "active" | "archived";

export function SegmentsPage({ writes }: { writes: boolean }) {
  const words = useWords().segments;
  const [gallery, setGallery] = useState(false);
  return (
    <>
      <PageTitle
        aside={writes ? <Begin onGallery={() => setGallery(true)} /> : null}
        subtitle={words.subtitle}
        title={words.title}
      />
      <SectionTabs />
      <Found onGallery={() => setGallery(true)} writes={writes} />
      <Gallery close={() => setGallery(false)} open={gallery} />
    </>
  );
}

function SectionTabs() {
  const { tabs } = useWords().segments;
  return (
    <Tabs
      label={tabs.label}
      tabs={[
        { to: "/segments", label: tabs.segments },
        { to: "/lists", label: tabs.lists },
      ]}
    />
  );
}

function Begin({ onGallery }: { onGallery: () => void }) {
  const words = useWords().segments;
  return (
    <Group gap="xs">
      <Button onClick={onGallery} variant="default">
        {words.gallery}
      </Button>
      <Button component={Link} leftSection={<Icon name="plus" size={16} />} to="/segments/new">
        {words.new}
      </Button>
    </Group>
  );
}

function Found({ writes, onGallery }: { writes: boolean; onGallery: () => void }) {
  const words = useWords();
  const segments = useSegments();
  const [sought, seek] = useState("");
  const [show, setShow] = useState<Show>("active");
  if (segments.isPending) {
    return <Skeleton aria-label={words.common.loading} height={420} radius={16} role="status" />;
  }
  if (!segments.data) return <Trouble error={segments.error} retry={() => segments.refetch()} />;
  if (segments.data.length === 0) {
    return (
      <div className="panel">
        <Empty help={words.segments.emptyHelp} icon="segments" title={words.segments.empty} />
        {writes ? (
          <Group justify="center" pb="md">
            <Button onClick={onGallery}>{words.segments.gallery}</Button>
          </Group>
        ) : null}
      </div>
    );
  }
  const kept = segments.data.filter((one) => (one.state === "archived") === (show === "archived"));
  const found = kept.filter((one) => fits(one, sought));
  return (
    <Stack gap="md">
      <Group gap="sm">
        <TextInput
          aria-label={words.segments.search}
          flex={1}
          leftSection={<Icon name="search" size={18} />}
          maw={480}
          miw={200}
          onChange={(event) => seek(event.currentTarget.value)}
          placeholder={words.segments.searchHint}
          size="md"
          type="search"
          value={sought}
        />
        <SegmentedControl<Show>
          aria-label={words.segments.show}
          data={[
            { value: "active", label: words.segments.filter.active },
            { value: "archived", label: words.segments.filter.archived },
          ]}
          onChange={setShow}
          value={show}
        />
      </Group>
      {found.length > 0 ? (
        <SegmentList segments={found} />
      ) : (
        <Nothing archived={show === "archived"} searched={sought.trim() !== ""} />
      )}
    </Stack>
  );
}

function fits(segment: Segment, sought: string): boolean {
  const said = [
    segment.name,
    segment.title_ko,
    segment.title_en,
    segment.sentence_ko,
    segment.sentence_en,
  ];
  return said.join("\n").toLowerCase().includes(sought.trim().toLowerCase());
}

function Nothing({ searched, archived }: { searched: boolean; archived: boolean }) {
  const words = useWords().segments;
  const none = archived && !searched;
  return (
    <div className="panel" role="status">
      <Empty
        help={none ? words.noArchivedHelp : words.noneFoundHelp}
        icon={none ? "segments" : "search"}
        title={none ? words.noArchived : words.noneFound}
      />
    </div>
  );
}
