import { Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import type { DaySize } from "./types";

const WIDE = 120;
const HIGH = 32;

interface Point {
  x: number;
  y: number;
}

/** Where each day's size lies; nothing is the bottom, so that a small change looks small. */
function pointsOf(sizes: DaySize[], wide: number, high: number): Point[] {
  const most = Math.max(1, ...sizes.map(({ size }) => size));
  const step = wide / Math.max(1, sizes.length - 1);
  return sizes.map(({ size }, place) => ({ x: place * step, y: high - (size / most) * high }));
}

function lineOf(points: Point[]): string {
  return points
    .map(({ x, y }, place) => `${place ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join("");
}

/** Thirty days at a glance; the words beside it say the first and the last. */
export function Sparkline({ sizes }: { sizes: DaySize[] }) {
  const words = useWords().segments;
  const format = useFormat();
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (!first || !last || sizes.length < 2) return <span className="spark" />;
  const points = pointsOf(sizes, WIDE, HIGH - 4);
  const line = lineOf(points);
  return (
    <svg
      aria-label={words.trend(format.number(first.size), format.number(last.size))}
      className="spark"
      height={HIGH}
      preserveAspectRatio="none"
      role="img"
      viewBox={`0 -2 ${WIDE} ${HIGH}`}
      width={WIDE}
    >
      <path className="spark-area" d={`${line}L${WIDE} ${HIGH - 2}L0 ${HIGH - 2}Z`} />
      <path className="spark-line" d={line} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

const CHART_WIDE = 600;
const CHART_HIGH = 170;

/** The size day by day, as a picture and as a table. */
export function SizeChart({ sizes }: { sizes: DaySize[] }) {
  const words = useWords().segments;
  const format = useFormat();
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (!first || !last) {
    return (
      <Text className="soft" fz="sm">
        {words.sizeEmpty}. {words.sizeEmptyHelp}
      </Text>
    );
  }
  const most = Math.max(...sizes.map(({ size }) => size));
  return (
    <figure className="chart">
      <div className="chart-top soft number">{format.number(most)}</div>
      <Picture first={first} last={last} sizes={sizes} />
      <div className="chart-days soft number">
        <span>{format.date(noon(first.day))}</span>
        <span>{format.date(noon(last.day))}</span>
      </div>
      <details className="limits">
        <summary>{words.table}</summary>
        <SizeTable sizes={sizes} />
      </details>
    </figure>
  );
}

/** A day of the shop's calendar as a moment that every zone puts on that day. */
export function noon(day: string): string {
  return `${day}T12:00:00Z`;
}

interface PictureProps {
  sizes: DaySize[];
  first: DaySize;
  last: DaySize;
}

function Picture({ sizes, first, last }: PictureProps) {
  const words = useWords().segments;
  const format = useFormat();
  const shown = sizes.length === 1 ? [first, first] : sizes;
  const points = pointsOf(shown, CHART_WIDE, CHART_HIGH);
  const line = lineOf(points);
  const step = CHART_WIDE / Math.max(1, shown.length - 1);
  return (
    <svg
      aria-label={words.trend(format.number(first.size), format.number(last.size))}
      className="chart-picture"
      preserveAspectRatio="none"
      role="img"
      viewBox={`0 -4 ${CHART_WIDE} ${CHART_HIGH + 6}`}
    >
      {[0, 0.5, 1].map((part) => (
        <line
          className="chart-grid"
          key={part}
          vectorEffect="non-scaling-stroke"
          x2={CHART_WIDE}
          y1={part * CHART_HIGH}
          y2={part * CHART_HIGH}
        />
      ))}
      <path className="spark-area" d={`${line}L${CHART_WIDE} ${CHART_HIGH}L0 ${CHART_HIGH}Z`} />
      <path className="spark-line" d={line} vectorEffect="non-scaling-stroke" />
      {sizes.map(({ day, size }, place) => (
        <rect
          className="chart-day"
          height={CHART_HIGH}
          key={day}
          width={step}
          x={(place - 0.5) * step}
        >
          <title>{words.sizeOn(format.date(noon(day)), format.number(size))}</title>
        </rect>
      ))}
    </svg>
  );
}

function SizeTable({ sizes }: { sizes: DaySize[] }) {
  const words = useWords().segments;
  const format = useFormat();
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{words.day}</th>
          <th scope="col">{words.size}</th>
        </tr>
      </thead>
      <tbody>
        {sizes.toReversed().map(({ day, size }) => (
          <tr key={day}>
            <td>{format.date(noon(day))}</td>
            <td className="number">{format.number(size)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
