import { Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiKey, createMyApiKey, listMyApiKeys, revokeMyApiKey } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { Nothing } from '../../kit/states.tsx';
import { CreateKeyDialog } from '../../parts/create-key-dialog.tsx';
import { KEY_FACTS, KEY_NAME, RevokeKey } from '../../parts/key-columns.tsx';

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
      <RevokeKey
        apiKey={revoking}
        busy={revoke.isPending}
        error={null}
        onConfirm={({ id }) => revoke.mutate(id)}
        onClose={() => setRevoking(null)}
      />
    </SectionCard>
  );
};

const columns = (onRevoke: (key: ApiKey) => void): readonly Column<ApiKey>[] => [
  KEY_NAME,
  ...KEY_FACTS,
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
