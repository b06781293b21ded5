import { Badge, Group, Stack, Switch, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { LockNote } from './lock-note.tsx';
import classes from './role-rights.module.css';

/** A capability with its switch; `reason` is why it cannot be moved, null when it can. */
export type CapabilityRow = {
  readonly id: string;
  readonly title: string;
  readonly kind: 'product' | 'tool' | 'feature';
  readonly stage: 'generally_available' | 'preview';
  readonly enforced_by: 'gateway' | 'client';
  readonly shown_by: string;
  readonly isOn: boolean;
  readonly isChanged: boolean;
  readonly reason: string | null;
  /** A level above that decides; null when none does. */
  readonly lock: string | null;
};

const KINDS = {
  product: ['Products', 'Which products people may work in. Programs that call the API need none of them.'],
  tool: ['Tools and files', 'What requests may bring along. Remit refuses a request that brings more.'],
  feature: [
    'Further features',
    'Most of these are kept by the clients themselves, by the policy that Remit gives them.',
  ],
} as const;

type Props = {
  readonly rows: readonly CapabilityRow[];
  readonly onSwitch: (id: string, isOn: boolean) => void;
  /** What stands above the lists. */
  readonly children?: ReactNode;
};

/** Capabilities by their kind, each with a switch and what shows it. */
export const CapabilityList = ({ rows, onSwitch, children }: Props) => (
  <Stack gap="lg">
    {children}
    {(['product', 'tool', 'feature'] as const).map((kind) => (
      <Kind key={kind} kind={kind} rows={rows.filter((row) => row.kind === kind)} onSwitch={onSwitch} />
    ))}
  </Stack>
);

const Kind = ({ kind, rows, onSwitch }: Props & { readonly kind: keyof typeof KINDS }) => {
  const id = useId();
  const [title, description] = KINDS[kind];
  return (
    <section className="card" aria-labelledby={id}>
      <Stack gap={2} p="md" pb="sm">
        <Title order={2} id={id}>
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {description}
        </Text>
      </Stack>
      <ul className={classes.list}>
        {rows.map((row) => (
          <Row key={row.id} row={row} onSwitch={onSwitch} />
        ))}
      </ul>
    </section>
  );
};

const Row = ({ row, onSwitch }: { readonly row: CapabilityRow } & Pick<Props, 'onSwitch'>) => (
  <li className={`${classes.row} ${row.isChanged ? classes.changed : ''}`}>
    <Stack gap={2} className={classes.words}>
      <Group gap="xs">
        <Text size="sm" fw={500}>
          {row.title}
        </Text>
        {row.stage === 'preview' && (
          <Badge size="sm" variant="default">
            Preview
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {row.shown_by}
      </Text>
      {row.lock !== null && <LockNote>{row.lock}</LockNote>}
    </Stack>
    <DisabledReason reason={row.reason}>
      <Switch
        aria-label={row.title}
        checked={row.isOn}
        onChange={(event) => onSwitch(row.id, event.currentTarget.checked)}
      />
    </DisabledReason>
  </li>
);
