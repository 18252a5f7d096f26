interface Part {
  key: string;
  value: number;
  color: string;
}

const TONES: Record<string, string> = {
  pine: "#3a7f66",
  honey: "#dfa83a",
  clay: "#c0583e",
  stone: "#b9ac99",
};

/** A share of a whole; the number beside it carries the meaning. */
export function Bar({ value, whole, color }: { value: number; whole: number; color: string }) {
  const width = whole === 0 ? 0 : (100 * value) / whole;
  return (
    <span aria-hidden="true" className="bar">
      {value > 0 ? <span style={{ width: `${width}%`, background: TONES[color] }} /> : null}
    </span>
  );
}

/** Parts of a whole side by side; the list beside it carries the meaning. */
export function Stack({ parts }: { parts: Part[] }) {
  return (
    <div aria-hidden="true" className="stack">
      {parts
        .filter((part) => part.value > 0)
        .map((part) => (
          <span key={part.key} style={{ flexGrow: part.value, background: TONES[part.color] }} />
        ))}
    </div>
  );
}
