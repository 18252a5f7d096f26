import { CloseButton, Group } from "@mantine/core";
import { useWords } from "../../i18n/useWords";
import { type Fields, isFields, type Json } from "../tree";
import { useBench } from "./context";
import type { LeafFormProps } from "./EventForm";
import { FilterForms, More, useProperties } from "./FilterForms";
import { without } from "./fields";
import { NumberField, OneOf, Suggest } from "./Inputs";
import { Part } from "./Part";
import { WindowForm } from "./WindowForm";

const MOST_STEPS = 5;

/** Events one after another. */
export function SequenceForm({ item, fields, onChange }: LeafFormProps) {
  const { build } = useWords().segments;
  const steps = (Array.isArray(fields.steps) ? fields.steps : []).filter(isFields);
  const unwanted = fields.then_not;
  const set = (name: string) => (value: Json | undefined) => onChange(without(fields, name, value));
  return (
    <>
      {steps.map((step, place) => (
        <Step
          at={`.steps[${place}]`}
          first={place === 0}
          item={item}
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name; the length renews them when one goes.
          key={`${place}-${steps.length}`}
          onChange={(changed) => set("steps")(steps.with(place, changed))}
          {...(steps.length > 1
            ? { onRemove: () => set("steps")(steps.toSpliced(place, 1)) }
            : undefined)}
          step={step}
          title={build.step(String(place + 1))}
        />
      ))}
      {isFields(unwanted) ? (
        <Step
          at=".then_not"
          item={item}
          onChange={set("then_not")}
          onRemove={() => set("then_not")(undefined)}
          step={unwanted}
          title={build.thenNot}
        />
      ) : null}
      <Group gap={4}>
        {steps.length < MOST_STEPS ? (
          <More
            label={build.addStep}
            onClick={() => set("steps")([...steps, { event: "Order Completed" }])}
          />
        ) : null}
        {isFields(unwanted) ? null : (
          <More
            label={build.addThenNot}
            onClick={() => set("then_not")({ event: "Order Completed", within_days: 1 })}
          />
        )}
      </Group>
      <Part at=".during" item={item}>
        <WindowForm onChange={set("during")} window={fields.during} />
      </Part>
    </>
  );
}

interface StepProps {
  item: number;
  at: string;
  title: string;
  step: Fields;
  first?: boolean;
  onChange: (step: Fields) => void;
  onRemove?: () => void;
}

function Step({ item, at, title, step, first = false, onChange, onRemove }: StepProps) {
  const { build } = useWords().segments;
  const { vocabulary } = useBench();
  return (
    <Part at={at} item={item}>
      <fieldset className="product">
        <legend>{title}</legend>
        <div className="fields closable">
          <Suggest
            label={build.event}
            names={vocabulary.events.map((one) => one.name)}
            onChange={(event) => onChange({ ...step, event })}
            value={step.event}
          />
          {first ? null : <Limit onChange={onChange} step={step} />}
          {onRemove ? (
            <CloseButton
              aria-label={build.removeStep(title)}
              className="field-close"
              onClick={onRemove}
            />
          ) : null}
        </div>
        <StepFilters at={at} item={item} onChange={onChange} step={step} />
      </fieldset>
    </Part>
  );
}

type StepFiltersProps = Pick<StepProps, "item" | "at" | "step" | "onChange">;

function StepFilters({ item, at, step, onChange }: StepFiltersProps) {
  // Faults in a step's filters are said by the step: they would otherwise stand there twice.
  return (
    <FilterForms
      at={`quiet ${at}.where`}
      filters={step.where}
      item={item}
      known={useProperties(step.event)}
      onChange={(where) => onChange(without(step, "where", where))}
    />
  );
}

function Limit({ step, onChange }: { step: Fields; onChange: (step: Fields) => void }) {
  const { build } = useWords().segments;
  const unit = "within_hours" in step ? "hours" : "within_days" in step ? "days" : "none";
  const { within_hours, within_days, ...rest } = step;
  const length = within_hours ?? within_days ?? 1;
  const give = (chosen: string, value: Json) =>
    onChange(chosen === "none" ? rest : { ...rest, [`within_${chosen}`]: value });
  return (
    <>
      <PickUnit onChange={(chosen) => give(chosen, length)} unit={unit} />
      {unit === "none" ? null : (
        <NumberField
          label={build[unit]}
          min={1}
          onChange={(value) => give(unit, value ?? null)}
          value={length}
          whole
          width={90}
        />
      )}
    </>
  );
}

function PickUnit({ unit, onChange }: { unit: string; onChange: (unit: string) => void }) {
  const { build } = useWords().segments;
  return (
    <OneOf
      choices={[
        { value: "none", label: build.noLimit },
        { value: "hours", label: build.hours },
        { value: "days", label: build.days },
      ]}
      label={build.limit}
      onChange={onChange}
      value={unit}
      width={120}
    />
  );
}
