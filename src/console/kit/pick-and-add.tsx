import { Button, Group, Select } from '@mantine/core';
import { useState } from 'react';
import { DisabledReason } from './disabled-reason.tsx';

type Props = {
  readonly label: string;
  readonly placeholder: string;
  readonly action: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Why nothing may be added; null when it may. */
  readonly reason: string | null;
  readonly busy: boolean;
  readonly onAdd: (value: string) => void;
};

/** Picks one of a list by typing part of its name, and adds it. */
export const PickAndAdd = ({ label, placeholder, action, options, reason, busy, onAdd }: Props) => {
  const [value, setValue] = useState<string | null>(null);
  const add = () => {
    if (value === null) return;
    onAdd(value);
    setValue(null);
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <Select
        size="xs"
        flex={1}
        maw={320}
        miw={0}
        aria-label={label}
        placeholder={placeholder}
        searchable
        limit={50}
        nothingFoundMessage="Nothing left to add"
        disabled={reason !== null}
        data={[...options]}
        value={value}
        onChange={setValue}
      />
      <DisabledReason reason={reason}>
        <Button size="xs" variant="default" disabled={value === null} loading={busy} onClick={add}>
          {action}
        </Button>
      </DisabledReason>
    </Group>
  );
};
