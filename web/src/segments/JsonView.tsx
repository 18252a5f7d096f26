import { Text, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import { useLocale } from "../i18n/useWords";
import type { History } from "./history";
import type { Fault } from "./queries";
import { type Definition, readTree, writeTree } from "./tree";

/** The same condition as it is stored. */
export function JsonView({ history, fault }: { history: History; fault: Fault | null }) {
  const { locale, words: all } = useLocale();
  const words = all.segments;
  const [typed, setTyped] = useState(() => pretty(history));
  const [mine, setMine] = useState(history.tree);
  useEffect(() => {
    // An undo changed it from elsewhere.
    if (history.tree !== mine) {
      setTyped(pretty(history));
      setMine(history.tree);
    }
  }, [history, mine]);
  const read = readDefinition(typed);
  const take = (text: string) => {
    setTyped(text);
    const { definition } = readDefinition(text);
    if (!definition) return;
    const tree = readTree(definition);
    setMine(tree);
    history.change(() => tree, "json");
  };
  const place = fault ? `${fault.path}: ${locale === "ko" ? fault.message_ko : fault.message}` : "";
  return (
    <>
      <Textarea
        autosize
        className="json"
        error={read.definition ? place : words.jsonBad(read.why)}
        label={words.jsonLabel}
        maxRows={32}
        minRows={10}
        onChange={(event) => take(event.currentTarget.value)}
        spellCheck={false}
        value={typed}
      />
      <Text className="soft" fz="sm" mt="xs">
        {words.jsonHelp}
      </Text>
    </>
  );
}

function pretty(history: History): string {
  return JSON.stringify(writeTree(history.tree), null, 2);
}

function readDefinition(text: string): { definition: Definition | null; why: string } {
  try {
    const read = JSON.parse(text) as Partial<Definition> | null;
    if (typeof read?.where !== "object") return { definition: null, why: '"where"?' };
    return { definition: read as Definition, why: "" };
  } catch (fault) {
    return { definition: null, why: fault instanceof Error ? fault.message : "" };
  }
}
