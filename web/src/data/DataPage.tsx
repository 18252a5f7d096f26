import { Alert, Skeleton, Stack, Text } from "@mantine/core";
import type { Data, DataName } from "../api/types";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { PageTitle } from "../ui/PageTitle";
import { Panel } from "../ui/Panel";
import { DataTabs } from "../ui/SectionTabs";
import { Trouble } from "../ui/Trouble";
import { NameList } from "./NameList";
import { useData } from "./useData";

/** Which data there is; nobody declares it, the events tell it. */
export function DataPage() {
  const words = useWords();
  const data = useData();
  return (
    <>
      <PageTitle subtitle={words.data.subtitle} title={words.data.title} />
      <DataTabs />
      {data.isError && !data.data ? (
        <Trouble error={data.error} retry={() => data.refetch()} />
      ) : null}
      {data.isPending ? <Skeleton height={320} radius={16} /> : null}
      {data.data ? <Found data={data.data} /> : null}
    </>
  );
}

function Found({ data }: { data: Data }) {
  const words = useWords();
  if (data.names.length === 0) {
    return <Empty help={words.data.emptyHelp} icon="data" title={words.data.empty} />;
  }
  return (
    <Stack gap="md">
      <Surplus surplus={data.surplus} />
      {[...byEvent(data.names)].map(([event, names]) => (
        <Panel
          help={event ? words.data.propertiesHelp : words.data.traitsHelp}
          key={event}
          title={event ? (words.events[event] ?? event) : words.data.traits}
        >
          <NameList names={names} />
        </Panel>
      ))}
    </Stack>
  );
}

function Surplus({ surplus }: { surplus: Data["surplus"] }) {
  const words = useWords().data;
  const format = useFormat();
  if (surplus.length === 0) return null;
  return (
    <Alert color="honey" icon={<Icon name="info" />} title={words.surplus} variant="light">
      {surplus.map((one) => (
        <Text fz="sm" key={`${one.event_name} ${one.reason}`}>
          {one.event_name ? `${one.event_name}: ` : ""}
          {words.reason[one.reason](format.number(one.count))}
        </Text>
      ))}
      <Text className="soft" fz="sm">
        {words.surplusHelp}
      </Text>
    </Alert>
  );
}

function byEvent(names: DataName[]): Map<string, DataName[]> {
  const found = new Map<string, DataName[]>();
  for (const name of names) {
    found.set(name.event_name, [...(found.get(name.event_name) ?? []), name]);
  }
  return found;
}
