import { Alert, Button, Text } from "@mantine/core";
import { ApiError } from "../api/client";
import { useWords } from "../i18n/useWords";
import type { Words } from "../i18n/words";
import { Icon } from "./Icon";

/** What went wrong, in words that say what to do, and a way to try again. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const words = useWords();
  const [title, help] = explain(error, words);
  return (
    <Alert color="clay" icon={<Icon name="info" />} role="alert" title={title} variant="light">
      <Text fz="sm">{help}</Text>
      {retry ? (
        <Button color="clay" mt="sm" onClick={retry} size="compact-md" variant="light">
          {words.common.retry}
        </Button>
      ) : null}
    </Alert>
  );
}

function explain(error: unknown, words: Words): [string, string] {
  const status = error instanceof ApiError ? error.status : -1;
  const { trouble } = words;
  if (status === 0) return [trouble.offline, trouble.offlineHelp];
  if (status === 404) return [trouble.missing, trouble.missingHelp];
  if (status === 503) return [trouble.busy, trouble.busyHelp];
  return [trouble.broken, trouble.brokenHelp];
}
