import { Badge, Box, Button, Group, Text } from '@mantine/core';
import { IconPlus, IconShieldLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type AdminKey, listAdminKeys, revokeAdminKey } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { Nothing, Refused } from '../../kit/states.tsx';
import { NewAdminKey } from './new-admin-key.tsx';

const COLUMNS: readonly Column<AdminKey>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: (row) => (
      <>
        <Text size="sm">{row.name}</Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {row.partial_key_hint}
        </Text>
      </>
    ),
  },
  {
    key: 'scopes',
    header: 'Scopes',
    cell: (row) =>
      row.scopes === null ? (
        'Everything'
      ) : (
        <Group gap={4}>
          {row.scopes.map((scope) => (
            <Badge key={scope} size="sm" variant="default" tt="none">
              {scope}
            </Badge>
          ))}
        </Group>
      ),
  },
  { key: 'created', header: 'Created', cell: (row) => <RelativeTime at={row.created_at} /> },
  {
    key: 'expires',
    header: 'Ends',
    cell: (row) => (row.expires_at === null ? 'Never' : <RelativeTime at={row.expires_at} />),
  },
  { key: 'actions', header: 'Actions', hideHeader: true, align: 'right', cell: (row) => <Revoke adminKey={row} /> },
];

/** Keys of programs that manage the organisation; owners only. */
export const AdminKeys = () => {
  const owner = usePermission('owner');
  const keys = useQuery({ queryKey: ['admin-keys'], queryFn: () => call(listAdminKeys), enabled: owner.held });
  const [creating, setCreating] = useState(false);
  if (!owner.held) return <Refused reason="Only owners see and make admin keys." />;
  return (
    <Box className="card">
      <Group p="sm" justify="space-between">
        <Text size="sm" c="dimmed">
          For programs that manage members, groups and workspaces. They cannot send requests to models.
        </Text>
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setCreating(true)}>
          Create admin key
        </Button>
      </Group>
      <Loadable
        query={keys}
        isEmpty={({ data }) => data.length === 0}
        empty={<Nothing title="No admin keys" icon={<IconShieldLock size={26} stroke={1.5} aria-hidden />} />}
      >
        {({ data }) => <DataTable label="Admin keys" columns={COLUMNS} rows={data} rowKey={(row) => row.id} />}
      </Loadable>
      <NewAdminKey opened={creating} onClose={() => setCreating(false)} />
    </Box>
  );
};

const OF_CONFIGURATION = 'This key is given by the configuration; take it out there.';

const Revoke = ({ adminKey }: { readonly adminKey: AdminKey }) => {
  const revoke = useAction({
    run: () => call(revokeAdminKey, { params: { api_key_id: adminKey.id } }),
    touches: ['admin-keys'],
    errors: 'inline',
    done: () => `${adminKey.name} is revoked.`,
  });
  return (
    <AskButton
      size="compact-sm"
      label="Revoke"
      name={`Revoke ${adminKey.name}`}
      reason={adminKey.origin === 'config' ? OF_CONFIGURATION : null}
      title={`Revoke ${adminKey.name}?`}
      confirm="Revoke for good"
      deed={revoke}
    >
      Programs that use this key are refused from now on. It cannot be brought back.
    </AskButton>
  );
};
