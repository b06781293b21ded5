import { Code, Text } from '@mantine/core';
import type { ApiKey } from '../../directory/contract.ts';
import { ConfirmDialog } from '../kit/confirm-dialog.tsx';
import type { Column } from '../kit/data-table.tsx';
import { RelativeTime } from '../kit/relative-time.tsx';
import { KeyStatus } from './key-status.tsx';

/** What a key is called. */
export const KEY_NAME: Column<ApiKey> = {
  key: 'name',
  header: 'Name',
  isSortable: true,
  cell: (row) => (
    <Text size="sm" fw={500}>
      {row.name}
    </Text>
  ),
};

/** What every table of keys shows of a key after whose it is: a part of it to tell it by, its state and its age. */
export const KEY_FACTS: readonly Column<ApiKey>[] = [
  { key: 'hint', header: 'Key', cell: (row) => <Code style={{ whiteSpace: 'nowrap' }}>{row.partial_key_hint}</Code> },
  { key: 'status', header: 'Status', cell: (row) => <KeyStatus status={row.status} /> },
  { key: 'created', header: 'Created', isSortable: true, cell: (row) => <RelativeTime at={row.created_at} /> },
];

type Props = {
  /** The key it is about; null while nothing is asked. */
  readonly apiKey: ApiKey | null;
  readonly busy: boolean;
  readonly error: unknown;
  /** What to do instead, where there is something. */
  readonly otherwise?: string;
  readonly onConfirm: (key: ApiKey) => void;
  readonly onClose: () => void;
};

/** Asks before a key is revoked for good. */
export const RevokeKey = ({ apiKey, busy, error, otherwise, onConfirm, onClose }: Props) => (
  <ConfirmDialog
    opened={apiKey !== null}
    title={`Revoke “${apiKey?.name ?? ''}”?`}
    confirm="Revoke the key"
    busy={busy}
    error={error}
    onConfirm={() => apiKey !== null && onConfirm(apiKey)}
    onClose={onClose}
  >
    Whoever uses this key is refused within a second, and answers that are still streaming end. A revoked key cannot be
    brought back{otherwise === undefined ? '.' : `; ${otherwise}`}
  </ConfirmDialog>
);
