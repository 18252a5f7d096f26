import { Badge, Select, Skeleton, Stack, Text } from "@mantine/core";
import { Link, useSearchParams } from "react-router";
import type { Fate, Fates } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useTitle, useWords } from "../i18n/useWords";
import { Bar } from "../ui/Bars";
import { Empty } from "../ui/Empty";
import { PageTitle } from "../ui/PageTitle";
import { Trouble } from "../ui/Trouble";
import { GuardTabs } from "./GuardTabs";
import "./guard.css";
import { useFates } from "./queries";

const COLORS: Record<Fate["state"], string> = {
  planned: "stone",
  held: "honey",
  skipped: "clay",
  allowed: "pine",
  handed: "pine",
  failed: "clay",
};

/** Every planned message under the reason that settled it, of one journey or of all. */
export function ReasonsPage() {
  const words = useWords();
  const [params] = useSearchParams();
  const journey = params.get("journey");
  const fates = useFates(journey);
  return (
    <>
      <PageTitle subtitle={words.guard.reasons.subtitle} title={words.guard.reasons.title} />
      <GuardTabs />
      {fates.isPending ? (
        <Skeleton aria-label={words.common.loading} height={360} radius={16} role="status" />
      ) : null}
      {fates.isError ? <Trouble error={fates.error} retry={() => fates.refetch()} /> : null}
      {fates.data ? <Found fates={fates.data} journey={journey} /> : null}
    </>
  );
}

function Found({ fates, journey }: { fates: Fates; journey: string | null }) {
  const words = useWords().guard.reasons;
  return (
    <Stack gap="md">
      {fates.journeys.length > 0 ? <Choice fates={fates} journey={journey} /> : null}
      <div className="panel">
        {fates.audience === 0 ? (
          <Empty help={words.emptyHelp} icon="decisions" title={words.empty} />
        ) : (
          <Totals fates={fates} />
        )}
      </div>
    </Stack>
  );
}

function Choice({ fates, journey }: { fates: Fates; journey: string | null }) {
  const words = useWords().guard.reasons;
  const format = useFormat();
  const title = useTitle();
  const [, setParams] = useSearchParams();
  return (
    <Select
      allowDeselect={false}
      data={[
        { value: "", label: words.all },
        ...fates.journeys.map((one) => ({
          value: one.name,
          label: words.choice(title(one), format.number(one.messages)),
        })),
      ]}
      label={words.journey}
      maw={420}
      onChange={(name) => setParams(name ? { journey: name } : {})}
      value={journey ?? ""}
    />
  );
}

function Totals({ fates }: { fates: Fates }) {
  const words = useWords().guard.reasons;
  const format = useFormat();
  const ordered = fates.fates.toSorted((one, other) => other.messages - one.messages);
  return (
    <table aria-label={words.table} className="guard-table guard-sums">
      <thead>
        <tr>
          <th scope="col">{words.reason}</th>
          <th scope="col">{words.count}</th>
          <th scope="col">{words.share}</th>
        </tr>
      </thead>
      <tbody>
        {ordered.map((fate) => (
          <Line fate={fate} key={`${fate.state} ${fate.reason}`} whole={fates.audience} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">
            {words.sum} · {words.audience}
          </th>
          <td className="number">{format.number(fates.audience)}</td>
          <td className="number">{format.share(fates.audience, fates.audience)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function Line({ fate, whole }: { fate: Fate; whole: number }) {
  const words = useWords();
  const format = useFormat();
  return (
    <tr>
      <td>
        {fate.reason ? (
          <Link className="text-link" to={`/customers?reason=${fate.reason}`}>
            {words.reasons[fate.reason]}
          </Link>
        ) : (
          <Text component="span">{words.guard.reasons.unjudged}</Text>
        )}{" "}
        <Badge color={COLORS[fate.state]} radius="sm" size="sm" variant="light">
          {words.why.state[fate.state]}
        </Badge>
        <Bar color={COLORS[fate.state]} value={fate.messages} whole={whole} />
      </td>
      <td className="number">{format.number(fate.messages)}</td>
      <td className="number soft">{format.share(fate.messages, whole)}</td>
    </tr>
  );
}
