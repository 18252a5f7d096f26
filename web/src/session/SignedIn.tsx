import { Center, Container, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import type { Session } from "../api/types";
import { ZoneContext } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Trouble } from "../ui/Trouble";
import { SignInPage } from "./SignInPage";
import { useSession } from "./useSession";

/** Shows its children to members, and the sign-in page to everybody else. */
export function SignedIn({ children }: { children: (session: Session) => ReactNode }) {
  const session = useSession();
  const words = useWords();
  if (session.isPending) {
    return (
      <Center h="100vh">
        <Loader aria-label={words.common.loading} />
      </Center>
    );
  }
  if (session.isError) {
    return (
      <Container pt={80} size="xs">
        <Trouble error={session.error} retry={() => session.refetch()} />
      </Container>
    );
  }
  if (session.data === null) return <SignInPage />;
  return <ZoneContext value={session.data.time_zone}>{children(session.data)}</ZoneContext>;
}
