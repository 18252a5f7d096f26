/** Our own line drawings: 24 by 24, two-pixel strokes, decorative next to words. */
const PATHS = {
  events: "M4 13h3l2.500-7 5 12 2.500-5H20",
  customers:
    "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M2.500 20a6.500 6.500 0 0 1 13 0M16 4.500a3.500 3.500 0 0 1 0 6M18 14a6.500 6.500 0 0 1 3.500 6",
  segments: "M12 3v9h9M12 3a9 9 0 1 0 9 9M16 3.800A9 9 0 0 1 20.200 8H16z",
  journeys:
    "M6 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4M18 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4M8 18h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7",
  decisions:
    "M12 3l7.500 3v5.500c0 4.500-3 8-7.500 9.500-4.500-1.500-7.500-5-7.500-9.500V6zM9 12l2.200 2.200L15.500 10",
  deliveries: "M21 3L10.500 13.500M21 3l-6.500 18-4-7.500L3 9.500z",
  receipts: "M4 5h16v11H9l-5 4zM8 9.500h8M8 12.500h5",
  flow: "M3 7h4l3 10h4l3-10h4",
  data: "M12 3c4.400 0 8 1.300 8 3s-3.600 3-8 3-8-1.300-8-3 3.600-3 8-3M4 6v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3",
  mailbox: "M3.500 6h17v12h-17zM3.500 7l8.500 6.500L20.500 7",
  rank: "M5 20v-5M12 20V10M19 20V4",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M15.500 15.500L20 20",
  plus: "M12 5v14M5 12h14",
  more: "M5 12h.1M12 12h.1M19 12h.1",
  bin: "M5 7h14M10 7V4.500h4V7M7 7l.800 12.500h8.400L17 7",
  undo: "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3",
  next: "M9 5l7 7-7 7",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.500l4.500 4.500L19 7.500",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7.500V12l3 2",
  heart:
    "M12 20s-7.500-4.600-7.500-10A4.200 4.200 0 0 1 12 7.200 4.200 4.200 0 0 1 19.500 10c0 5.400-7.500 10-7.500 10z",
  hand: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M6 6l12 12",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.500 20.500a7.500 7.500 0 0 1 15 0",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5M12 7.800v.1",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      fill="none"
      focusable="false"
      height={size}
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeWidth={1.9}
      viewBox="0 0 24 24"
      width={size}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
