import { Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Panel } from "../ui/Panel";
import { guideOf, useVendorName } from "./names";
import type { Vendor } from "./types";

/** The vendors that are not set up, and the names of what has to be set. */
export function UnsetPanel({ vendors }: { vendors: Vendor[] }) {
  const words = useWords();
  const format = useFormat();
  const name = useVendorName();
  const unset = vendors.filter((one) => !one.is_set && one.settings.length > 0);
  if (unset.length === 0) return null;
  const { vendors: said } = words.sending;
  const title = said.unset(format.number(unset.length));
  return (
    <Panel help={said.unsetHelp} title={title}>
      <ul aria-label={title} className="sending-list">
        {unset.map((vendor) => (
          <li key={vendor.name}>
            <Text fw={600}>
              {name(vendor)}{" "}
              <Text className="soft" component="span" fz="sm">
                {vendor.channels.map((one) => words.customer.channel[one]).join(", ")}
              </Text>
            </Text>
            <dl className="sending-facts">
              <div>
                <dt>{said.settings}</dt>
                <dd>
                  {vendor.settings.map((setting) => (
                    <code className="sending-name" key={setting}>
                      {setting}
                    </code>
                  ))}
                </dd>
              </div>
              <div>
                <dt>{said.guide}</dt>
                <dd>
                  <code className="sending-name">{guideOf(vendor)}</code>
                </dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
