import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon } from "../../ui/Icon";
import { useBench } from "./context";

/** What is wrong, right where it is. */
export function Wrong({ message }: { message: string }) {
  return (
    <Text className="wrong" fz="sm" role="alert">
      <Icon name="info" size={16} />
      {message}
    </Text>
  );
}

interface PartProps {
  item: number;
  /** Where this part stands within its condition, such as ".is". */
  at: string;
  children: ReactNode;
}

/** A part of a condition that says itself what is wrong with it. */
export function Part({ item, at, children }: PartProps) {
  const { mistake } = useBench();
  const mine = mistake?.key === item && leadsInto(mistake.rest, at);
  return (
    <div className={mine ? "part part-wrong" : "part"}>
      {children}
      {mine ? <Wrong message={mistake.message} /> : null}
    </div>
  );
}

function leadsInto(path: string, at: string): boolean {
  const next = path[at.length];
  return path.startsWith(at) && (next === undefined || next === "." || next === "[");
}

// Places that a Part of its own stands at; anything else is said by the condition's card.
const PARTS = /^\.(is|during|of|minimum|groups|where|products|fit|steps\[\d+\]|then_not)(?=[.[]|$)/;

export function isOfPart(rest: string): boolean {
  return PARTS.test(rest);
}
