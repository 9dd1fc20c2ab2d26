import { Modal, TitleBar } from "@shopify/app-bridge-react";
import { Box, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useWords } from "#app/ui/words/words.ts";

type ConfirmModalProps = {
  id: string;
  open: boolean;
  title: string;
  body: ReactNode;
  confirm: string;
  critical?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something that can't be taken back, and says what will happen. */
export function ConfirmModal({
  id,
  open,
  title,
  body,
  confirm,
  critical,
  busy,
  onConfirm,
  onClose,
}: ConfirmModalProps) {
  const words = useWords().shell.actions;
  return (
    <Modal id={id} open={open} onHide={onClose}>
      <Box padding="400">
        <Text as="p">{body}</Text>
      </Box>
      <TitleBar title={title}>
        <button
          variant="primary"
          tone={critical ? "critical" : "default"}
          onClick={onConfirm}
          loading={busy ? "" : undefined}
          disabled={busy}
        >
          {confirm}
        </button>
        <button onClick={onClose}>{words.back}</button>
      </TitleBar>
    </Modal>
  );
}
