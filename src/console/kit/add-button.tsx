import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { DisabledReason } from './disabled-reason.tsx';

type Props = {
  readonly label: string;
  /** Why nothing may be added; null when it may. */
  readonly reason: string | null;
  readonly onAdd: () => void;
};

/** The small button at the head of a section that adds to its list. */
export const AddButton = ({ label, reason, onAdd }: Props) => (
  <DisabledReason reason={reason}>
    <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={onAdd}>
      {label}
    </Button>
  </DisabledReason>
);
