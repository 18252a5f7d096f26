import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, api, ask } from "../api/client";
import type { Session } from "../api/types";

const KEY = ["session"];

/** Who is signed in; null where nobody is. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    queryFn: async (): Promise<Session | null> => {
      try {
        return await ask(api.GET("/api/session"));
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      ask(api.POST("/api/session", { body })),
    // An answer still on its way says that nobody is signed in, and would come last.
    onMutate: () => cache.cancelQueries({ queryKey: KEY }),
    onSuccess: (session) => cache.setQueryData(KEY, session),
  });
}

export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.DELETE("/api/session")),
    onSuccess: () => {
      // What one member saw must not flash up for the next.
      cache.setQueryData(KEY, null);
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
    },
  });
}
