import { Box, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { IconPlus, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { User } from '../../../directory/contract.ts';
import { ORGANISATION_ROLES } from '../../../kernel/index.ts';
import { usersQuery } from '../../data/directory.ts';
import { roleName } from '../../data/organisation-roles.ts';
import { usePermission } from '../../data/session.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { plural } from '../../kit/format.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import { Nothing } from '../../kit/states.tsx';
import { AddMember } from './add-member.tsx';

const COLUMNS: readonly Column<User>[] = [
  {
    key: 'name',
    header: 'Name',
    sortBy: (row) => row.name,
    cell: (row) => (
      <Stack gap={0}>
        <TextLink to="/members/$userId" params={{ userId: row.id }} size="sm" fw={500}>
          {row.name}
        </TextLink>
        <Text size="xs" c="dimmed">
          {row.email}
        </Text>
      </Stack>
    ),
  },
  { key: 'role', header: 'Organisation role', sortBy: (row) => roleName(row.role), cell: (row) => roleName(row.role) },
  { key: 'added', header: 'Added', sortBy: (row) => row.added_at, cell: (row) => <RelativeTime at={row.added_at} /> },
];

/** Everybody in the organisation. */
export const MembersScreen = () => {
  const users = useQuery(usersQuery);
  const manage = usePermission('users:manage');
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState('');
  const [role, setRole] = useState('');
  const matching = (all: readonly User[]) =>
    all.filter(
      (user) =>
        (role === '' || user.role === role) &&
        `${user.name} ${user.email}`.toLowerCase().includes(text.trim().toLowerCase()),
    );
  return (
    <>
      <PageHeader
        title="Members"
        guide="model-access"
        description="Who belongs to the organisation, and in which organisation role. Members with the role Custom get what custom roles grant them."
        actions={
          <DisabledReason reason={manage.reason}>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              Add member
            </Button>
          </DisabledReason>
        }
      />
      <Box className="card">
        <Group p="sm" gap="sm">
          <SearchInput label="Search members" placeholder="Search by name or e-mail" value={text} onChange={setText} />
          <NativeSelect
            size="xs"
            aria-label="Organisation role"
            value={role}
            data={[
              { value: '', label: 'Any organisation role' },
              ...ORGANISATION_ROLES.map((value) => ({ value, label: roleName(value) })),
            ]}
            onChange={(event) => setRole(event.currentTarget.value)}
          />
          {users.data !== undefined && (
            <Text size="sm" c="dimmed" ml="auto">
              {plural(matching(users.data).length, 'member')}
            </Text>
          )}
        </Group>
        <Loadable query={users} isEmpty={(all) => matching(all).length === 0} empty={<NoMatch />}>
          {(all) => (
            <DataTable
              label="Members"
              columns={COLUMNS}
              rows={matching(all)}
              rowKey={(row) => row.id}
              initialSort={{ key: 'name', descending: false }}
              onOpen={(row) => void navigate({ to: '/members/$userId', params: { userId: row.id } })}
            />
          )}
        </Loadable>
      </Box>
      <AddMember opened={adding} onClose={() => setAdding(false)} />
    </>
  );
};

const NoMatch = () => (
  <Nothing title="No member matches" icon={<IconUser size={26} stroke={1.5} aria-hidden />}>
    Try another name, or add the member.
  </Nothing>
);
