import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";

const EVERY_MS = 5000;

export function useMails() {
  return useInfiniteQuery({
    queryKey: ["mails"],
    queryFn: ({ pageParam }) =>
      ask(api.GET("/api/mailbox", { params: { query: { cursor: pageParam } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    // Only while the newest are on show: an older page would otherwise be asked for again and again.
    refetchInterval: (query) => (query.state.data?.pages.length === 1 ? EVERY_MS : false),
  });
}

export function useMail(id: string) {
  return useQuery({
    queryKey: ["mail", id],
    queryFn: () => ask(api.GET("/api/mailbox/{mail_id}", { params: { path: { mail_id: id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
