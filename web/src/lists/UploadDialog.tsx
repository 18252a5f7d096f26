import { Button, FileInput, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useFormat } from "../i18n/useFormat";
import { useWords } from "../i18n/useWords";
import { Dialog } from "../ui/Dialog";
import { Refused } from "../ui/Refused";
import { columnsOf, kindOf, likeliest } from "./columns";
import { useLists, useUpload } from "./queries";
import type { ListKind, UploadedList } from "./types";

const KINDS: ListKind[] = ["email", "user", "phone"];

interface UploadDialogProps {
  open: boolean;
  close: () => void;
  say: (what: string) => void;
}

export function UploadDialog({ open, close, say }: UploadDialogProps) {
  const words = useWords().lists;
  return (
    <Dialog onClose={close} opened={open} title={words.uploadTitle}>
      <Upload close={close} say={say} />
    </Dialog>
  );
}

interface Wish {
  file: File | null;
  columns: string[];
  column: string;
  by: ListKind;
  name: string;
}

const NOTHING: Wish = { file: null, columns: [], column: "", by: "email", name: "" };

/** What is known of a file once it is chosen: its columns, and who the likeliest one means. */
async function look(wish: Wish, file: File | null): Promise<Wish> {
  if (!file) return { ...NOTHING, name: wish.name };
  const columns = await columnsOf(file).catch(() => []);
  const column = likeliest(columns);
  const name = wish.name || file.name.replace(/\.[^.]*$/, "");
  return { file, columns, column, by: kindOf(column) ?? wish.by, name };
}

function Upload({ close, say }: Omit<UploadDialogProps, "open">) {
  const words = useWords().lists;
  const upload = useUpload();
  const [wish, setWish] = useState(NOTHING);
  const [asked, ask] = useState(false);
  const sum = useSum();
  const name = wish.name.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask(true);
    if (!name || !wish.file) return;
    const { file, by, column } = wish;
    upload.mutate(
      { name, file, by, column },
      {
        onSuccess: (list) => {
          say(sum(list));
          close();
        },
      },
    );
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="md">
        <Text className="soft" fz="sm">
          {words.uploadHelp}
        </Text>
        <FileInput
          accept=".csv,text/csv"
          error={asked && !wish.file ? words.fileMissing : undefined}
          label={words.file}
          onChange={async (file) => setWish(await look(wish, file))}
          placeholder={words.choose}
          value={wish.file}
        />
        {wish.file ? <Who setWish={setWish} wish={wish} /> : null}
        <TextInput
          description={words.nameHelp}
          error={asked && !name ? words.nameBad : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          label={words.name}
          maxLength={100}
          onChange={(event) => setWish({ ...wish, name: event.currentTarget.value })}
          value={wish.name}
        />
        <Replaces name={name} />
        <Refused error={upload.error} title={words.refused} />
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

/** Which column says who is meant, and by what. */
function Who({ wish, setWish }: { wish: Wish; setWish: (wish: Wish) => void }) {
  const words = useWords().lists;
  const choose = (column: string) => setWish({ ...wish, column, by: kindOf(column) ?? wish.by });
  return (
    <Group align="flex-end" grow>
      {wish.columns.length > 1 ? (
        <Select
          allowDeselect={false}
          data={[...new Set(wish.columns)]}
          label={words.column}
          onChange={(column) => column && choose(column)}
          value={wish.column}
        />
      ) : null}
      <Select
        allowDeselect={false}
        data={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
        label={words.by}
        onChange={(by) => by && setWish({ ...wish, by })}
        value={wish.by}
      />
    </Group>
  );
}

function Replaces({ name }: { name: string }) {
  const words = useWords().lists;
  const lists = useLists();
  if (!lists.data?.some((one) => one.name === name)) return null;
  return (
    <Text fz="sm" role="status">
      {words.replaces(name)}
    </Text>
  );
}

/** What became of a file, and which of its lines led nowhere. */
function useSum(): (list: UploadedList) => string {
  const words = useWords().lists;
  const format = useFormat();
  return (list) => {
    const lines = [...list.unknown, ...list.unreadable].toSorted((one, other) => one - other);
    const said = words.sent(list.name, format.number(list.entries), format.number(list.matched));
    return lines.length > 0 ? `${said} ${words.lost(lines.slice(0, 10).join(", "))}` : said;
  };
}
