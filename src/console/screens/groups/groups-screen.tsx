import { Box, Button, Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { createGroup, type RbacGroup } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { groupPageQuery, useRoleNames } from '../../data/directory.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { formatExact } from '../../kit/format.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { NameDialog } from '../../kit/name-dialog.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { PageSteps } from '../../kit/page-steps.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import { Nothing } from '../../kit/states.tsx';
import { useTrail } from '../../kit/use-trail.ts';

const TYPING_PAUSE_MS = 250;

const columns = (nameOf: (id: string) => string): readonly Column<RbacGroup>[] => [
  {
    key: 'name',
    header: 'Name',
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
    cell: (row) => formatExact(row.member_count),
  },
  {
    key: 'source',
    header: 'Kept by',
    cell: (row) => (row.source_type === 'scim' ? 'Identity provider' : 'Administrators'),
  },
  {
    key: 'created',
    header: 'Created',
    cell: (row) => <RelativeTime at={row.created_at} />,
  },
];

/** The groups of the organisation. */
export const GroupsScreen = () => {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), TYPING_PAUSE_MS);
  const [trail, move] = useTrail(search);
  const groups = useQuery(groupPageQuery(search, trail.at(-1)));
  const nameOf = useRoleNames();
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
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
          isEmpty={({ data }) => data.length === 0}
          empty={search === '' ? <NoGroups action={createButton} /> : <NoMatch />}
        >
          {(page) => (
            <>
              <DataTable
                label="Groups"
                columns={columns(nameOf)}
                rows={page.data}
                rowKey={(row) => row.id}
                pageSize={page.data.length}
                onOpen={(row) => void navigate({ to: '/groups/$groupId', params: { groupId: row.id } })}
              />
              <PageSteps page={page} trail={trail} onMove={move} />
            </>
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

const NoGroups = ({ action }: { readonly action: ReactNode }) => (
  <Nothing title="No groups yet" icon={<IconUsersGroup size={26} stroke={1.5} aria-hidden />} action={action}>
    Put members who should have the same models into a group, and attach a custom role to it.
  </Nothing>
);

const NoMatch = () => (
  <Nothing title="No group matches" icon={<IconUsersGroup size={26} stroke={1.5} aria-hidden />}>
    Try another part of the name.
  </Nothing>
);
