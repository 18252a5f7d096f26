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
