import { Text } from "@mantine/core";
import { useFormat } from "../../i18n/useFormat";
import { useWords } from "../../i18n/useWords";
import type { Fields, Json } from "../tree";
import { CompareForm } from "./CompareForm";
import type { LeafFormProps } from "./EventForm";
import { FilterForms, type FilterKind } from "./FilterForms";
import { choicesOf, without } from "./fields";
import { NumberField, OneOf, Suggest } from "./Inputs";
import { Part } from "./Part";
import { SourceForm, useCounted } from "./SourceForm";

const RANKED = ["count", "sum", "min", "max", "distinct", "variety", "days_since"];
const WITHOUT_PROPERTY = ["count", "days_since"];
const USUAL_MINIMUM = 3;
const USUAL_GROUPS = 5;
const OF_EVENTS: FilterKind[] = ["property", "any_product", "hour", "weekday"];
// An entry of an order's products has no products of its own.
const OF_PRODUCTS: FilterKind[] = ["property", "hour", "weekday"];

/** How many per cent of what they did fits: a habit. */
export function ShareForm({ item, fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const known = useCounted(fields);
  const set = (name: string) => (value: Json | undefined) => onChange(without(fields, name, value));
  return (
    <>
      <SourceForm fields={fields} item={item} onChange={onChange}>
        <Part at=".minimum" item={item}>
          <NumberField
            label={build.minimum}
            min={1}
            onChange={(value) => set("minimum")(value === USUAL_MINIMUM ? undefined : value)}
            value={fields.minimum ?? USUAL_MINIMUM}
            whole
          />
        </Part>
      </SourceForm>
      <FilterForms
        at=".fit"
        filters={fields.fit}
        item={item}
        kinds={"products" in fields ? OF_PRODUCTS : OF_EVENTS}
        known={known}
        onChange={(next) => set("fit")(next ?? [])}
        title={build.fit}
      />
      <Part at=".is" item={item}>
        <Text className="soft asked" fz="xs" fw={600}>
          {build.shareIs}
        </Text>
        <CompareForm fitting="count" onChange={set("is")} test={fields.is} />
      </Part>
    </>
  );
}

/** In which of some equal groups of all customers somebody is, by a number. */
export function RankForm({ item, fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const format = useFormat();
  const set = (name: string) => (value: Json | undefined) => onChange(without(fields, name, value));
  const by = String(fields.by ?? "count");
  const groups = typeof fields.groups === "number" ? fields.groups : USUAL_GROUPS;
  return (
    <>
      <SourceForm fields={fields} item={item} onChange={onChange} products={by !== "days_since"}>
        <ByFields by={by} fields={fields} item={item} onChange={onChange} />
        <Part at=".groups" item={item}>
          <NumberField
            label={build.groups}
            min={2}
            onChange={(value) =>
              set("groups")(value === USUAL_GROUPS ? undefined : (value ?? null))
            }
            value={fields.groups === undefined ? USUAL_GROUPS : fields.groups}
            whole
            width={110}
          />
        </Part>
      </SourceForm>
      <Part at=".is" item={item}>
        <Text className="soft asked" fz="xs" fw={600}>
          {build.rankIs(format.number(groups))}
        </Text>
        <CompareForm fitting="count" onChange={set("is")} test={fields.is} />
      </Part>
    </>
  );
}

interface ByProps {
  item: number;
  fields: Fields;
  by: string;
  onChange: (fields: Fields) => void;
}

/** By which number they are ranked. */
function ByFields({ item, fields, by, onChange }: ByProps) {
  const { build } = useWords().segments;
  const known = useCounted(fields);
  const choose = (chosen: string) => {
    const { of, products, ...rest } = without(
      fields,
      "by",
      chosen === "count" ? undefined : chosen,
    );
    onChange({
      ...rest,
      ...(of === undefined || WITHOUT_PROPERTY.includes(chosen) ? {} : { of }),
      ...(products === undefined || chosen === "days_since" ? {} : { products }),
    });
  };
  return (
    <>
      <OneOf
        choices={choicesOf(RANKED, build.measures)}
        label={build.by}
        onChange={choose}
        value={by}
        width={190}
      />
      {WITHOUT_PROPERTY.includes(by) ? null : (
        <Part at=".of" item={item}>
          <Suggest
            label={build.of}
            names={known.map((one) => one.name)}
            onChange={(property) => onChange(without(fields, "of", property || undefined))}
            value={fields.of}
          />
        </Part>
      )}
    </>
  );
}
