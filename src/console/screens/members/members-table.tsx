import { Badge, Box, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconUser } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { listUsers, type User } from '../../../directory/contract.ts';
import { ORGANISATION_ROLES, type OrganisationRole } from '../../../kernel/index.ts';
import { call } from '../../data/client.ts';
import { roleName } from '../../data/organisation-roles.ts';
import { usePermission } from '../../data/session.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PageSteps } from '../../kit/page-steps.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import type { Sorting } from '../../kit/sort-rows.ts';
import { Nothing } from '../../kit/states.tsx';
import { GroupSelect } from '../../parts/group-select.tsx';

const TYPING_PAUSE_MS = 250;
const PAGE_SIZE = 50;

const COLUMNS: readonly Column<User>[] = [
  {
    key: 'name',
    header: 'Name',
    isSortable: true,
    cell: (row) => (
      <Stack gap={0}>
        <Group gap="xs">
          <TextLink to="/members/$userId" params={{ userId: row.id }} size="sm" fw={500}>
            {row.name}
          </TextLink>
          {row.status === 'suspended' && (
            <Badge size="sm" variant="light" color="orange">
              Suspended
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {row.email}
        </Text>
      </Stack>
    ),
  },
  { key: 'role', header: 'Organisation role', cell: (row) => roleName(row.role) },
  {
    key: 'seat',
    header: 'Seat',
    cell: (row) =>
      row.seat_tier ?? (
        <Text size="sm" c="dimmed">
          –
        </Text>
      ),
  },
  { key: 'added', header: 'Added', isSortable: true, cell: (row) => <RelativeTime at={row.added_at} /> },
];

type Filters = {
  readonly text: string;
  readonly role: string;
  readonly status: string;
  readonly group?: string | undefined;
};

/** The filters, which stand in the address too, so that they are there again when one comes back. */
const useFilters = () => {
  const { search = '', role = '', status = '', group } = useSearch({ from: '/app/members' });
  const navigate = useNavigate();
  const { history } = useRouter();
  const [filters, setFilters] = useState<Filters>({ text: search, role, status, group });
  const [asked] = useDebouncedValue(filters, TYPING_PAUSE_MS);
  useEffect(() => {
    // Whoever follows a link right after typing is on the way to another page already.
    if (history.location.pathname !== '/members') return;
    const words = { search: asked.text || undefined, role: asked.role || undefined };
    const found = { ...words, status: asked.status || undefined, group: asked.group };
    void navigate({ to: '/members', search: (now) => ({ ...now, ...found }), replace: true });
  }, [asked, navigate, history]);
  return { filters, setFilters, asked };
};

/** The longest there are, first. */
const AS_ADDED: Sorting = { key: 'added', descending: false };

const queryOf = ({ text, role, status, group }: Filters, sorting: Sorting, after_id: string | undefined) => ({
  limit: PAGE_SIZE,
  after_id,
  sort_by: sorting.key === 'name' ? ('name' as const) : ('added' as const),
  sort_order: sorting.descending ? ('desc' as const) : ('asc' as const),
  search: text.trim() === '' ? undefined : text.trim(),
  roles: role === '' ? [] : [role as OrganisationRole],
  statuses: status === '' ? [] : [status as User['status']],
  rbac_group_id: group,
});

/** The members, searched, filtered and paged by the server, so that it works for any number of them. */
export const MembersTable = () => {
  const navigate = useNavigate();
  const { filters, setFilters, asked } = useFilters();
  const [trail, setTrail] = useState<readonly string[]>([]);
  const [sorting, setSorting] = useState(AS_ADDED);
  const query = queryOf(asked, sorting, trail.at(-1));
  const users = useQuery({
    queryKey: ['users', 'page', query],
    queryFn: () => call(listUsers, { query }),
    placeholderData: keepPreviousData,
  });
  const sort = (wanted: Sorting) => {
    setTrail([]);
    setSorting(wanted);
  };
  const narrow = (change: Partial<Filters>) => {
    setTrail([]);
    setFilters({ ...filters, ...change });
  };
  return (
    <Box className="card">
      <FilterBar filters={filters} onNarrow={narrow} />
      <Loadable query={users} lines={10} isEmpty={({ data }) => data.length === 0} empty={<NoMatch />}>
        {(page) => (
          <>
            <DataTable
              label="Members"
              columns={COLUMNS}
              rows={page.data}
              rowKey={(row) => row.id}
              pageSize={PAGE_SIZE}
              served={{ sorting, onSort: sort }}
              onOpen={(row) => void navigate({ to: '/members/$userId', params: { userId: row.id } })}
            />
            <PageSteps page={page} trail={trail} onMove={setTrail} />
          </>
        )}
      </Loadable>
    </Box>
  );
};

type BarProps = { readonly filters: Filters; readonly onNarrow: (change: Partial<Filters>) => void };

const FilterBar = ({ filters, onNarrow }: BarProps) => {
  const seesGroups = usePermission('identity:view').held;
  return (
    <Group p="sm" gap="sm">
      <SearchInput
        label="Search members"
        placeholder="Search by name or e-mail"
        value={filters.text}
        onChange={(text) => onNarrow({ text })}
      />
      <NativeSelect
        size="xs"
        aria-label="Organisation role"
        value={filters.role}
        data={[
          { value: '', label: 'Any organisation role' },
          ...ORGANISATION_ROLES.map((value) => ({ value, label: roleName(value) })),
        ]}
        onChange={(event) => onNarrow({ role: event.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        aria-label="Status"
        value={filters.status}
        data={[
          { value: '', label: 'Active and suspended' },
          { value: 'active', label: 'Active' },
          { value: 'suspended', label: 'Suspended' },
        ]}
        onChange={(event) => onNarrow({ status: event.currentTarget.value })}
      />
      {seesGroups && (
        <GroupSelect
          label="Group"
          placeholder="Any group"
          value={filters.group}
          onChange={(group) => onNarrow({ group })}
        />
      )}
    </Group>
  );
};

const NoMatch = () => (
  <Nothing title="No member matches" icon={<IconUser size={26} stroke={1.5} aria-hidden />}>
    Try another name or other filters, or invite the person.
  </Nothing>
);
