import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useRef } from "react";
import { api, ask } from "../api/client";
import type { Backlog, Channel, Page, RetriesWish, WarmUpWish } from "./types";

const SENDING = ["sending"];
const DEAD = ["dead letters"];
const EVERY_MS = 3000;
// The page never takes more than a tenth of the server's time.
const PATIENCE = 10;

/** How sending fares, asked for again every three seconds, or less often where that is slow. */
export function useSending() {
  const cost = useRef(0);
  return useQuery({
    queryKey: SENDING,
    queryFn: async () => {
      const began = performance.now();
      const page = await ask(api.GET("/api/sending"));
      cost.current = performance.now() - began;
      return page;
    },
    refetchInterval: () => Math.max(EVERY_MS, PATIENCE * cost.current),
  });
}

/** A change of how sending fares; its answer is the page as it is then. */
function useChange<T>(change: (wish: T) => Promise<Page>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    // An answer still on its way shows what was before.
    onMutate: () => cache.cancelQueries({ queryKey: SENDING }),
    onSuccess: (page) => cache.setQueryData(SENDING, page),
    onError: () => cache.invalidateQueries({ queryKey: SENDING }),
  });
}

export function usePause() {
  return useChange((because: string) => ask(api.POST("/api/sending/pause", { body: { because } })));
}

export function useResume() {
  return useChange((overdue: Backlog) =>
    ask(api.POST("/api/sending/resume", { body: { overdue } })),
  );
}

export function useResumeVendor() {
  return useChange((name: string) =>
    ask(api.POST("/api/sending/vendors/{name}/resume", { params: { path: { name } } })),
  );
}

interface VendorLimit {
  name: string;
  per_second: number | null;
}

export function useLimitVendor() {
  return useChange(({ name, per_second }: VendorLimit) =>
    ask(
      api.PUT("/api/sending/vendors/{name}/limit", {
        params: { path: { name } },
        body: { per_second },
      }),
    ),
  );
}

interface ReceiverLimit extends VendorLimit {
  domain: string;
}

export function useLimitReceiver() {
  return useChange(({ name, domain, per_second }: ReceiverLimit) =>
    ask(
      api.PUT("/api/sending/vendors/{name}/receivers/{domain}", {
        params: { path: { name, domain } },
        body: { per_second },
      }),
    ),
  );
}

export function useWarm() {
  return useChange(({ name, wish }: { name: string; wish: WarmUpWish }) =>
    ask(
      api.PUT("/api/sending/vendors/{name}/warm-up", {
        params: { path: { name } },
        body: wish,
      }),
    ),
  );
}

export function useEndWarmUp() {
  return useChange((name: string) =>
    ask(api.DELETE("/api/sending/vendors/{name}/warm-up", { params: { path: { name } } })),
  );
}

export interface Choice {
  channel: Channel | null;
  code: string | null;
}

export function useDeadLetters({ channel, code }: Choice) {
  return useInfiniteQuery({
    queryKey: [...DEAD, channel, code],
    queryFn: ({ pageParam }) =>
      ask(api.GET("/api/deliveries", { params: { query: { channel, code, before: pageParam } } })),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useDeadLetter(id: number) {
  return useQuery({
    queryKey: [...DEAD, id],
    queryFn: () =>
      ask(api.GET("/api/deliveries/{delivery_id}", { params: { path: { delivery_id: id } } })),
  });
}

export function useRetry() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: RetriesWish) => ask(api.POST("/api/deliveries/retry", { body })),
    onSettled: () => cache.invalidateQueries({ queryKey: DEAD }),
  });
}
