import { Alert, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { HealthBadge } from "./HealthBadge";
import { LimitDialog } from "./LimitDialog";
import { News, type Said } from "./News";
import { useRate, useVendorName } from "./names";
import { useLimitVendor, useResumeVendor } from "./queries";
import type { Page, Vendor } from "./types";
import { VendorNotes } from "./VendorNotes";

interface VendorsPanelProps {
  page: Page;
  may: boolean;
}

/** Every vendor that is set up: how it fares, what it did today, and what somebody may change. */
export function VendorsPanel({ page, may }: VendorsPanelProps) {
  const words = useWords().sending;
  const name = useVendorName();
  const rate = useRate();
  const [said, say] = useState<Said | null>(null);
  const [asked, ask] = useState<Vendor | null>(null);
  const limit = useLimitVendor();
  const resume = useResumeVendor();
  const shown = page.vendors.filter((one) => one.is_set || isMissed(one));
  const put = (vendor: Vendor, perSecond: number | null) =>
    limit.mutateAsync({ name: vendor.name, per_second: perSecond });
  const change = async (vendor: Vendor, perSecond: number | null) => {
    await put(vendor, perSecond);
    ask(null);
    const undo = () =>
      put(vendor, vendor.per_second).then(
        () => say({ text: words.undone }),
        () => undefined,
      );
    say({ text: words.vendors.limited(name(vendor), rate(perSecond)), undo });
  };
  const go = (vendor: Vendor) =>
    resume.mutate(vendor.name, {
      onSuccess: () => say({ text: words.vendors.resumed(name(vendor)) }),
    });
  return (
    <Panel help={shown.length > 0 ? words.vendors.help : undefined} title={words.vendors.title}>
      <News pending={limit.isPending} said={said} />
      <Refused error={resume.error ?? (asked ? null : limit.error)} title={words.failed} />
      {shown.length === 0 ? (
        <Empty help={words.vendors.noneHelp} icon="deliveries" title={words.vendors.none} />
      ) : null}
      <ul aria-label={words.vendors.title} className="sending-list" hidden={shown.length === 0}>
        {shown.map((vendor) => (
          <OneVendor
            change={may ? () => ask(vendor) : undefined}
            key={vendor.name}
            page={page}
            resume={may ? () => go(vendor) : undefined}
            resuming={resume.isPending}
            vendor={vendor}
          />
        ))}
      </ul>
      <LimitDialog
        close={() => ask(null)}
        error={limit.error}
        limit={asked?.per_second ?? null}
        opened={asked !== null}
        save={(value) => (asked ? change(asked, value) : Promise.resolve())}
        title={asked ? words.vendors.limitQuestion(name(asked)) : ""}
      />
    </Panel>
  );
}

/** A vendor that is no longer set, but has something to say. */
function isMissed(vendor: Vendor): boolean {
  const worked = vendor.taken_today + vendor.refused_today > 0;
  return worked || vendor.health !== "well" || vendor.parked_reports > 0;
}

interface OneVendorProps {
  vendor: Vendor;
  page: Page;
  change: (() => void) | undefined;
  resume: (() => void) | undefined;
  resuming: boolean;
}

function OneVendor({ vendor, page, change, resume, resuming }: OneVendorProps) {
  const words = useWords();
  const name = useVendorName();
  const { vendors } = words.sending;
  const channels = vendor.channels.map((one) => words.customer.channel[one]);
  return (
    <li>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Text fw={700}>{name(vendor)}</Text>
          {vendor.is_wrong || !vendor.is_set ? null : <HealthBadge health={vendor.health} />}
        </Group>
        <Text className="soft" fz="sm">
          {channels.join(", ")}
        </Text>
      </Group>
      {vendor.is_wrong ? (
        <Alert color="clay" icon={<Icon name="info" />} my="xs" p="sm" variant="light">
          {vendors.wrong}
        </Alert>
      ) : null}
      <VendorNotes vendor={vendor} />
      <Facts page={page} vendor={vendor} />
      {change && vendor.is_set ? (
        <Group gap="xs" mt="xs">
          {resume && ["rests", "tried", "paused"].includes(vendor.health) ? (
            <Button
              aria-label={`${vendors.resume}: ${name(vendor)}`}
              loading={resuming}
              onClick={resume}
              size="compact-md"
              variant="light"
            >
              {vendors.resume}
            </Button>
          ) : null}
          <Button
            aria-label={`${vendors.change}: ${name(vendor)}`}
            onClick={change}
            size="compact-md"
            variant="default"
          >
            {vendors.change}
          </Button>
        </Group>
      ) : null}
    </li>
  );
}

function Facts({ vendor, page }: { vendor: Vendor; page: Page }) {
  const words = useWords();
  const format = useFormat();
  const rate = useRate();
  const { vendors } = words.sending;
  const waiting = page.lanes
    .filter((lane) => vendor.channels.includes(lane.channel))
    .reduce((sum, lane) => sum + lane.waiting, 0);
  const { warm_up: warmUp } = vendor;
  return (
    <dl className="sending-facts">
      <Fact name={vendors.taken}>{words.common.messages(format.number(vendor.taken_today))}</Fact>
      <Fact name={vendors.refused}>
        {words.common.messages(format.number(vendor.refused_today))}
      </Fact>
      <Fact name={vendors.waiting}>{words.common.messages(format.number(waiting))}</Fact>
      <Fact name={vendors.limit}>{rate(vendor.per_second)}</Fact>
      {warmUp && warmUp.most !== null ? (
        <Fact name={vendors.warmUp}>
          <Link className="text-link" to="/sending/receivers">
            {vendors.warmUpDay(format.number(warmUp.day), format.number(warmUp.days))} ·{" "}
            {format.number(warmUp.taken)}/{format.number(warmUp.most)}
          </Link>
        </Fact>
      ) : null}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">{children}</dd>
    </div>
  );
}
