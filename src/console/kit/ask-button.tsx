import { Button, type ButtonProps } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { DisabledReason } from './disabled-reason.tsx';

/** As much of a mutation as the question needs. */
type Deed = {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly mutate: (input: undefined, options: { readonly onSuccess: () => void }) => void;
  readonly reset: () => void;
};

type Props = {
  readonly label: string;
  /** What the button is called where its label alone would not say whom it concerns. */
  readonly name?: string;
  /** Why it may not be done; null when it may. */
  readonly reason: string | null;
  readonly title: string;
  readonly confirm: string;
  /** What will happen, in whole sentences. */
  readonly children: ReactNode;
  /** Shows its errors in the dialog, so the action's own errors are `inline`. */
  readonly deed: Deed;
  /** Marks what takes a whole thing away, as deleting does. */
  readonly danger?: boolean;
} & Pick<ButtonProps, 'leftSection' | 'size'>;

/** A button that asks before it does something that cannot be taken back. */
export const AskButton = ({ label, name, reason, title, confirm, children, deed, danger = false, ...look }: Props) => {
  const [asking, setAsking] = useState(false);
  const close = () => {
    setAsking(false);
    deed.reset();
  };
  return (
    <>
      <DisabledReason reason={reason}>
        <Button
          variant="default"
          leftSection={danger ? <IconTrash size={16} aria-hidden /> : undefined}
          c={danger && reason === null ? 'var(--mantine-color-error)' : undefined}
          {...look}
          aria-label={name}
          onClick={() => setAsking(true)}
        >
          {label}
        </Button>
      </DisabledReason>
      <ConfirmDialog
        opened={asking}
        title={title}
        confirm={confirm}
        busy={deed.isPending}
        error={deed.error}
        onConfirm={() => deed.mutate(undefined, { onSuccess: () => setAsking(false) })}
        onClose={close}
      >
        {children}
      </ConfirmDialog>
    </>
  );
};
