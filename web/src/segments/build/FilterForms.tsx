import { Button, CloseButton, Group, Text } from "@mantine/core";
import { useWords } from "../../i18n/useWords";
import { Icon } from "../../ui/Icon";
import { type Fields, isFields, type Json } from "../tree";
import type { KnownName } from "../types";
import { CompareForm } from "./CompareForm";
import { opFor, startOp } from "./compare";
import { useBench } from "./context";
import { today } from "./fields";
import { Suggest } from "./Inputs";
import { Part } from "./Part";
import { Raw } from "./Raw";

const OF_PRODUCTS = ["product_id", "name", "category", "brand", "price", "quantity", "variant"];
const NEW_FILTER: Fields = {
  kind: "property",
  property: "",
  is: { kind: "equals", value: "" },
};

/** What is known about an event's properties, by its name. */
export function useProperties(event: Json | undefined): KnownName[] {
  const { vocabulary } = useBench();
  return vocabulary.events.find((one) => one.name === event)?.properties ?? [];
}

interface FilterFormsProps {
  item: number;
  /** Where the filters stand in their condition, such as ".where". */
  at: string;
  event: Json | undefined;
  filters: Json | undefined;
  onChange: (filters: Json[] | undefined) => void;
}

/** Which of the events count: those that fit all of these. */
export function FilterForms({ item, at, event, filters, onChange }: FilterFormsProps) {
  const { build } = useWords().segments;
  const known = useProperties(event);
  const list = Array.isArray(filters) ? filters : [];
  const give = (next: Json[]) => onChange(next.length > 0 ? next : undefined);
  return (
    <div className="filters">
      {list.length > 0 ? (
        <Text className="soft" fz="xs" fw={600}>
          {build.filters}
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
        <More label={build.addFilter} onClick={() => give([...list, NEW_FILTER])} />
        <More
          label={build.addProduct}
          onClick={() => give([...list, { kind: "any_product", where: [NEW_FILTER] }])}
        />
      </Group>
    </div>
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
      {set.kind === "property" ? (
        <PropertyFilter filter={set} known={known} onChange={onChange} />
      ) : (
        <Raw label={build.json} onChange={onChange} value={filter} />
      )}
      <CloseButton
        aria-label={build.removeFilter(String(set.property ?? ""))}
        className="field-close"
        onClick={onRemove}
      />
    </div>
  );
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
      <CompareForm onChange={(is) => onChange({ ...filter, is })} test={filter.is} />
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
  const known = OF_PRODUCTS.map((name) => ({ name, kinds: [] }));
  const give = (where: Json[]) => (where.length > 0 ? onChange({ ...filter, where }) : onRemove());
  return (
    <fieldset className="product">
      <legend>{build.product}</legend>
      {list.map((one, place) => (
        <OneFilter
          filter={one}
          // biome-ignore lint/suspicious/noArrayIndexKey: filters have no name; the length renews them when one goes.
          key={`${place}-${list.length}`}
          known={known}
          onChange={(changed) => give(list.with(place, changed))}
          onRemove={() => give(list.toSpliced(place, 1))}
        />
      ))}
      <More label={build.addFilter} onClick={() => give([...list, NEW_FILTER])} />
    </fieldset>
  );
}
