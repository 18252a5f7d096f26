import { Alert, Group, Skeleton, Stack, Text } from "@mantine/core";
import type { Text as Pair, RuleOutcome, Why } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useLocale, useWords } from "../i18n/useWords";
import { Trouble } from "../ui/Trouble";
import { useWhy } from "./queries";

export function WhyPanel({ customer, message }: { customer: number; message: number }) {
  const words = useWords();
  const why = useWhy(customer, message);
  if (why.isPending) {
    return <Skeleton aria-label={words.common.loading} height={160} mt="sm" role="status" />;
  }
  if (why.isError) return <Trouble error={why.error} retry={() => why.refetch()} />;
  return <Explained why={why.data} />;
}

function Explained({ why }: { why: Why }) {
  const { locale, words } = useLocale();
  const say = (pair: Pair) => pair[locale];
  return (
    <Stack gap="sm" mt="sm">
      <div>
        <Text fw={700}>{say(why.headline)}</Text>
        <Text>{say(why.explanation)}</Text>
      </div>
      <Alert color="pine" p="xs" title={words.customer.advice} variant="light">
        {say(why.advice)}
      </Alert>
      {why.rules.length > 0 ? <Rules rules={why.rules} /> : null}
      <History why={why} />
    </Stack>
  );
}

function Rules({ rules }: { rules: RuleOutcome[] }) {
  const { locale, words } = useLocale();
  const answers = {
    passed: words.customer.ruleNo,
    decided: words.customer.ruleYes,
    also: words.customer.ruleAlso,
  };
  return (
    <div>
      <Text fw={700} fz="sm" mb={4}>
        {words.customer.rules}
      </Text>
      <ol className="rules">
        {rules.map((rule) => (
          <li data-outcome={rule.outcome} key={rule.reason}>
            <span>{rule.question[locale]}</span>
            <span className="rules-answer">{answers[rule.outcome]}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function History({ why }: { why: Why }) {
  const words = useWords();
  const format = useFormat();
  const steps = [
    ...why.decisions.map((decision) => ({
      at: decision.decided_at,
      what: words.reasons[decision.reason],
      how: words.customer.stageOf[decision.stage],
    })),
    ...why.deliveries.map((delivery) => ({
      at: delivery.at,
      what: words.flow.delivery[delivery.state],
      how: [words.customer.attempt(delivery.attempt), delivery.code, delivery.detail]
        .filter(Boolean)
        .join(" · "),
    })),
  ].sort((one, other) => one.at.localeCompare(other.at));
  if (steps.length === 0) return null;
  return (
    <div>
      <Text fw={700} fz="sm" mb={4}>
        {words.customer.history}
      </Text>
      {steps.map((step) => (
        <Group gap="xs" justify="space-between" key={`${step.at}-${step.what}-${step.how}`} py={3}>
          <Text fz="sm">
            {step.what} <span className="soft">· {step.how}</span>
          </Text>
          <Text className="soft number" fz="xs">
            {format.moment(step.at)}
          </Text>
        </Group>
      ))}
    </div>
  );
}
