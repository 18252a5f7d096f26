import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type Page = Schemas["SendingPage"];
export type Vendor = Schemas["VendorView"];
export type Receiver = Schemas["ReceiverView"];
export type WarmUp = Schemas["WarmUpView"];
export type WarmUpWish = Schemas["WarmUpWish"];
export type Lane = Schemas["LaneView"];
export type DeadLetter = Schemas["DeadView"];
export type DeadHeap = Schemas["DeadHeap"];
export type RetriesWish = Schemas["RetriesWish"];
export type Backlog = Schemas["GoWish"]["overdue"];
export type Health = Vendor["health"];
export type Channel = Lane["channel"];
