import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, ask, saveFile } from "../api/client";
import type { DecisionReason } from "../api/types";

export interface Wanted {
  query: string;
  segment: number | null;
  reason: DecisionReason | null;
}

export function useCustomers({ query, segment, reason }: Wanted) {
  return useInfiniteQuery({
    queryKey: ["customers", query, segment, reason],
    queryFn: ({ pageParam }) =>
      ask(
        api.GET("/api/customers", {
          params: { query: { query, segment, reason, cursor: pageParam } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function useCustomer(id: number) {
  return useQuery({
    queryKey: ["customer", id],
    queryFn: () =>
      ask(api.GET("/api/customers/{customer_id}", { params: { path: { customer_id: id } } })),
    // While somebody is being forgotten, what is left of them changes.
    refetchInterval: (query) => {
      const erasure = query.state.data?.erasure;
      return erasure && erasure.state !== "done" ? 2000 : false;
    },
  });
}

/** Downloads everything held about a customer, for a reason that is kept. */
export function useCopy(id: number) {
  return useMutation({
    mutationFn: (reason: string) =>
      saveFile(`/api/customers/${id}/export`, { reason }, `customer-${id}.zip`),
  });
}

export function useErase(id: number) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () =>
      ask(
        api.POST("/api/customers/{customer_id}/erasure", {
          params: { path: { customer_id: id } },
          body: { confirm: id },
        }),
      ),
    onSuccess: () => cache.invalidateQueries(),
  });
}

/** Tell a part and its head apart; what both pages show is asked for anew. */
export function useUnmerge(head: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (part: number) =>
      ask(
        api.POST("/api/customers/{customer_id}/unmerge", {
          params: { path: { customer_id: part } },
        }),
      ),
    onSuccess: (_, part) =>
      Promise.all(
        [head, part].flatMap((id) => [
          queries.invalidateQueries({ queryKey: ["customer", id] }),
          queries.invalidateQueries({ queryKey: ["timeline", id] }),
        ]),
      ),
  });
}

export function useTimeline(id: number, limit: number) {
  return useQuery({
    queryKey: ["timeline", id, limit],
    queryFn: () =>
      ask(
        api.GET("/api/customers/{customer_id}/timeline", {
          params: { path: { customer_id: id }, query: { limit } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function useJudged(customer: number) {
  return useInfiniteQuery({
    queryKey: ["judged", customer],
    queryFn: ({ pageParam }) =>
      ask(
        api.GET("/api/customers/{customer_id}/messages", {
          params: { path: { customer_id: customer }, query: { cursor: pageParam } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useJourneys() {
  return useQuery({
    queryKey: ["journeys"],
    queryFn: () => ask(api.GET("/api/journeys")),
    select: (answer) => answer.journeys,
  });
}

/** What keeps a customer out of a journey. */
export function useEntry(customer: number, name: string) {
  return useQuery({
    queryKey: ["entry", customer, name],
    queryFn: () =>
      ask(
        api.GET("/api/customers/{customer_id}/journeys/{name}/entry", {
          params: { path: { customer_id: customer, name } },
        }),
      ),
  });
}

export function useWhy(customer: number, message: number) {
  return useQuery({
    queryKey: ["why", customer, message],
    queryFn: () =>
      ask(
        api.GET("/api/customers/{customer_id}/messages/{message_id}/why", {
          params: { path: { customer_id: customer, message_id: message } },
        }),
      ),
  });
}
