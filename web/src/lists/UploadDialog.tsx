import { Alert, Button, FileInput, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ApiError } from "../api/client";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Trouble } from "../ui/Trouble";
import { useLists, useUpload } from "./queries";

interface UploadDialogProps {
  open: boolean;
  close: () => void;
  say: (what: string) => void;
}

export function UploadDialog({ open, close, say }: UploadDialogProps) {
  const words = useWords().lists;
  return (
    <Modal centered onClose={close} opened={open} title={words.uploadTitle}>
      <Upload close={close} say={say} />
    </Modal>
  );
}

function Upload({ close, say }: Omit<UploadDialogProps, "open">) {
  const words = useWords().lists;
  const format = useFormat();
  const upload = useUpload();
  const lists = useLists();
  const [name, setName] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [asked, ask] = useState(false);
  const plain = name.trim();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    ask(true);
    if (!plain || !file) return;
    upload.mutate(
      { name: plain, text: await file.text() },
      {
        onSuccess: (list) => {
          say(words.sent(list.name, format.number(list.entries), format.number(list.matched)));
          close();
        },
      },
    );
  };
  const chooseFile = (chosen: File | null) => {
    setFile(chosen);
    if (chosen && !plain) setName(chosen.name.replace(/\.[^.]*$/, ""));
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="md">
        <Text className="soft" fz="sm">
          {words.uploadHelp}
        </Text>
        <FileInput
          accept=".csv,text/csv"
          error={asked && !file ? words.fileMissing : undefined}
          label={words.file}
          onChange={chooseFile}
          placeholder={words.choose}
          value={file}
        />
        <TextInput
          description={words.nameHelp}
          error={asked && !plain ? words.nameBad : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={words.name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
          value={name}
        />
        {lists.data?.some((one) => one.name === plain) ? (
          <Text fz="sm" role="status">
            {words.replaces(plain)}
          </Text>
        ) : null}
        <Refused error={upload.error} />
        <Group justify="flex-end">
          <Button onClick={close} variant="default">
            {words.cancel}
          </Button>
          <Button loading={upload.isPending} type="submit">
            {words.send}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The server names what is wrong with the file better than any general words could. */
function Refused({ error }: { error: unknown }) {
  const words = useWords().lists;
  if (!error) return null;
  const said = error instanceof ApiError && error.status === 400 ? error.message : "";
  if (!said) return <Trouble error={error} />;
  return (
    <Alert color="clay" role="alert" title={words.refused} variant="light">
      {said}
    </Alert>
  );
}
