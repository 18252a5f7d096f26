import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { ApiError } from "../api/client";
import { send } from "../api/send";
import type { Definition } from "./tree";
import type {
  Estimate,
  MemberPage,
  Overlap,
  ReadyMade,
  Segment,
  SegmentDetail,
  Vocabulary,
  Written,
} from "./types";

const EVERY_MS = 15_000;

function pathOf(name: string, rest = ""): string {
  return `/api/segments/${encodeURIComponent(name)}${rest}`;
}

export function useSegments() {
  return useQuery({
    queryKey: ["segments"],
    queryFn: () => send<{ segments: Segment[] }>("GET", "/api/segments"),
    select: (answer) => answer.segments,
    refetchInterval: EVERY_MS,
  });
}

export function useSegment(name: string) {
  return useQuery({
    queryKey: ["segments", name],
    queryFn: () => send<SegmentDetail>("GET", pathOf(name)),
    refetchInterval: EVERY_MS,
  });
}

/** The segment as it is when the editor opens; what others do meanwhile must not undo edits. */
export function useSegmentOnce(name: string | undefined) {
  return useQuery({
    queryKey: ["segments", name, "once"],
    queryFn: () => send<SegmentDetail>("GET", pathOf(name ?? "")),
    enabled: name !== undefined,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useOverlap(name: string) {
  return useQuery({
    queryKey: ["segments", name, "overlap"],
    queryFn: () => send<{ overlaps: Overlap[] }>("GET", pathOf(name, "/overlap")),
    select: (answer) => answer.overlaps,
  });
}

/** The members now, or on a day. */
export function useMembers(name: string, on: string) {
  return useInfiniteQuery({
    queryKey: ["segments", name, "members", on],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams();
      if (on) asked.set("on", on);
      if (pageParam !== null) asked.set("after", String(pageParam));
      return send<MemberPage>("GET", pathOf(name, `/members?${asked}`));
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useReadyMade(enabled = true) {
  return useQuery({
    enabled,
    queryKey: ["ready-made"],
    queryFn: () => send<{ ready_made: ReadyMade[] }>("GET", "/api/segments/ready-made"),
    select: (answer) => answer.ready_made,
  });
}

export function useVocabulary() {
  return useQuery({
    queryKey: ["vocabulary"],
    queryFn: () => send<Vocabulary>("GET", "/api/segments/vocabulary"),
    staleTime: 60_000,
  });
}

/** What a definition would find; asked anew for every definition, and not again where it is wrong. */
export function useEstimate(definition: Definition | null, name: string | undefined) {
  return useQuery({
    queryKey: ["estimate", JSON.stringify(definition), name],
    queryFn: () =>
      send<Estimate>("POST", "/api/segments/preview", name ? { definition, name } : { definition }),
    enabled: definition !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

export type Deed = "publish" | "archive" | "restore" | "discard-draft";

/** Something done to a segment as a whole; the answer is the segment after it. */
export function useDeed(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (deed: Deed) => send<SegmentDetail>("POST", pathOf(name, `/${deed}`)),
    onSuccess: (detail) => renew(cache, detail),
  });
}

export function useSave() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ name, written }: { name: string; written: Written }) =>
      send<SegmentDetail>("PUT", pathOf(name), written),
    onSuccess: (detail) => renew(cache, detail),
  });
}

function renew(cache: ReturnType<typeof useQueryClient>, detail: SegmentDetail) {
  cache.setQueryData(["segments", detail.name], detail);
  return Promise.all([
    cache.invalidateQueries({ queryKey: ["segments"], exact: true }),
    cache.invalidateQueries({ queryKey: ["segments", detail.name, "members"] }),
    cache.invalidateQueries({ queryKey: ["vocabulary"] }),
  ]);
}

export interface Fault {
  path: string;
  message: string;
  message_ko: string;
}

/** What the server says is wrong with a condition, and where; null where it is another trouble. */
export function faultIn(error: unknown): Fault | null {
  if (!(error instanceof ApiError) || error.status !== 400) return null;
  const body = error.body as Partial<Fault> | null;
  if (typeof body?.path !== "string") return null;
  return {
    path: body.path,
    message: String(body.message ?? ""),
    message_ko: String(body.message_ko ?? body.message ?? ""),
  };
}

/** Who uses what was to be taken away, as the server tells it; empty where it is another trouble. */
export function refusalIn(error: unknown): string {
  return error instanceof ApiError && error.status === 409 ? error.message : "";
}
