import type { Definition } from "./tree";

export type SegmentState = "draft" | "published" | "archived";

export interface DaySize {
  day: string;
  size: number;
}

export interface Titled {
  name: string;
  title_ko: string;
  title_en: string;
}

export interface Segment extends Titled {
  state: SegmentState;
  has_draft: boolean;
  size: number | null;
  refreshed_at: string | null;
  sentence_ko: string;
  sentence_en: string;
  fault: string;
  sizes: DaySize[];
  used_by: string[];
}

export interface Version {
  number: number;
  created_at: string;
  sentence_ko: string;
  sentence_en: string;
  definition: Definition;
}

export interface SegmentDetail extends Segment {
  definition: Definition | null;
  draft: Definition | null;
  versions: Version[];
  entered_7d: number;
  left_7d: number;
}

export interface Written {
  title_ko: string;
  title_en: string;
  definition: Definition;
  publish: boolean;
}

export interface SampleMember {
  id: number;
  label: string;
}

export interface Estimate {
  customers: number;
  count: number;
  low: number;
  high: number;
  exact: boolean;
  looked_at: number;
  sample: SampleMember[];
  sentence_ko: string;
  sentence_en: string;
  milliseconds: number;
}

export interface Overlap extends Titled {
  size: number;
  both: number;
}

export interface Member {
  id: number;
  label: string;
  entered_at: string;
}

export interface MemberPage {
  members: Member[];
  next: number | null;
  total: number;
}

export type ReadyGroup = "lifecycle" | "rfm" | "value" | "habits" | "risk" | "cart";

export interface ReadyMade extends Titled {
  about_ko: string;
  about_en: string;
  group: ReadyGroup;
  definition: Definition;
  there: boolean;
}

export interface KnownName {
  name: string;
  kinds: string[];
}

export interface Vocabulary {
  events: { name: string; properties: KnownName[] }[];
  traits: KnownName[];
  segments: Titled[];
  lists: { name: string; entries: number }[];
  journeys: Titled[];
  channels: string[];
  purposes: string[];
}
