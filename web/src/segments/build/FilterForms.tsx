import { Button, CloseButton, Group, Text } from "@mantine/core";
import { useWords } from "../../i18n/useWords";
import { Icon } from "../../ui/Icon";
import { type Fields, isFields, type Json } from "../tree";
import type { KnownName } from "../types";
import { HourForm, NEW_HOURS, NEW_WEEKDAYS, WeekdayForm } from "./ClockForms";
import { CompareForm } from "./CompareForm";
import { opFor, startOp } from "./compare";
import { useBench } from "./context";
import { today } from "./fields";
import { Suggest } from "./Inputs";
import { Part, Wrong } from "./Part";
import { Raw } from "./Raw";

const TEXTS = ["product_id", "name", "category", "brand", "variant"];
const NUMBERS = ["price", "quantity"];
/** What we write ourselves, so that nobody need know how. */
const VALUES: Record<string, readonly string[]> = {
  device: ["mobile", "tablet", "desktop", "other"],
};
const NEW_FILTER: Fields = {
  kind: "property",
  property: "",
  is: { kind: "equals", value: "" },
};

const NEW_PRODUCT: Fields = { kind: "any_product", where: [NEW_FILTER] };

/** What can be added, in the order it is offered. */
const STARTS = {
  property: NEW_FILTER,
  any_product: NEW_PRODUCT,
  hour: NEW_HOURS,
  weekday: NEW_WEEKDAYS,
};

export type FilterKind = keyof typeof STARTS;
const KINDS = Object.keys(STARTS) as FilterKind[];

/** What the products inside an order are usually told by. */
export const PRODUCT_NAMES: KnownName[] = [
  ...TEXTS.map((name) => ({ name, kinds: ["text"] })),
  ...NUMBERS.map((name) => ({ name, kinds: ["number"] })),
];

/** What is known about an event's properties, by its name. */
export function useProperties(event: Json | undefined): KnownName[] {
  const { vocabulary } = useBench();
  return vocabulary.events.find((one) => one.name === event)?.properties ?? [];
}

interface FilterFormsProps {
  item: number;
  /** Where the filters stand in their condition, such as ".where". */
  at: string;
  known: KnownName[];
  filters: Json | undefined;
  /** Given undefined for none. */
  onChange: (filters: Json[] | undefined) => void;
  title?: string;
  kinds?: readonly FilterKind[];
}

/** Which of the events, or of their products, count: those that fit all of these. */
export function FilterForms(props: FilterFormsProps) {
  const { item, at, known, filters, onChange, title, kinds = KINDS } = props;
  const { build } = useWords().segments;
  const { mistake } = useBench();
  const list = Array.isArray(filters) ? filters : [];
  const give = (next: Json[]) => onChange(next.length > 0 ? next : undefined);
  const mine = mistake?.key === item && mistake.rest === at;
  return (
    <fieldset
      aria-label={title ?? build.filters}
      className={mine ? "filters part-wrong" : "filters"}
    >
      {list.length > 0 || title ? (
        <Text className="soft" fz="xs" fw={600}>
          {title ?? build.filters}
        </Text>
      ) : null}
      {list.map((one, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: filters have no name; the length renews them when one goes.
        <Part at={`${at}[${place}]`} item={item} key={`${place}-${list.length}`}>
          <OneFilter
            filter={one}
            known={known}
            onChange={(changed) => give(list.with(place, changed))}
            onRemove={() => give(list.toSpliced(place, 1))}
          />
        </Part>
      ))}
      <Group gap={4}>
        {kinds.map((kind) => (
          <More
            key={kind}
            label={build.addFilter[kind]}
            onClick={() => give([...list, STARTS[kind]])}
          />
        ))}
      </Group>
      {mine ? <Wrong message={mistake.message} /> : null}
    </fieldset>
  );
}

export function More({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button
      leftSection={<Icon name="plus" size={14} />}
      onClick={onClick}
      size="compact-sm"
      variant="subtle"
    >
      {label}
    </Button>
  );
}

interface OneFilterProps {
  filter: Json;
  known: KnownName[];
  onChange: (filter: Fields) => void;
  onRemove: () => void;
}

function OneFilter({ filter, known, onChange, onRemove }: OneFilterProps) {
  const { build } = useWords().segments;
  const set = isFields(filter) ? filter : {};
  if (set.kind === "any_product") {
    return <ProductFilter filter={set} onChange={onChange} onRemove={onRemove} />;
  }
  return (
    <div className="fields closable">
      <FilterFields filter={set} known={known} onChange={onChange} />
      <CloseButton
        aria-label={build.removeFilter(nameOf(set, build.clock))}
        className="field-close"
        onClick={onRemove}
      />
    </div>
  );
}

function nameOf({ kind, property }: Fields, words: Record<"hour" | "weekday", string>): string {
  return kind === "hour" || kind === "weekday" ? words[kind] : String(property ?? "");
}

function FilterFields({ filter, known, onChange }: PropertyFilterProps) {
  const { build } = useWords().segments;
  switch (filter.kind) {
    case "property":
      return <PropertyFilter filter={filter} known={known} onChange={onChange} />;
    case "hour":
      return <HourForm filter={filter} onChange={onChange} />;
    case "weekday":
      return <WeekdayForm filter={filter} onChange={onChange} />;
    default:
      return <Raw label={build.json} onChange={onChange} value={filter} />;
  }
}

interface PropertyFilterProps {
  filter: Fields;
  known: KnownName[];
  onChange: (filter: Fields) => void;
}

function PropertyFilter({ filter, known, onChange }: PropertyFilterProps) {
  const { build } = useWords().segments;
  const name = (property: string) => {
    const kinds = known.find((one) => one.name === property)?.kinds;
    const is = isFields(filter.is) ? filter.is : {};
    // Only a comparison nobody has filled yet gives way to one that fits better.
    const fresh = kinds && is.kind === "equals" && is.value === "";
    onChange({ ...filter, property, is: fresh ? startOp(opFor(kinds), {}, today()) : is });
  };
  return (
    <>
      <Suggest
        label={build.property}
        names={known.map((one) => one.name)}
        onChange={name}
        value={filter.property}
      />
      <CompareForm
        onChange={(is) => onChange({ ...filter, is })}
        test={filter.is}
        values={VALUES[String(filter.property)]}
      />
    </>
  );
}

interface ProductFilterProps {
  filter: Fields;
  onChange: (filter: Fields) => void;
  onRemove: () => void;
}

function ProductFilter({ filter, onChange, onRemove }: ProductFilterProps) {
  const { build } = useWords().segments;
  const list = Array.isArray(filter.where) ? filter.where : [];
  const give = (where: Json[]) => (where.length > 0 ? onChange({ ...filter, where }) : onRemove());
  return (
    <fieldset className="product">
      <legend>{build.product}</legend>
      {list.map((one, place) => (
        <OneFilter
          filter={one}
          // biome-ignore lint/suspicious/noArrayIndexKey: filters have no name; the length renews them when one goes.
          key={`${place}-${list.length}`}
          known={PRODUCT_NAMES}
          onChange={(changed) => give(list.with(place, changed))}
          onRemove={() => give(list.toSpliced(place, 1))}
        />
      ))}
      <More label={build.addFilter.property} onClick={() => give([...list, NEW_FILTER])} />
    </fieldset>
  );
}
