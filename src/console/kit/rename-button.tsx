import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { DisabledReason } from './disabled-reason.tsx';
import { NameDialog } from './name-dialog.tsx';

/** As much of a mutation as renaming needs. */
type Deed = {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly mutate: (name: string, options: { readonly onSuccess: () => void }) => void;
  readonly reset: () => void;
};

type Props = {
  /** What is renamed: “group”, “role”. */
  readonly noun: string;
  readonly name: string;
  /** Why it may not be renamed; null when it may. */
  readonly reason: string | null;
  /** Shows its errors in the dialog, so the action's own errors are `inline`. */
  readonly deed: Deed;
};

/** Renames the thing a page is about. */
export const RenameButton = ({ noun, name, reason, deed }: Props) => {
  const [asking, setAsking] = useState(false);
  const close = () => {
    setAsking(false);
    deed.reset();
  };
  return (
    <>
      <DisabledReason reason={reason}>
        <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setAsking(true)}>
          Rename
        </Button>
      </DisabledReason>
      <NameDialog
        opened={asking}
        title={`Rename the ${noun}`}
        label="Name"
        initial={name}
        submit="Rename"
        busy={deed.isPending}
        error={deed.error}
        onSubmit={(next) => deed.mutate(next, { onSuccess: () => setAsking(false) })}
        onClose={close}
      />
    </>
  );
};
