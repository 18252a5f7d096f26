import { Badge } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import type { Health } from "./types";

const COLORS: Record<Health, string> = {
  well: "pine",
  slowed: "honey",
  rests: "honey",
  tried: "honey",
  paused: "clay",
};

/** How a vendor or a receiver fares, in a word. */
export function HealthBadge({ health }: { health: Health }) {
  const words = useWords().sending.vendors;
  return (
    <Badge color={COLORS[health]} radius="sm" variant="light">
      {words.health[health]}
    </Badge>
  );
}
