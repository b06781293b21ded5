import { Button, Code, Text } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiKey, createMyApiKey, listMyApiKeys, revokeMyApiKey } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { Nothing } from '../../kit/states.tsx';
import { CreateKeyDialog } from '../../parts/create-key-dialog.tsx';
import { KEY_STATES, KeyStatus } from '../../parts/key-status.tsx';

/** My own keys: creating and revoking them. */
export const MyKeys = () => {
  const keys = useQuery({ queryKey: ['my-keys'], queryFn: () => call(listMyApiKeys) });
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const revoke = useAction({
    run: (id: string) => call(revokeMyApiKey, { params: { api_key_id: id } }),
    touches: ['my-keys'],
    done: (key) => `The key “${key.name}” is revoked.`,
    onDone: () => setRevoking(null),
  });
  const createButton = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      Create key
    </Button>
  );
  return (
    <SectionCard title="Keys" description="They act as you: all rules for you apply." actions={createButton} flush>
      <Loadable
        query={keys}
        lines={4}
        isEmpty={({ data }) => data.length === 0}
        empty={
          <Nothing title="You have no keys yet" icon={<IconKey size={26} stroke={1.5} aria-hidden />}>
            Create one for each machine you work on, so that you can revoke them one by one.
          </Nothing>
        }
      >
        {({ data }) => (
          <DataTable label="My keys" columns={columns(setRevoking)} rows={data} rowKey={(row) => row.id} />
        )}
      </Loadable>
      <CreateKeyDialog
        opened={creating}
        title="Create a key of your own"
        create={(name) => call(createMyApiKey, { body: { name } })}
        onClose={() => setCreating(false)}
      />
      <ConfirmDialog
        opened={revoking !== null}
        title={`Revoke “${revoking?.name ?? ''}”?`}
        confirm="Revoke the key"
        busy={revoke.isPending}
        onConfirm={() => revoking !== null && revoke.mutate(revoking.id)}
        onClose={() => setRevoking(null)}
      >
        Programs that use this key are refused within a second, and answers that are still streaming end. A revoked key
        cannot be brought back.
      </ConfirmDialog>
    </SectionCard>
  );
};

const columns = (onRevoke: (key: ApiKey) => void): readonly Column<ApiKey>[] => [
  {
    key: 'name',
    header: 'Name',
    sortBy: (row) => row.name,
    cell: (row) => (
      <Text size="sm" fw={500}>
        {row.name}
      </Text>
    ),
  },
  { key: 'hint', header: 'Key', cell: (row) => <Code>{row.partial_key_hint}</Code> },
  {
    key: 'status',
    header: 'Status',
    sortBy: (row) => KEY_STATES[row.status][1],
    cell: (row) => <KeyStatus status={row.status} />,
  },
  {
    key: 'created',
    header: 'Created',
    sortBy: (row) => row.created_at,
    cell: (row) => <RelativeTime at={row.created_at} />,
  },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) =>
      row.status === 'archived' ? null : (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onRevoke(row)}
          aria-label={`Revoke the key ${row.name}`}
        >
          Revoke
        </Button>
      ),
  },
];
