import { Skeleton, Stack } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { PageTitle } from "../ui/PageTitle";
import { Panel } from "../ui/Panel";
import { Trouble } from "../ui/Trouble";
import { AccessPanel } from "./AccessPanel";
import { GuardTabs } from "./GuardTabs";
import "./guard.css";
import { Purpose } from "./Purpose";
import { usePrivacy } from "./queries";

/** What is collected, what was withheld, and who saw whose data; `owner` may see the last. */
export function PrivacyPage({ owner }: { owner: boolean }) {
  const words = useWords().guard.privacy;
  return (
    <>
      <PageTitle subtitle={words.subtitle} title={words.title} />
      <GuardTabs />
      <Stack gap="md">
        <Purposes />
        <AccessPanel owner={owner} />
      </Stack>
    </>
  );
}

function Purposes() {
  const words = useWords();
  const privacy = usePrivacy();
  const { purposes, withheld_days: days } = privacy.data ?? { purposes: [], withheld_days: 0 };
  return (
    <Panel help={words.guard.privacy.purposesHelp} title={words.guard.privacy.purposes}>
      {privacy.isPending ? (
        <Skeleton aria-label={words.common.loading} height={240} role="status" />
      ) : null}
      {privacy.isError ? <Trouble error={privacy.error} retry={() => privacy.refetch()} /> : null}
      {privacy.data && purposes.length === 0 ? (
        <Empty
          help={words.guard.privacy.purposesEmptyHelp}
          icon="hand"
          title={words.guard.privacy.purposesEmpty}
        />
      ) : null}
      <ul
        aria-label={words.guard.privacy.purposes}
        className="guard-list"
        hidden={purposes.length === 0}
      >
        {purposes.map((purpose) => (
          <Purpose days={days} key={purpose.name} purpose={purpose} />
        ))}
      </ul>
    </Panel>
  );
}
