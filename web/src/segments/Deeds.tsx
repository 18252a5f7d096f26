import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "react-router";
import { useTitle, useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { CopyDialog } from "./CopyDialog";
import { pathOf } from "./SegmentList";
import type { SegmentDetail } from "./types";
import type { Deeds as Done } from "./useDeeds";

interface DeedsProps {
  segment: SegmentDetail;
  done: Done;
  writes: boolean;
}

/** What can be done with a segment. */
export function Deeds({ segment, done, writes }: DeedsProps) {
  const words = useWords().segments;
  const [copying, copy] = useDisclosure(false);
  const [archiving, archive] = useDisclosure(false);
  const archived = segment.state === "archived";
  const waits = segment.has_draft || segment.state === "draft";
  return (
    <Group gap="xs">
      <Button onClick={copy.open} variant="default">
        {words.copy}
      </Button>
      {writes && !archived ? (
        <>
          <Button onClick={archive.open} variant="default">
            {words.archive}
          </Button>
          <Button
            component={Link}
            to={pathOf(segment, "/edit")}
            variant={waits ? "default" : "filled"}
          >
            {words.edit}
          </Button>
        </>
      ) : null}
      {writes && archived ? (
        <Button loading={done.busy} onClick={() => done.act("restore")}>
          {words.restore}
        </Button>
      ) : null}
      {writes && !archived && waits ? (
        <Button loading={done.busy} onClick={() => done.act("publish")}>
          {words.publish}
        </Button>
      ) : null}
      <CopyDialog close={copy.close} open={copying} segment={segment} />
      <ArchiveDialog close={archive.close} done={done} open={archiving} segment={segment} />
    </Group>
  );
}

interface ArchiveDialogProps {
  segment: SegmentDetail;
  done: Done;
  open: boolean;
  close: () => void;
}

function ArchiveDialog({ segment, done, open, close }: ArchiveDialogProps) {
  const words = useWords().segments;
  const title = useTitle();
  const yes = () => {
    done.act("archive");
    close();
  };
  return (
    <Dialog onClose={close} opened={open} title={words.archiveQuestion(title(segment))}>
      <Text fz="sm" mb="md">
        {words.archiveHelp}
      </Text>
      <Group justify="flex-end">
        <Button data-autofocus onClick={close} variant="default">
          {words.cancel}
        </Button>
        <Button color="clay" onClick={yes}>
          {words.archiveYes}
        </Button>
      </Group>
    </Dialog>
  );
}
