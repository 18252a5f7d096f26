import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { ApiError } from "../api/client";
import { useWords } from "../i18n/useWords";
import { BrandMark } from "../ui/Brand";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { Trouble } from "../ui/Trouble";
import "./signIn.css";
import { useSignIn } from "./useSession";

export function SignInPage() {
  const words = useWords();
  useEffect(() => {
    document.title = `${words.session.title} · ${words.brand}`;
  }, [words]);
  return (
    <main className="sign-in">
      <div className="sign-in-side">
        <BrandMark size={56} />
        <Title fz="2rem" mt="md" order={1}>
          {words.session.promise}
        </Title>
        <Text fz="lg" maw={420} mt="xs">
          {words.session.promiseHelp}
        </Text>
      </div>
      <div className="sign-in-form">
        <SignInForm />
        <LanguageSwitch />
      </div>
    </main>
  );
}

function SignInForm() {
  const words = useWords();
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email, password });
  };
  return (
    <Paper component="form" maw={400} onSubmit={submit} p="xl" radius="lg" w="100%" withBorder>
      <Stack>
        <Title fz="1.3rem" order={2}>
          {words.session.welcome}
        </Title>
        {signIn.isError ? <SignInTrouble error={signIn.error} /> : null}
        <TextInput
          autoComplete="username"
          autoFocus
          label={words.session.email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          size="md"
          type="email"
          value={email}
          withAsterisk={false}
        />
        <PasswordInput
          autoComplete="current-password"
          label={words.session.password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          size="md"
          value={password}
          withAsterisk={false}
        />
        <Button loading={signIn.isPending} size="md" type="submit">
          {words.session.submit}
        </Button>
      </Stack>
    </Paper>
  );
}

function SignInTrouble({ error }: { error: unknown }) {
  const { session } = useWords();
  const status = error instanceof ApiError ? error.status : -1;
  if (status !== 401 && status !== 429) return <Trouble error={error} />;
  return (
    <Alert color="clay" p="sm" role="alert" variant="light">
      {status === 401 ? session.wrong : session.wait}
    </Alert>
  );
}
