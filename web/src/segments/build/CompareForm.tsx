import { useWords } from "../../i18n/useWords";
import { type Fields, isFields, type Json } from "../tree";
import { FITTING, type Fitting, groupOf, OPS, opOf, startOp } from "./compare";
import { choicesOf, today, without } from "./fields";
import { NumberField, OneOf, Suggest, TextField, ValuesField } from "./Inputs";
import { Raw } from "./Raw";
import { WindowForm } from "./WindowForm";

interface CompareFormProps {
  test: Json | undefined;
  onChange: (test: Fields) => void;
  fitting?: Fitting;
  /** Texts it can be, where they are known. */
  values?: readonly string[] | undefined;
}

/** What one value is held against. */
export function CompareForm({ test, onChange, fitting = "anything", values }: CompareFormProps) {
  const { build } = useWords().segments;
  const set = isFields(test) ? test : { kind: "at_least", value: 1 };
  const op = opOf(set);
  if (op === null) return <Raw label={build.compare} onChange={onChange} value={set} />;
  const groups = FITTING[fitting].map((group) => ({
    group: build.ofGroup[group],
    items: choicesOf(OPS[group], build.ops),
  }));
  const offered = groups.some(({ items }) => items.some(({ value }) => value === op));
  if (!offered) {
    const group = groupOf(op);
    groups.push({
      group: build.ofGroup[group],
      items: choicesOf([op], build.ops),
    });
  }
  return (
    <div className="fields">
      <OneOf
        choices={groups.length === 1 ? (groups[0]?.items ?? []) : groups}
        label={build.compare}
        onChange={(chosen) => onChange(startOp(chosen, set, today()))}
        value={op}
        width={160}
      />
      <Against onChange={onChange} op={op} test={set} values={values} />
    </div>
  );
}

interface AgainstProps {
  op: string;
  values: readonly string[] | undefined;
  test: Fields;
  onChange: (test: Fields) => void;
}

function Against({ op, test, onChange, values }: AgainstProps) {
  const { build } = useWords().segments;
  const set = (name: string) => (value: Json | undefined) =>
    onChange({ ...test, [name]: value ?? null });
  const clear = (name: string) => (value: Json | undefined) => onChange(without(test, name, value));
  switch (op) {
    case "equals:text":
      return values ? (
        <Suggest label={build.value} names={values} onChange={set("value")} value={test.value} />
      ) : (
        <TextField label={build.value} onChange={set("value")} value={test.value} />
      );
    case "contains":
    case "starts_with":
      return <TextField label={build.text} onChange={set("text")} value={test.text} />;
    case "one_of:text":
    case "has:text":
    case "one_of:number":
    case "has:number":
      return (
        <ValuesField
          label={build.values}
          numbers={op.endsWith("number")}
          offered={op.endsWith("text") ? values : undefined}
          onChange={set("values")}
          value={test.values}
        />
      );
    case "at_least":
    case "at_most":
    case "equals:number":
      return <NumberField label={build.value} onChange={set("value")} value={test.value} />;
    case "within":
      return (
        <>
          <NumberField label={build.least} onChange={set("least")} value={test.least} />
          <NumberField label={build.most} onChange={set("most")} value={test.most} />
        </>
      );
    case "before":
      return <TextField label={build.date} onChange={set("date")} type="date" value={test.date} />;
    case "days_ago":
      return (
        <>
          <NumberField
            label={build.atLeastDays}
            min={0}
            onChange={clear("at_least")}
            value={test.at_least}
            whole
          />
          <NumberField
            label={build.atMostDays}
            min={0}
            onChange={clear("at_most")}
            value={test.at_most}
            whole
          />
        </>
      );
    case "date_in":
      return (
        <>
          <NumberField
            label={build.firstDay}
            onChange={set("first")}
            value={test.first}
            whole
            width={210}
          />
          <NumberField
            label={build.lastDay}
            onChange={set("last")}
            value={test.last}
            whole
            width={90}
          />
        </>
      );
    case "anniversary":
      return (
        <>
          <NumberField
            label={build.firstAhead}
            min={0}
            onChange={set("first")}
            value={test.first ?? 0}
            whole
          />
          <NumberField
            label={build.lastAhead}
            min={0}
            onChange={set("last")}
            value={test.last ?? 0}
            whole
          />
        </>
      );
    case "during":
      return (
        <WindowForm
          ever={false}
          onChange={(window) => window && onChange({ ...test, window })}
          window={test.window}
        />
      );
    default:
      return null;
  }
}
