import { Alert, Button, Skeleton, Stack } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Tabs } from "../ui/Tabs";
import { Trouble } from "../ui/Trouble";
import { ListTable } from "./ListTable";
import "./lists.css";
import { useLists } from "./queries";
import { RemoveDialog } from "./RemoveDialog";
import { UploadDialog } from "./UploadDialog";

/** Customers as files named them. */
export function ListsPage({ writes }: { writes: boolean }) {
  const words = useWords();
  const [uploading, upload] = useState(false);
  const [leaving, leave] = useState<string | null>(null);
  const [said, say] = useState("");
  const { tabs } = words.segments;
  return (
    <>
      <PageTitle
        aside={
          writes ? (
            <Button leftSection={<Icon name="plus" size={16} />} onClick={() => upload(true)}>
              {words.lists.upload}
            </Button>
          ) : null
        }
        subtitle={words.lists.subtitle}
        title={words.lists.title}
      />
      <Tabs
        label={tabs.label}
        tabs={[
          { to: "/segments", label: tabs.segments },
          { to: "/lists", label: tabs.lists },
        ]}
      />
      <Stack gap="md">
        <div className="news" role="status">
          {said ? (
            <Alert
              color="pine"
              icon={<Icon name="check" />}
              onClose={() => say("")}
              p="sm"
              variant="light"
            >
              {said}
            </Alert>
          ) : null}
        </div>
        <Found onRemove={leave} writes={writes} />
      </Stack>
      <UploadDialog close={() => upload(false)} open={uploading} say={say} />
      <RemoveDialog close={() => leave(null)} name={leaving} say={say} />
    </>
  );
}

function Found({ writes, onRemove }: { writes: boolean; onRemove: (name: string) => void }) {
  const words = useWords();
  const lists = useLists();
  if (lists.isPending) {
    return <Skeleton aria-label={words.common.loading} height={240} radius={16} role="status" />;
  }
  if (!lists.data) return <Trouble error={lists.error} retry={() => lists.refetch()} />;
  if (lists.data.length === 0) {
    return (
      <div className="panel">
        <Empty help={words.lists.emptyHelp} icon="data" title={words.lists.empty} />
      </div>
    );
  }
  return <ListTable lists={lists.data} onRemove={onRemove} writes={writes} />;
}
