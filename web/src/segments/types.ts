import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type Segment = Schemas["SegmentSummary"];
export type SegmentDetail = Schemas["SegmentDetail"];
export type Version = SegmentDetail["versions"][number];
export type SegmentState = Segment["state"];
export type DaySize = Segment["sizes"][number];
export type Written = Schemas["SegmentWish"];
export type Estimate = Schemas["SegmentPreview"];
export type Overlap = Schemas["SegmentOverlap"];
export type Member = Schemas["SegmentMember"];
export type ReadyMade = Schemas["ReadyMadeSegment"];
export type ReadyGroup = ReadyMade["group"];
export type Vocabulary = Schemas["SegmentVocabulary"];
export type KnownName = Vocabulary["traits"][number];
