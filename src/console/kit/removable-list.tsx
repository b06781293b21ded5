import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { DisabledReason } from './disabled-reason.tsx';
import classes from './removable-list.module.css';

type RemovableItem = {
  readonly id: string;
  readonly content: ReactNode;
  /** What the remove button is called, naming the item. */
  readonly removeLabel: string;
};

type Props = {
  readonly label: string;
  readonly items: readonly RemovableItem[];
  readonly empty: string;
  readonly reason: string | null;
  readonly onRemove: (id: string) => void;
};

/** A short list whose entries can be taken away one by one. */
export const RemovableList = ({ label, items, empty, reason, onRemove }: Props) =>
  items.length === 0 ? (
    <Text size="sm" c="dimmed">
      {empty}
    </Text>
  ) : (
    <ul className={classes.list} aria-label={label}>
      {items.map((item) => (
        <li key={item.id} className={classes.item}>
          <Text size="sm" component="div" flex={1} miw={0}>
            {item.content}
          </Text>
          <Group gap={0}>
            <DisabledReason reason={reason}>
              <Tip label={item.removeLabel} onClick={() => onRemove(item.id)} />
            </DisabledReason>
          </Group>
        </li>
      ))}
    </ul>
  );

type TipProps = { readonly label: string; readonly onClick: () => void; readonly disabled?: boolean };

const Tip = ({ label, onClick, disabled = false }: TipProps) => (
  <Tooltip label={label} disabled={disabled}>
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={onClick} disabled={disabled}>
      <IconX size={14} aria-hidden />
    </ActionIcon>
  </Tooltip>
);
