import { Alert, Skeleton, Stack } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import { CapsPanel } from "./CapsPanel";
import { GuardTabs } from "./GuardTabs";
import "./guard.css";
import { LimitsForm } from "./LimitsForm";
import { useLimits } from "./queries";
import { StopsPanel } from "./StopsPanel";
import { TemplatesPanel } from "./TemplatesPanel";

/** How much one customer hears: what the shop set, what was stopped, what templates are worth. */
export function LimitsPage({ writes }: { writes: boolean }) {
  const words = useWords();
  const limits = useLimits();
  return (
    <>
      <PageTitle subtitle={words.guard.limits.subtitle} title={words.guard.limits.title} />
      <GuardTabs />
      {limits.isPending ? (
        <Skeleton aria-label={words.common.loading} height={480} radius={16} role="status" />
      ) : null}
      {limits.isError ? <Trouble error={limits.error} retry={() => limits.refetch()} /> : null}
      {limits.data ? (
        <Stack gap="md">
          {writes ? null : (
            <Alert color="stone" icon={<Icon name="info" />} variant="light">
              {words.guard.limits.readOnly}
            </Alert>
          )}
          <StopsPanel stops={limits.data.stops} writes={writes} />
          <LimitsForm limits={limits.data.limits} writes={writes} />
          <CapsPanel caps={limits.data.caps} topics={limits.data.topics} writes={writes} />
          <TemplatesPanel templates={limits.data.templates} topics={limits.data.topics} />
        </Stack>
      ) : null}
    </>
  );
}
