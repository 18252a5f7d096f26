import { Badge, Button, Group, Menu, Text } from "@mantine/core";
import { useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Disclosure } from "../ui/Disclosure";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { CallsPanel } from "./CallsPanel";
import { HeadersDialog } from "./HeadersDialog";
import { useEnable, useTest } from "./queries";
import { RemoveDialog } from "./RemoveDialog";
import { RotateDialog } from "./RotateDialog";
import type { Secret } from "./SecretDialog";
import type { Endpoint, Kind } from "./types";

const COLORS = { well: "pine", failing: "honey", resting: "honey", stopped: "clay" };

interface EndpointPanelProps {
  endpoint: Endpoint;
  kinds: Kind[];
  owner: boolean;
  writes: boolean;
  say: (what: string) => void;
  show: (secret: Secret) => void;
}

/** An endpoint: how it stands, what it hears, what it was told, and what can be done with it. */
export function EndpointPanel({ endpoint, kinds, owner, writes, say, show }: EndpointPanelProps) {
  const words = useWords().webhooks;
  const test = useTest();
  const enable = useEnable();
  const { name, standing } = endpoint;
  return (
    <Panel
      aside={
        <Badge color={COLORS[standing]} radius="sm" variant="light">
          {words.standing[standing]}
        </Badge>
      }
      title={name}
    >
      <Text className="webhooks-url" fz="sm">
        {endpoint.url}
      </Text>
      <Text className={standing === "well" ? "soft" : ""} fz="sm">
        <Stands endpoint={endpoint} />
      </Text>
      <Facts endpoint={endpoint} kinds={kinds} />
      <Refused error={test.error ?? enable.error} title={words.failedTo} />
      <Group gap="xs" mt="sm">
        {writes ? (
          <Button
            aria-label={words.testOne(name)}
            loading={test.isPending}
            onClick={() => test.mutate(name, { onSuccess: () => say(words.tested(name)) })}
            size="compact-md"
            variant="light"
          >
            {words.test}
          </Button>
        ) : null}
        {writes && (standing === "stopped" || standing === "resting") ? (
          <Button
            aria-label={words.enableOne(name)}
            loading={enable.isPending}
            onClick={() => enable.mutate(name, { onSuccess: () => say(words.enabled(name)) })}
            size="compact-md"
          >
            {words.enable}
          </Button>
        ) : null}
        {owner ? <Settings endpoint={endpoint} say={say} show={show} /> : null}
      </Group>
      <Disclosure about={name} less={words.calls.hide} more={words.calls.show}>
        {() => <CallsPanel name={name} say={say} writes={writes} />}
      </Disclosure>
    </Panel>
  );
}

function Stands({ endpoint }: { endpoint: Endpoint }) {
  const { standingHelp: help } = useWords().webhooks;
  const format = useFormat();
  const at = (moment: string | null) => (moment ? format.moment(moment) : "");
  const failures = format.number(endpoint.failures);
  if (endpoint.standing === "stopped") {
    const why = endpoint.given_up_because === "gone" ? help.gone : help.only_failures;
    return why(at(endpoint.given_up_at));
  }
  if (endpoint.standing === "resting") return help.resting(failures, at(endpoint.rests_until));
  if (endpoint.standing === "failing") return help.failing(failures, at(endpoint.failing_since));
  return help.well;
}

function Facts({ endpoint, kinds }: { endpoint: Endpoint; kinds: Kind[] }) {
  const words = useWords().webhooks;
  const format = useFormat();
  const all = endpoint.kinds.length === kinds.length;
  const counts = (["waiting", "delivered", "failed", "dropped"] as const).filter(
    (state) => endpoint[state] > 0 || state === "delivered",
  );
  return (
    <dl className="webhooks-facts">
      <div>
        <dt>{words.counts}</dt>
        <dd className="number">
          {counts.map((state) => `${words[state]} ${format.number(endpoint[state])}`).join(" · ")}
        </dd>
      </div>
      <div>
        <dt>{words.hears}</dt>
        <dd>{all ? words.hearsAll : endpoint.kinds.map((kind) => words.kind[kind]).join(", ")}</dd>
      </div>
      <div>
        <dt>{words.headers}</dt>
        <dd>{endpoint.header_names.join(", ") || words.noHeaders}</dd>
      </div>
      {endpoint.previous_until ? (
        <div>
          <dt>{words.secret.label}</dt>
          <dd>{words.alsoOld(format.moment(endpoint.previous_until))}</dd>
        </div>
      ) : null}
    </dl>
  );
}

type Asked = "rotate" | "headers" | "remove" | null;

/** What only owners do, each in a dialog of its own. */
function Settings(props: Pick<EndpointPanelProps, "endpoint" | "say" | "show">) {
  const words = useWords().webhooks;
  const [asked, ask] = useState<Asked>(null);
  const { endpoint, say, show } = props;
  const close = () => ask(null);
  return (
    <>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button
            aria-label={words.moreOne(endpoint.name)}
            rightSection={<Icon name="more" size={16} />}
            size="compact-md"
            variant="default"
          >
            {words.more}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => ask("rotate")}>{words.rotate}</Menu.Item>
          <Menu.Item onClick={() => ask("headers")}>{words.setHeaders}</Menu.Item>
          <Menu.Item color="clay" onClick={() => ask("remove")}>
            {words.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RotateDialog close={close} name={endpoint.name} open={asked === "rotate"} show={show} />
      <HeadersDialog close={close} endpoint={endpoint} open={asked === "headers"} />
      <RemoveDialog close={close} name={endpoint.name} open={asked === "remove"} say={say} />
    </>
  );
}
