import { Checkbox, Text } from "@mantine/core";
import { useTitle, useWords } from "../../i18n/useWords";
import { type Fields, isFields, type Json } from "../tree";
import { CompareForm } from "./CompareForm";
import { opFor, startOp } from "./compare";
import { useBench } from "./context";
import type { LeafFormProps } from "./EventForm";
import { choicesOf, today, without } from "./fields";
import { NumberField, OneOf, Suggest, TextField } from "./Inputs";
import { Part } from "./Part";
import { WindowForm } from "./WindowForm";

const FACTS = [
  { name: "$first_seen_at", kinds: ["date"] },
  { name: "$last_seen_at", kinds: ["date"] },
  { name: "$locale", kinds: ["text"] },
  { name: "$country", kinds: ["text"] },
  { name: "$time_zone", kinds: ["text"] },
];
const REACTIONS = [
  "sent",
  "delivered",
  "opened",
  "clicked",
  "replied",
  "bounced",
  "complained",
  "unsubscribed",
];
const WILLS = ["granted", "refused", "withdrawn", "unknown"];
const STAGES = [
  "new",
  "prospect",
  "one_time",
  "repeat",
  "loyal",
  "won_back",
  "cooling",
  "inactive",
  "lost",
];
const LIMITS: Record<string, number> = {
  new_days: 14,
  loyal_orders: 4,
  cooling_days: 30,
  inactive_days: 90,
  lost_days: 365,
};
const PURCHASE = "Order Completed";

/** Something known about the customer. */
export function TraitForm({ item, fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const { vocabulary } = useBench();
  const known = [...vocabulary.traits, ...FACTS];
  const name = (trait: string) => {
    const kinds = known.find((one) => one.name === trait)?.kinds;
    const is = isFields(fields.is) ? fields.is : {};
    const fresh = kinds && (is.kind === "exists" || is.value === "");
    const op = kinds?.includes("date") ? "days_ago" : opFor(kinds ?? []);
    onChange({ ...fields, trait, is: fresh ? startOp(op, {}, today()) : is });
  };
  return (
    <div className="fields">
      <Suggest
        label={build.trait}
        names={known.map((one) => one.name)}
        onChange={name}
        value={fields.trait}
      />
      <Part at=".is" item={item}>
        <CompareForm onChange={(is) => onChange({ ...fields, is })} test={fields.is} />
      </Part>
    </div>
  );
}

/** How many messages got a reaction. */
export function EngagementForm({ item, fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const { vocabulary } = useBench();
  const title = useTitle();
  const channels = useChannels();
  const set = (name: string) => (value: Json | undefined) => onChange(without(fields, name, value));
  const journeys = vocabulary.journeys.map((one) => ({ value: one.name, label: title(one) }));
  return (
    <div className="fields">
      <OneOf
        choices={choicesOf(REACTIONS, build.reactions)}
        label={build.reaction}
        onChange={set("reaction")}
        value={fields.reaction}
        width={140}
      />
      <OneOf
        choices={[{ value: "*", label: build.anyChannel }, ...channels]}
        label={build.channel}
        onChange={(chosen) => set("channel")(chosen === "*" ? undefined : chosen)}
        value={fields.channel ?? "*"}
        width={130}
      />
      <OneOf
        choices={[{ value: "*", label: build.anyJourney }, ...journeys]}
        label={build.journey}
        onChange={(chosen) => set("journey")(chosen === "*" ? undefined : chosen)}
        value={fields.journey ?? "*"}
        width={180}
      />
      <Part at=".is" item={item}>
        <CompareForm fitting="count" onChange={set("is")} test={fields.is} />
      </Part>
      <Part at=".during" item={item}>
        <WindowForm onChange={set("during")} window={fields.during} />
      </Part>
    </div>
  );
}

function useChannels() {
  const { vocabulary } = useBench();
  const words = useWords().customer.channel as Record<string, string>;
  return choicesOf(vocabulary.channels, words);
}

/** The last word on a channel and a purpose. */
export function ConsentForm({ fields, onChange }: LeafFormProps) {
  const words = useWords();
  const { build } = words.segments;
  const { vocabulary } = useBench();
  const channels = useChannels();
  const set = (name: string) => (value: string) => onChange({ ...fields, [name]: value });
  return (
    <div className="fields">
      <OneOf
        choices={channels}
        label={build.channel}
        onChange={set("channel")}
        value={fields.channel}
        width={130}
      />
      <OneOf
        choices={choicesOf(vocabulary.purposes, words.customer.purpose as Record<string, string>)}
        label={build.purpose}
        onChange={set("purpose")}
        value={fields.purpose ?? "marketing"}
        width={130}
      />
      <OneOf
        choices={choicesOf(WILLS, build.wills)}
        label={build.state}
        onChange={set("state")}
        value={fields.state ?? "granted"}
        width={130}
      />
    </div>
  );
}

export function ReachableForm({ fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const channels = useChannels();
  return (
    <OneOf
      choices={channels}
      label={build.channel}
      onChange={(channel) => onChange({ ...fields, channel })}
      value={fields.channel}
      width={130}
    />
  );
}

/** Stages of buying, and where they begin and end. */
export function LifecycleForm({ fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const { vocabulary } = useBench();
  const set = (name: string) => (value: Json | undefined) => onChange(without(fields, name, value));
  const stages = (Array.isArray(fields.stages) ? fields.stages : []).map(String);
  return (
    <>
      <Checkbox.Group label={build.stages} onChange={set("stages")} value={stages}>
        <div className="checks">
          {STAGES.map((stage) => (
            <Checkbox key={stage} label={build.stage[stage]} value={stage} />
          ))}
        </div>
      </Checkbox.Group>
      <details className="limits">
        <summary>{build.limits}</summary>
        <div className="fields">
          {Object.entries(LIMITS).map(([name, usual]) => (
            <NumberField
              key={name}
              label={build.limitOf[name] ?? name}
              min={1}
              onChange={(value) => set(name)(value === usual ? undefined : value)}
              value={fields[name] ?? usual}
              whole
              width={170}
            />
          ))}
          <Suggest
            label={build.purchase}
            names={vocabulary.events.map((one) => one.name)}
            onChange={(event) => set("purchase")(event === PURCHASE ? undefined : event)}
            value={fields.purchase ?? PURCHASE}
          />
        </div>
      </details>
    </>
  );
}

export function SegmentForm({ fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const { vocabulary, name } = useBench();
  const title = useTitle();
  const others = vocabulary.segments.filter((one) => one.name !== name);
  return (
    <OneOf
      choices={others.map((one) => ({ value: one.name, label: title(one) }))}
      label={build.segment}
      onChange={(segment) => onChange({ ...fields, segment })}
      value={fields.segment}
      width={260}
    />
  );
}

export function ListForm({ fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const { vocabulary } = useBench();
  return (
    <>
      <OneOf
        choices={vocabulary.lists.map((one) => ({ value: one.name, label: one.name }))}
        label={build.list}
        onChange={(list) => onChange({ ...fields, list })}
        value={fields.list}
        width={260}
      />
      {vocabulary.lists.length === 0 ? (
        <Text className="soft" fz="sm">
          {build.noLists}
        </Text>
      ) : null}
    </>
  );
}

export function SampleForm({ fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const set = (name: string) => (value: Json | undefined) =>
    onChange({ ...fields, [name]: value ?? null } as Fields);
  return (
    <>
      <div className="fields">
        <NumberField label={build.percent} onChange={set("percent")} value={fields.percent} />
        <TextField label={build.draw} onChange={set("name")} value={fields.name} />
      </div>
      <Text className="soft" fz="xs">
        {build.drawHelp}
      </Text>
    </>
  );
}
