import { Alert, Button, Fieldset, Group, SimpleGrid, Stack, Switch } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { ClockField, NumberField } from "./fields";
import { useSetLimits } from "./queries";
import type { ShopLimits } from "./types";

const PERCENT = 100;
const PER_MILLE_OF_PERCENT = 10;

interface LimitsFormProps {
  limits: ShopLimits;
  writes: boolean;
}

/** The shop's own limits, as a form that a reader may only read. */
export function LimitsForm({ limits, writes }: LimitsFormProps) {
  const words = useWords().guard.limits;
  const [wish, setWish] = useState(limits);
  const save = useSetLimits();
  const set = (change: Partial<ShopLimits>) => {
    save.reset();
    setWish({ ...wish, ...change });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(wish);
  };
  return (
    <Panel help={words.ownHelp} title={words.own}>
      <form onSubmit={submit}>
        <Fieldset className="guard-form" disabled={!writes} p={0} variant="unstyled">
          <Stack gap="lg">
            <Often set={set} wish={wish} />
            <Quiet set={set} wish={wish} />
            <Silent set={set} wish={wish} />
            <Measure set={set} wish={wish} />
            <Refused error={save.error} title={words.refused} />
            <Group>
              <Button loading={save.isPending} type="submit">
                {words.save}
              </Button>
              <div className="news" role="status">
                {save.isSuccess ? (
                  <Alert color="pine" icon={<Icon name="check" />} p="xs" variant="light">
                    {words.saved}
                  </Alert>
                ) : null}
              </div>
            </Group>
          </Stack>
        </Fieldset>
      </form>
    </Panel>
  );
}

interface PartProps {
  wish: ShopLimits;
  set: (change: Partial<ShopLimits>) => void;
}

function Often({ wish, set }: PartProps) {
  const { field, groups } = useWords().guard.limits;
  return (
    <Fieldset legend={groups.often}>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NumberField
          label={field.cap_messages}
          onChange={(cap_messages) => set({ cap_messages })}
          value={wish.cap_messages}
        />
        <NumberField
          label={field.cap_days}
          onChange={(cap_days) => set({ cap_days })}
          value={wish.cap_days}
        />
        <NumberField
          label={field.daily_messages}
          onChange={(daily_messages) => set({ daily_messages })}
          value={wish.daily_messages}
        />
      </SimpleGrid>
    </Fieldset>
  );
}

function Quiet({ wish, set }: PartProps) {
  const { field, groups, hint } = useWords().guard.limits;
  return (
    <Fieldset legend={groups.quiet}>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <ClockField
          hint={hint.quiet_from}
          label={field.quiet_from}
          onChange={(quiet_from) => set({ quiet_from })}
          value={wish.quiet_from}
        />
        <ClockField
          label={field.quiet_until}
          onChange={(quiet_until) => set({ quiet_until })}
          value={wish.quiet_until}
        />
        <NumberField
          hint={hint.send_time_hours}
          label={field.send_time_hours}
          max={24}
          min={0}
          onChange={(send_time_hours) => set({ send_time_hours })}
          value={wish.send_time_hours}
        />
      </SimpleGrid>
    </Fieldset>
  );
}

function Silent({ wish, set }: PartProps) {
  const { field, groups, hint } = useWords().guard.limits;
  return (
    <Fieldset legend={groups.silent}>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NumberField
          hint={hint.sunset_messages}
          label={field.sunset_messages}
          min={2}
          onChange={(sunset_messages) => set({ sunset_messages })}
          value={wish.sunset_messages}
        />
        <NumberField
          label={field.sunset_days}
          onChange={(sunset_days) => set({ sunset_days })}
          value={wish.sunset_days}
        />
        <NumberField
          label={field.reduced_days}
          onChange={(reduced_days) => set({ reduced_days })}
          value={wish.reduced_days}
        />
      </SimpleGrid>
    </Fieldset>
  );
}

function Measure({ wish, set }: PartProps) {
  const { field, groups, hint } = useWords().guard.limits;
  return (
    <Fieldset legend={groups.measure}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <NumberField
            decimals={1}
            label={field.holdout}
            max={100}
            min={0}
            onChange={(share) =>
              set({ holdout_permille: Math.round(share * PER_MILLE_OF_PERCENT) })
            }
            value={wish.holdout_permille / PER_MILLE_OF_PERCENT}
          />
          <NumberField
            decimals={2}
            hint={hint.opt_out_limit}
            label={field.opt_out_limit}
            max={99.99}
            min={0.01}
            onChange={(share) => set({ opt_out_limit: share / PERCENT })}
            value={Number((wish.opt_out_limit * PERCENT).toFixed(2))}
          />
        </SimpleGrid>
        <Switch
          checked={wish.similar_goods}
          label={field.similar_goods}
          onChange={(event) => set({ similar_goods: event.currentTarget.checked })}
        />
        <Switch
          checked={wish.consent_notices}
          label={field.consent_notices}
          onChange={(event) => set({ consent_notices: event.currentTarget.checked })}
        />
        <Switch
          checked={wish.message_events}
          label={field.message_events}
          onChange={(event) => set({ message_events: event.currentTarget.checked })}
        />
      </Stack>
    </Fieldset>
  );
}
