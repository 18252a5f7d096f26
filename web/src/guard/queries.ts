import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Cap, LimitsPage, ShopLimits, StoppedMessage } from "./types";

/** Every message under what settled it; of one journey, or of all. */
export function useFates(journey: string | null) {
  return useQuery({
    queryKey: ["fates", journey],
    queryFn: () => ask(api.GET("/api/fates", { params: { query: { journey } } })),
    placeholderData: keepPreviousData,
  });
}

const LIMITS = ["limits"];

export function useLimits() {
  return useQuery({ queryKey: LIMITS, queryFn: () => ask(api.GET("/api/limits")) });
}

/** A change of the page of limits; its answer is the page as it is then. */
function useChange<T>(change: (wish: T) => Promise<LimitsPage>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (page) => cache.setQueryData(LIMITS, page),
    onError: () => cache.invalidateQueries({ queryKey: LIMITS }),
  });
}

export function useSetLimits() {
  return useChange((body: ShopLimits) => ask(api.PUT("/api/limits", { body })));
}

export function useKeepCap() {
  return useChange((body: Cap) => ask(api.POST("/api/limits/caps", { body })));
}

export function useDropCap() {
  return useChange(({ days, channel, topic }: Cap) =>
    ask(
      api.DELETE("/api/limits/caps/{days}", {
        params: { path: { days }, query: { channel: channel ?? null, topic: topic ?? null } },
      }),
    ),
  );
}

export function useResume() {
  return useChange(({ journey, template }: StoppedMessage) =>
    ask(api.POST("/api/limits/stops/resume", { body: { journey, template } })),
  );
}

export function usePrivacy() {
  return useQuery({ queryKey: ["privacy"], queryFn: () => ask(api.GET("/api/privacy")) });
}

export interface AccessFilter {
  who: string;
  by: string;
}

/** Who saw whose data; kept in no cache for longer than the page is looked at. */
export function useAccesses({ who, by }: AccessFilter) {
  return useInfiniteQuery({
    queryKey: ["accesses", who, by],
    queryFn: ({ pageParam }) =>
      ask(api.POST("/api/accesses", { body: { who, by, before: pageParam } })),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_cursor,
    gcTime: 0,
    retry: false,
  });
}

export function useLaw() {
  return useQuery({
    queryKey: ["law"],
    queryFn: () => ask(api.GET("/api/law")),
    select: (answer) => answer.packs,
  });
}
