import {
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, ask, refusalIn } from "../api/client";
import type { Definition } from "./tree";
import type { SegmentDetail, Written } from "./types";

const EVERY_MS = 15_000;

function at(name: string) {
  return { params: { path: { name } } };
}

export function useSegments() {
  return useQuery({
    queryKey: ["segments"],
    queryFn: () => ask(api.GET("/api/segments")),
    select: (answer) => answer.segments,
    refetchInterval: EVERY_MS,
  });
}

export function useSegment(name: string) {
  return useQuery({
    queryKey: ["segments", name],
    queryFn: () => ask(api.GET("/api/segments/{name}", at(name))),
    refetchInterval: EVERY_MS,
  });
}

/** The segment as it is when the editor opens; what others do meanwhile must not undo edits. */
export function useSegmentOnce(name: string | undefined) {
  return useQuery({
    queryKey: ["segments", name, "once"],
    queryFn: () => ask(api.GET("/api/segments/{name}", at(name ?? ""))),
    enabled: name !== undefined,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useOverlap(name: string) {
  return useQuery({
    queryKey: ["segments", name, "overlap"],
    queryFn: () => ask(api.GET("/api/segments/{name}/overlap", at(name))),
    select: (answer) => answer.overlaps,
  });
}

/** The members now, or at the end of a day. */
export function useMembers(name: string, on: string) {
  return useInfiniteQuery({
    queryKey: ["segments", name, "members", on],
    queryFn: ({ pageParam }) => {
      const query = { after: pageParam, ...(on ? { on } : {}) };
      return ask(api.GET("/api/segments/{name}/members", { params: { path: { name }, query } }));
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useReadyMade(enabled = true) {
  return useQuery({
    enabled,
    queryKey: ["ready-made"],
    queryFn: () => ask(api.GET("/api/segments/ready-made")),
    select: (answer) => answer.ready_made,
  });
}

export function useVocabulary() {
  return useQuery({
    queryKey: ["vocabulary"],
    queryFn: () => ask(api.GET("/api/segments/vocabulary")),
    staleTime: 60_000,
  });
}

/** What a definition would find; asked anew for every definition, and not again where it is wrong. */
export function useEstimate(definition: Definition | null, name = "") {
  return useQuery({
    queryKey: ["estimate", JSON.stringify(definition), name],
    queryFn: ({ signal }) =>
      ask(
        api.POST("/api/segments/preview", { body: { definition: definition ?? {}, name }, signal }),
      ),
    enabled: definition !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

const DEEDS = {
  publish: (name: string) => api.POST("/api/segments/{name}/publish", at(name)),
  archive: (name: string) => api.POST("/api/segments/{name}/archive", at(name)),
  restore: (name: string) => api.POST("/api/segments/{name}/restore", at(name)),
  "discard-draft": (name: string) => api.POST("/api/segments/{name}/discard-draft", at(name)),
};

export type Deed = keyof typeof DEEDS;

/** Something done to a segment as a whole; the answer is the segment after it. */
export function useDeed(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (deed: Deed) => ask<SegmentDetail>(DEEDS[deed](name)),
    onSuccess: (detail) => renew(cache, detail),
  });
}

export function useSave() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ name, written }: { name: string; written: Written }) =>
      ask(api.PUT("/api/segments/{name}", { ...at(name), body: written })),
    onSuccess: (detail) => renew(cache, detail),
  });
}

function renew(cache: QueryClient, detail: SegmentDetail) {
  cache.setQueryData(["segments", detail.name], detail);
  return Promise.all([
    cache.invalidateQueries({ queryKey: ["segments"], exact: true }),
    cache.invalidateQueries({ queryKey: ["segments", detail.name, "members"] }),
    cache.invalidateQueries({ queryKey: ["vocabulary"] }),
    cache.invalidateQueries({ queryKey: ["ready-made"] }),
  ]);
}

export type Fault = NonNullable<ReturnType<typeof refusalIn>>;

/** What the server says is wrong with a condition, and where; null where it is another trouble. */
export function faultIn(error: unknown): Fault | null {
  const said = refusalIn(error);
  return said?.code === "bad_condition" ? said : null;
}
