import type { components } from "./schema";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type Flow = Schemas["Flow"];
export type JourneyCount = Schemas["JourneyCount"];
export type SegmentSize = Schemas["SegmentSize"];
export type DecisionReason = Schemas["DecisionReason"];
export type Verdict = Schemas["Verdict"];
export type CustomerLine = Schemas["CustomerLine"];
export type Customer = Schemas["Customer"];
export type Part = Schemas["Part"];
export type Moment = Schemas["Moment"];
export type Why = Schemas["Why"];
export type JudgedMessage = Schemas["JudgedMessage"];
export type JourneyEntry = Schemas["JourneyEntry"];
export type EntryCheck = Schemas["EntryCheck"];
export type ChannelReach = Schemas["ChannelReach"];
export type JourneySummary = Schemas["JourneySummary"];
export type Fate = Schemas["Fate"];
export type Fates = Schemas["Fates"];
export type RuleOutcome = Schemas["RuleOutcome"];
export type Mail = Schemas["Mail"];
export type MailLine = Schemas["MailLine"];
export type Text = Schemas["Text"];
export type Data = Schemas["Data"];
export type DataName = Schemas["DataName"];
