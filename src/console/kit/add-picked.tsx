import { Button, Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { DisabledReason } from './disabled-reason.tsx';
import type { PickerProps } from './search-select.tsx';

type Props = {
  readonly action: string;
  /** Why nothing may be added; null when it may. */
  readonly reason: string | null;
  readonly busy: boolean;
  /** The picker, which is given what is chosen. */
  readonly children: (picking: Pick<PickerProps, 'value' | 'onChange' | 'disabled'>) => ReactNode;
  readonly onAdd: (id: string) => void;
};

/** Picks one of many and adds it. */
export const AddPicked = ({ action, reason, busy, children, onAdd }: Props) => {
  const [value, setValue] = useState<string | undefined>(undefined);
  const add = () => {
    if (value === undefined) return;
    onAdd(value);
    setValue(undefined);
  };
  return (
    <Group gap="xs">
      {children({ value, onChange: setValue, disabled: reason !== null })}
      <DisabledReason reason={reason}>
        <Button size="xs" variant="default" disabled={value === undefined} loading={busy} onClick={add}>
          {action}
        </Button>
      </DisabledReason>
    </Group>
  );
};
