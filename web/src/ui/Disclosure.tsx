import { Button, Collapse } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useId } from "react";

interface DisclosureProps {
  /** What the button says while there is more, and while it is shown. */
  more: string;
  less: string;
  /** What the button is about, for who hears it without seeing its place. */
  about: string;
  children: () => ReactNode;
}

/** A button that shows more below itself; what it shows is made only then. */
export function Disclosure({ more, less, about, children }: DisclosureProps) {
  const [open, { toggle }] = useDisclosure(false);
  const panel = useId();
  const label = open ? less : more;
  return (
    <>
      <Button
        aria-controls={panel}
        aria-expanded={open}
        aria-label={`${label}: ${about}`}
        ml={-8}
        mt={4}
        onClick={toggle}
        px={8}
        size="compact-sm"
        variant="subtle"
      >
        {label}
      </Button>
      <Collapse expanded={open} id={panel}>
        {open ? children() : null}
      </Collapse>
    </>
  );
}
