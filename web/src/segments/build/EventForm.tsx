import { useWords } from "../../i18n/useWords";
import type { Fields, Json } from "../tree";
import { CompareForm } from "./CompareForm";
import { type Fitting, groupOf, opFor, opOf, startOp } from "./compare";
import { choicesOf, today, without } from "./fields";
import { OneOf, Suggest } from "./Inputs";
import { Part } from "./Part";
import { SourceForm, useCounted } from "./SourceForm";

export interface LeafFormProps {
  item: number;
  fields: Fields;
  onChange: (fields: Fields) => void;
}

const MEASURES = [
  "count",
  "days_since",
  "sum",
  "average",
  "min",
  "max",
  "distinct",
  "variety",
  "first",
  "last",
];
const NO_PRODUCTS = ["first", "last", "days_since"];
const WITHOUT_PROPERTY = ["count", "days_since"];
const OF_TIME = ["first", "last"];
const ONCE: Fields = { kind: "at_least", value: 1 };

function fittingOf(measure: string, property: Json | undefined): Fitting {
  if (["average", "min", "max"].includes(measure)) return "amount";
  if (!OF_TIME.includes(measure)) return "count";
  return property ? "anything" : "time";
}

/** The fields after another measure or property: what no longer fits together is replaced. */
function settle(fields: Fields, kinds: readonly string[]): Fields {
  const measure = String(fields.measure ?? "count");
  const { of, ...rest } = fields;
  const { products, ...events } = WITHOUT_PROPERTY.includes(measure) ? rest : fields;
  const kept =
    products === undefined || NO_PRODUCTS.includes(measure) ? events : { ...events, products };
  const fitting = fittingOf(measure, kept.of);
  const group = groupOf(opOf((fields.is as Fields) ?? ONCE) ?? "exists");
  if (fitting === "time" && group !== "date") return { ...kept, is: startOp("days_ago", {}, "") };
  if (fitting === "anything") return { ...kept, is: startOp(opFor(kinds), {}, today()) };
  const numeric = fitting !== "time" && group !== "number";
  return numeric ? { ...kept, is: measure === "days_since" ? MONTH : ONCE } : kept;
}

const MONTH: Fields = { kind: "at_least", value: 30 };

/** One number or value made of a customer's events. */
export function EventForm({ item, fields, onChange }: LeafFormProps) {
  const set = (name: string) => (value: Json | undefined) => onChange(without(fields, name, value));
  const measure = String(fields.measure ?? "count");
  return (
    <SourceForm
      fields={fields}
      item={item}
      onChange={onChange}
      products={!NO_PRODUCTS.includes(measure)}
    >
      <MeasureFields fields={fields} item={item} measure={measure} onChange={onChange} />
      <Part at=".is" item={item}>
        <CompareForm
          fitting={fittingOf(measure, fields.of)}
          onChange={set("is")}
          test={fields.is}
        />
      </Part>
    </SourceForm>
  );
}

interface MeasureFieldsProps {
  item: number;
  fields: Fields;
  measure: string;
  onChange: (fields: Fields) => void;
}

function MeasureFields({ item, fields, measure, onChange }: MeasureFieldsProps) {
  const { build } = useWords().segments;
  const known = useCounted(fields);
  const kindsOf = (name: Json | undefined) => known.find((one) => one.name === name)?.kinds ?? [];
  const chooseMeasure = (chosen: string) => {
    const next = without(fields, "measure", chosen === "count" ? undefined : chosen);
    onChange(settle(next, kindsOf(next.of)));
  };
  const chooseOf = (property: string) => {
    const next = without(fields, "of", property || undefined);
    const turned = Boolean(property) !== Boolean(fields.of) && OF_TIME.includes(measure);
    const named = known.some((one) => one.name === property);
    const settles = turned || (OF_TIME.includes(measure) && named);
    onChange(settles ? settle(next, kindsOf(property)) : next);
  };
  return (
    <>
      <OneOf
        choices={choicesOf(MEASURES, build.measures)}
        label={build.measure}
        onChange={chooseMeasure}
        value={measure}
        width={190}
      />
      {WITHOUT_PROPERTY.includes(measure) ? null : (
        <Part at=".of" item={item}>
          <Suggest
            label={build.of}
            names={known.map((one) => one.name)}
            onChange={chooseOf}
            placeholder={OF_TIME.includes(measure) ? build.ofTime : ""}
            value={fields.of}
          />
        </Part>
      )}
    </>
  );
}
