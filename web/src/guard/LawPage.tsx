import { Alert, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import { GuardTabs } from "./GuardTabs";
import "./guard.css";
import { LawPanel } from "./LawPanel";
import { useLaw } from "./queries";

/** What the laws ask, article by article, for a lawyer to read and to print. */
export function LawPage() {
  const words = useWords();
  const law = useLaw();
  return (
    <>
      <PageTitle
        aside={
          <Button className="not-printed" onClick={() => window.print()} variant="light">
            {words.guard.law.print}
          </Button>
        }
        subtitle={words.guard.law.subtitle}
        title={words.guard.law.title}
      />
      <GuardTabs />
      <Stack gap="md">
        <Alert
          color="honey"
          icon={<Icon name="info" />}
          title={words.guard.law.notAdvice}
          variant="light"
        >
          <Text fz="sm">{words.guard.law.notAdviceHelp}</Text>
        </Alert>
        {law.isPending ? (
          <Skeleton aria-label={words.common.loading} height={480} radius={16} role="status" />
        ) : null}
        {law.isError ? <Trouble error={law.error} retry={() => law.refetch()} /> : null}
        {law.data?.map((pack) => (
          <LawPanel key={pack.code} pack={pack} />
        ))}
      </Stack>
    </>
  );
}
