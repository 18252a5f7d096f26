import { Modal, type ModalProps } from "@mantine/core";
import { useWords } from "../i18n/useWords";

/** A question or a form over the page, with a way out that every reader can find. */
export function Dialog(props: ModalProps) {
  const { common } = useWords();
  return <Modal centered closeButtonProps={{ "aria-label": common.close }} {...props} />;
}
