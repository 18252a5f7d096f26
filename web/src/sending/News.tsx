import { Alert, Button, Group, Text } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { Icon } from "../ui/Icon";

export interface Said {
  text: string;
  undo?: () => void;
}

interface NewsProps {
  said: Said | null;
  pending?: boolean;
}

/** What has just been done, and a way back where there is one. */
export function News({ said, pending = false }: NewsProps) {
  const words = useWords().sending;
  return (
    <div className="news" role="status">
      {said ? (
        <Alert color="pine" icon={<Icon name="check" />} mb="sm" p="sm" variant="light">
          <Group justify="space-between">
            <Text fz="sm">{said.text}</Text>
            {said.undo ? (
              <Button loading={pending} onClick={said.undo} size="compact-sm" variant="default">
                {words.undo}
              </Button>
            ) : null}
          </Group>
        </Alert>
      ) : null}
    </div>
  );
}
