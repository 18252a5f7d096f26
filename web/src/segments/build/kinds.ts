import type { ComponentType } from "react";
import type { IconName } from "../../ui/Icon";
import type { Fields } from "../tree";
import type { Vocabulary } from "../types";
import { NEW_HOURS } from "./ClockForms";
import { EventForm, type LeafFormProps } from "./EventForm";
import {
  ConsentForm,
  EngagementForm,
  LifecycleForm,
  ListForm,
  ReachableForm,
  SampleForm,
  SegmentForm,
  TraitForm,
} from "./FactForms";
import { RankForm, ShareForm } from "./HabitForms";
import { SequenceForm } from "./SequenceForm";

interface Kind {
  icon: IconName;
  Form: ComponentType<LeafFormProps>;
  /** What a new one asks, so that it can be counted at once where anything can be guessed. */
  start: (vocabulary: Vocabulary) => Fields;
}

const PURCHASE = "Order Completed";

function firstEvent({ events }: Vocabulary): string {
  return events.some(({ name }) => name === PURCHASE) ? PURCHASE : (events[0]?.name ?? PURCHASE);
}

function channel({ channels }: Vocabulary): string {
  return channels[0] ?? "email";
}

/** Every kind of condition there is a form for, in the order they are offered. */
export const KINDS: Record<string, Kind> = {
  event: {
    icon: "events",
    Form: EventForm,
    start: (known) => ({
      kind: "event",
      event: firstEvent(known),
      during: { kind: "rolling", days: 30 },
      is: { kind: "at_least", value: 1 },
    }),
  },
  share: {
    icon: "clock",
    Form: ShareForm,
    start: (known) => ({
      kind: "share",
      event: firstEvent(known),
      during: { kind: "rolling", days: 180 },
      fit: [NEW_HOURS],
      is: { kind: "at_least", value: 60 },
    }),
  },
  rank: {
    icon: "rank",
    Form: RankForm,
    start: (known) => ({
      kind: "rank",
      event: firstEvent(known),
      during: { kind: "rolling", days: 365 },
      by: "sum",
      of: "revenue",
      is: { kind: "at_least", value: 5 },
    }),
  },
  lifecycle: {
    icon: "heart",
    Form: LifecycleForm,
    start: () => ({ kind: "lifecycle", stages: ["loyal"] }),
  },
  trait: {
    icon: "user",
    Form: TraitForm,
    start: () => ({ kind: "trait", trait: "", is: { kind: "exists" } }),
  },
  engagement: {
    icon: "receipts",
    Form: EngagementForm,
    start: () => ({
      kind: "engagement",
      reaction: "opened",
      during: { kind: "rolling", days: 30 },
      is: { kind: "at_least", value: 1 },
    }),
  },
  consent: {
    icon: "check",
    Form: ConsentForm,
    start: (known) => ({ kind: "consent", channel: channel(known) }),
  },
  reachable: {
    icon: "mailbox",
    Form: ReachableForm,
    start: (known) => ({ kind: "reachable", channel: channel(known) }),
  },
  sequence: {
    icon: "journeys",
    Form: SequenceForm,
    start: () => ({
      kind: "sequence",
      steps: [{ event: "Product Added" }],
      then_not: { event: PURCHASE, within_days: 1 },
      during: { kind: "rolling", days: 7 },
    }),
  },
  segment: {
    icon: "segments",
    Form: SegmentForm,
    start: ({ segments }) => ({ kind: "segment", segment: segments[0]?.name ?? "" }),
  },
  list: {
    icon: "data",
    Form: ListForm,
    start: ({ lists }) => ({ kind: "list", list: lists[0]?.name ?? "" }),
  },
  sample: {
    icon: "flow",
    Form: SampleForm,
    start: () => ({ kind: "sample", percent: 10, name: "draw" }),
  },
};
