import { Button, Drawer, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Directory, DirectoryChange, DirectorySync } from '../../../../directory/contract.ts';
import { directoryChangesQuery, directorySyncsQuery } from '../../../data/directories.ts';
import { type Column, DataTable } from '../../../kit/data-table.tsx';
import { formatExact, plural } from '../../../kit/format.ts';
import { Loadable } from '../../../kit/loadable.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { NothingHere } from '../../../kit/states.tsx';

const KINDS: Readonly<Record<string, string>> = {
  user_added: 'Added',
  user_changed: 'Changed',
  user_restored: 'Got access again',
  user_suspended: 'Lost access',
  user_removed: 'Removed',
  removal_held: 'Removal held',
  group_added: 'Group added',
  group_changed: 'Group changed',
  group_removed: 'Group removed',
  members_added: 'Into group',
  members_removed: 'Out of group',
};

const count = (key: string, header: string, of: (row: DirectorySync) => number): Column<DirectorySync> => ({
  key,
  header,
  align: 'right',
  cell: (row) => (of(row) === 0 ? '–' : formatExact(of(row))),
});

const columns = (open: (sync: DirectorySync) => void): readonly Column<DirectorySync>[] => [
  { key: 'at', header: 'Last change', cell: (row) => <RelativeTime at={row.last_change_at} /> },
  count('added', 'Added', (row) => row.users_added),
  count('changed', 'Changed', (row) => row.users_changed),
  count('removed', 'Lost access', (row) => row.users_removed),
  count('held', 'Held', (row) => row.removals_held),
  count('in', 'Into groups', (row) => row.members_added),
  count('out', 'Out of groups', (row) => row.members_removed),
  count('groups', 'Groups', (row) => row.groups_changed),
  {
    key: 'open',
    header: 'Details',
    hideHeader: true,
    align: 'right',
    cell: (row) => (
      <Button size="compact-xs" variant="default" onClick={() => open(row)}>
        Show changes
      </Button>
    ),
  },
];

const CHANGE_COLUMNS: readonly Column<DirectoryChange>[] = [
  { key: 'at', header: 'When', cell: (row) => <RelativeTime at={row.at} /> },
  { key: 'kind', header: 'What', cell: (row) => KINDS[row.kind] ?? row.kind },
  {
    key: 'detail',
    header: 'Who or which',
    cell: (row) => (
      <>
        {row.detail}
        {row.people > 1 && (
          <Text span size="xs" c="dimmed">
            {` · ${formatExact(row.people)} people`}
          </Text>
        )}
      </>
    ),
  },
];

/** The last syncs of a directory, each with what it changed. */
export const LastSyncs = ({ directory }: { readonly directory: Directory }) => {
  const syncs = useQuery(directorySyncsQuery(directory.id));
  const [opened, setOpened] = useState<DirectorySync | null>(null);
  return (
    <SectionCard
      title="Last syncs"
      description="Identity providers push single changes; those without a pause of ten minutes stand together."
      flush
    >
      <Loadable
        query={syncs}
        lines={3}
        isEmpty={({ data }) => data.length === 0}
        empty={<NothingHere>Nothing has arrived from the identity provider yet.</NothingHere>}
      >
        {({ data }) => (
          <DataTable label="Syncs" columns={columns(setOpened)} rows={data} rowKey={(row) => row.id} pageSize={10} />
        )}
      </Loadable>
      <Drawer
        opened={opened !== null}
        onClose={() => setOpened(null)}
        title="What this sync changed"
        position="right"
        size="xl"
      >
        {opened !== null && <Changes directoryId={directory.id} sync={opened} />}
      </Drawer>
    </SectionCard>
  );
};

const Changes = ({ directoryId, sync }: { readonly directoryId: string; readonly sync: DirectorySync }) => {
  const changes = useQuery(directoryChangesQuery(directoryId, sync.id));
  return (
    <Loadable query={changes}>
      {({ data, has_more: isMore }) => (
        <>
          <DataTable label="Changes" columns={CHANGE_COLUMNS} rows={data} rowKey={(row) => row.id} />
          {isMore && (
            <NothingHere>{`The first ${plural(data.length, 'change')} of this sync. The API lists all of them.`}</NothingHere>
          )}
        </>
      )}
    </Loadable>
  );
};
