import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "../api/send";
import type { CustomerList } from "./types";

const KEY = ["lists"];

function pathOf(name: string): string {
  return `/api/lists/${encodeURIComponent(name)}`;
}

export function useLists() {
  return useQuery({
    queryKey: KEY,
    queryFn: () => send<{ lists: CustomerList[] }>("GET", "/api/lists"),
    select: (answer) => answer.lists,
  });
}

/** Makes a list of a file's customers, or makes it anew. */
export function useUpload() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ name, text }: { name: string; text: string }) =>
      send<CustomerList>("PUT", pathOf(name), text),
    onSuccess: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: KEY }),
        cache.invalidateQueries({ queryKey: ["vocabulary"] }),
      ]),
  });
}

export function useDrop() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => send<unknown>("DELETE", pathOf(name)),
    onSuccess: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: KEY }),
        cache.invalidateQueries({ queryKey: ["vocabulary"] }),
      ]),
  });
}
