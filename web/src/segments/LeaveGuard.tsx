import { Button, Group, Text } from "@mantine/core";
import { type RefObject, useEffect } from "react";
import { useBlocker } from "react-router";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";

interface LeaveGuardProps {
  dirty: boolean;
  /** Set where the page is left because everything is saved. */
  leaving: RefObject<boolean>;
}

/** Asks before changes that are not saved are lost. */
export function LeaveGuard({ dirty, leaving }: LeaveGuardProps) {
  const words = useWords().segments;
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && !leaving.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (dirty) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
  return (
    <Dialog
      onClose={() => blocker.reset?.()}
      opened={blocker.state === "blocked"}
      title={words.leaveQuestion}
    >
      <Text fz="sm" mb="md">
        {words.leaveHelp}
      </Text>
      <Group justify="flex-end">
        <Button onClick={() => blocker.proceed?.()} variant="default">
          {words.leaveYes}
        </Button>
        <Button data-autofocus onClick={() => blocker.reset?.()}>
          {words.leaveNo}
        </Button>
      </Group>
    </Dialog>
  );
}
