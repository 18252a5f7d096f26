import { useWords } from "../i18n/useWords";
import { Tabs } from "./Tabs";

/** What happens now, and what it came to. */
export function FlowTabs() {
  const { flow } = useWords().sections;
  return (
    <Tabs
      label={flow.label}
      tabs={[
        { to: "/", label: flow.now },
        { to: "/results", label: flow.results },
      ]}
    />
  );
}

/** What comes in, and to whom something of it goes out. */
export function DataTabs() {
  const { data } = useWords().sections;
  return (
    <Tabs
      label={data.label}
      tabs={[
        { to: "/data", label: data.names },
        { to: "/webhooks", label: data.webhooks },
        { to: "/audiences", label: data.audiences },
      ]}
    />
  );
}
