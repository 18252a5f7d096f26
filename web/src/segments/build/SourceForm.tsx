import type { ReactNode } from "react";
import { useWords } from "../../i18n/useWords";
import type { Fields, Json } from "../tree";
import { useBench } from "./context";
import { FilterForms, PRODUCT_NAMES, useProperties } from "./FilterForms";
import { without } from "./fields";
import { OneOf, Suggest } from "./Inputs";
import { Part } from "./Part";
import { WindowForm } from "./WindowForm";

interface SourceProps {
  item: number;
  fields: Fields;
  onChange: (fields: Fields) => void;
  /** Whether the products inside an event can be counted instead of the event. */
  products?: boolean;
  /** What is asked of them: between the event and its time. */
  children: ReactNode;
}

/** What can be named of what is counted: of the events, or of the products inside them. */
export function useCounted(fields: Fields) {
  const ofEvent = useProperties(fields.event);
  return "products" in fields ? PRODUCT_NAMES : ofEvent;
}

/** Of which events a number is made: their name, when they were, and which of them count. */
export function SourceForm({ item, fields, onChange, products = true, children }: SourceProps) {
  const { build } = useWords().segments;
  const { vocabulary } = useBench();
  const known = useProperties(fields.event);
  const set = (name: string) => (value: Json | undefined) => onChange(without(fields, name, value));
  const inside = "products" in fields;
  return (
    <>
      <div className="fields">
        <Suggest
          label={build.event}
          names={vocabulary.events.map((one) => one.name)}
          onChange={set("event")}
          value={fields.event}
        />
        {products || inside ? (
          <OneOf
            choices={[
              { value: "events", label: build.countEvents },
              { value: "products", label: build.countProducts },
            ]}
            label={build.counted}
            onChange={(what) => set("products")(what === "products" ? [] : undefined)}
            value={inside ? "products" : "events"}
            width={150}
          />
        ) : null}
        {children}
        <Part at=".during" item={item}>
          <WindowForm onChange={set("during")} window={fields.during} />
        </Part>
      </div>
      <FilterForms
        at=".where"
        filters={fields.where}
        item={item}
        known={known}
        onChange={set("where")}
      />
      {inside ? (
        <FilterForms
          at=".products"
          filters={fields.products}
          item={item}
          kinds={["property"]}
          known={PRODUCT_NAMES}
          onChange={(next) => set("products")(next ?? [])}
          title={build.productsWhere}
        />
      ) : null}
    </>
  );
}
