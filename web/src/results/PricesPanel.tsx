import { Alert, Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Icon } from "../ui/Icon";
import { Panel } from "../ui/Panel";
import { Refused } from "../ui/Refused";
import { useDropPrice, useKeepPrice } from "./queries";
import type { Price, Prices } from "./types";

const MOST = 999_999.99;

type Line = Omit<Price, "price">;

/** What each vendor takes for a message; the last change can be taken back at once. */
export function PricesPanel({ prices, writes }: { prices: Prices; writes: boolean }) {
  const words = useWords().results;
  const format = useFormat();
  const [said, say] = useState("");
  const [before, setBefore] = useState<(Line & { price: number | null }) | null>(null);
  const keep = useKeepPrice();
  const drop = useDropPrice();
  const name = useName();
  const priceOf = (line: Line) =>
    prices.prices.find((one) => one.provider === line.provider && one.kind === line.kind)?.price ??
    null;
  const put = (line: Line, price: number | null, undone = false) => {
    const former = { ...line, price: priceOf(line) };
    const onSuccess = () => {
      setBefore(undone ? null : former);
      say(
        price === null
          ? words.forgotten(name(line))
          : words.saved(name(line), format.number(price)),
      );
    };
    if (price === null) drop.mutate({ ...line, price: 0 }, { onSuccess });
    else keep.mutate({ ...line, price }, { onSuccess });
  };
  const lines = linesOf(prices);
  return (
    <Panel help={words.pricesHelp} title={words.prices}>
      <Stack gap="sm">
        <div className="news" role="status">
          {said ? (
            <Alert color="pine" icon={<Icon name="check" />} p="sm" variant="light">
              <Group justify="space-between">
                <Text fz="sm">{said}</Text>
                {before ? (
                  <Button
                    loading={keep.isPending || drop.isPending}
                    onClick={() => put(before, before.price, true)}
                    size="compact-sm"
                    variant="default"
                  >
                    {words.undo}
                  </Button>
                ) : null}
              </Group>
            </Alert>
          ) : null}
        </div>
        <Refused error={keep.error ?? drop.error} title={words.failed} />
        {lines.length === 0 ? (
          <Empty help={words.pricesEmptyHelp} icon="deliveries" title={words.pricesEmpty} />
        ) : null}
        <ul aria-label={words.prices} className="results-prices" hidden={lines.length === 0}>
          {lines.map((line) => (
            <OnePrice
              key={`${line.provider} ${line.kind} ${priceOf(line)}`}
              name={name(line)}
              price={priceOf(line)}
              put={(price) => put(line, price)}
              writes={writes}
            />
          ))}
        </ul>
      </Stack>
    </Panel>
  );
}

function useName(): (line: Line) => string {
  const words = useWords().results;
  return ({ provider, kind }) => words.price(words.vendor[provider] ?? provider, words.kind[kind]);
}

/** What may have a price: whatever a vendor that is set up carries, and what has one anyway. */
function linesOf({ prices, vendors }: Prices): Line[] {
  const lines: Line[] = vendors.flatMap(({ provider, kinds }) =>
    kinds.map((kind) => ({ provider, kind })),
  );
  const known = new Set(lines.map(({ provider, kind }) => `${provider} ${kind}`));
  return [
    ...lines,
    ...prices.filter(({ provider, kind }) => !known.has(`${provider} ${kind}`)),
  ].map(({ provider, kind }) => ({ provider, kind }));
}

interface OnePriceProps {
  name: string;
  price: number | null;
  writes: boolean;
  put: (price: number | null) => void;
}

function OnePrice({ name, price, writes, put }: OnePriceProps) {
  const words = useWords().results;
  const format = useFormat();
  const [typed, setTyped] = useState<string | number>(price ?? "");
  if (!writes) {
    return (
      <li>
        <Text fz="sm">{name}</Text>
        <Text className="number" fz="sm">
          {price === null ? words.noPrice : `${format.number(price)} ${words.won}`}
        </Text>
      </li>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typeof typed === "number") put(typed);
  };
  return (
    <li>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <NumberInput
            allowNegative={false}
            className="results-price"
            decimalScale={2}
            hideControls
            label={name}
            max={MOST}
            onChange={setTyped}
            placeholder={words.noPrice}
            required
            rightSection={<Text fz="sm">{words.won}</Text>}
            rightSectionPointerEvents="none"
            rightSectionWidth={44}
            value={typed}
            withAsterisk={false}
          />
          <Button
            aria-label={words.saveOne(name)}
            disabled={typed === "" || typed === price}
            type="submit"
            variant="light"
          >
            {words.save}
          </Button>
          {price === null ? null : (
            <Button
              aria-label={words.forgetOne(name)}
              color="clay"
              onClick={() => put(null)}
              variant="subtle"
            >
              {words.forget}
            </Button>
          )}
        </Group>
      </form>
    </li>
  );
}
