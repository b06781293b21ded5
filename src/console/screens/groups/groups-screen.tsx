import { Box, Button, Group, Text } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createGroup, type RbacGroup } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { groupsQuery, useNames } from '../../data/directory.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { formatExact } from '../../kit/format.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { NameDialog } from '../../kit/name-dialog.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import { Nothing } from '../../kit/states.tsx';

const columns = (nameOf: (id: string) => string): readonly Column<RbacGroup>[] => [
  {
    key: 'name',
    header: 'Name',
    sortBy: (row) => row.name,
    cell: (row) => (
      <TextLink to="/groups/$groupId" params={{ groupId: row.id }} size="sm" fw={500}>
        {row.name}
      </TextLink>
    ),
  },
  {
    key: 'roles',
    header: 'Custom roles',
    cell: ({ role_ids }) =>
      (role_ids ?? []).map(nameOf).join(', ') || (
        <Text size="sm" c="dimmed">
          None
        </Text>
      ),
  },
  {
    key: 'members',
    header: 'Members',
    align: 'right',
    sortBy: (row) => row.member_count,
    cell: (row) => formatExact(row.member_count),
  },
  {
    key: 'source',
    header: 'Kept by',
    sortBy: (row) => row.source_type,
    cell: (row) => (row.source_type === 'scim' ? 'Identity provider' : 'Administrators'),
  },
  {
    key: 'created',
    header: 'Created',
    sortBy: (row) => row.created_at,
    cell: (row) => <RelativeTime at={row.created_at} />,
  },
];

/** The groups of the organisation. */
export const GroupsScreen = () => {
  const groups = useQuery(groupsQuery);
  const nameOf = useNames({ roles: true });
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const [text, setText] = useState('');
  const create = useAction({
    run: (name: string) => call(createGroup, { body: { name } }),
    touches: ['groups'],
    errors: 'inline',
    onDone: (group) => void navigate({ to: '/groups/$groupId', params: { groupId: group.id } }),
  });
  const createButton = (
    <DisabledReason reason={manage.reason}>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
        Create group
      </Button>
    </DisabledReason>
  );
  const matching = (all: readonly RbacGroup[]) =>
    all.filter((group) => group.name.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <>
      <PageHeader
        title="Groups"
        guide="model-access"
        description="Groups carry custom roles to their members, and own the service keys of machines."
        actions={createButton}
      />
      <Box className="card">
        <Group p="sm">
          <SearchInput label="Search groups" placeholder="Search by name" value={text} onChange={setText} />
        </Group>
        <Loadable
          query={groups}
          isEmpty={(all) => all.length === 0}
          empty={
            <Nothing
              title="No groups yet"
              icon={<IconUsersGroup size={26} stroke={1.5} aria-hidden />}
              action={createButton}
            >
              Put members who should have the same models into a group, and attach a custom role to it.
            </Nothing>
          }
        >
          {(all) => (
            <DataTable
              label="Groups"
              columns={columns(nameOf)}
              rows={matching(all)}
              rowKey={(row) => row.id}
              onOpen={(row) => void navigate({ to: '/groups/$groupId', params: { groupId: row.id } })}
            />
          )}
        </Loadable>
      </Box>
      <NameDialog
        opened={creating}
        title="Create a group"
        label="Name"
        submit="Create group"
        busy={create.isPending}
        error={create.error}
        onSubmit={(name) => create.mutate(name)}
        onClose={() => setCreating(false)}
      />
    </>
  );
};
