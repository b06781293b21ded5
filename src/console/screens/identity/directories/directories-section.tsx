import { Button } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Directory } from '../../../../directory/contract.ts';
import { directoriesQuery } from '../../../data/directories.ts';
import { usePermission } from '../../../data/session.ts';
import { type Column, DataTable } from '../../../kit/data-table.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { DotLabel } from '../../../kit/dot-label.tsx';
import { formatExact } from '../../../kit/format.ts';
import { TextLink } from '../../../kit/links.tsx';
import { Loadable } from '../../../kit/loadable.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { Nothing } from '../../../kit/states.tsx';
import { CreateDirectoryDialog } from './create-directory.tsx';
import { ModeLabel } from './mode-label.tsx';

const COLUMNS: readonly Column<Directory>[] = [
  {
    key: 'name',
    header: 'Name',
    sortBy: (row) => row.name,
    cell: (row) => (
      <TextLink to="/identity/directories/$directoryId" params={{ directoryId: row.id }} size="sm" fw={500}>
        {row.name}
      </TextLink>
    ),
  },
  { key: 'mode', header: 'Mode', cell: (row) => <ModeLabel mode={row.mode} /> },
  { key: 'users', header: 'People', align: 'right', cell: (row) => formatExact(row.user_count) },
  { key: 'groups', header: 'Groups', align: 'right', cell: (row) => formatExact(row.group_count) },
  {
    key: 'held',
    header: 'Waiting for you',
    cell: ({ held_removal_count: held }) =>
      held === 0 ? '–' : <DotLabel tone="warn">{`${formatExact(held)} held`}</DotLabel>,
  },
  {
    key: 'last',
    header: 'Last change',
    cell: (row) => (row.last_synced_at === null ? 'Never' : <RelativeTime at={row.last_synced_at} />),
  },
];

/** The directories that identity providers push into. */
export const DirectoriesSection = () => {
  const directories = useQuery(directoriesQuery);
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const add = (
    <DisabledReason reason={manage.reason}>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
        Add a directory
      </Button>
    </DisabledReason>
  );
  const open = (directoryId: string) =>
    void navigate({ to: '/identity/directories/$directoryId', params: { directoryId } });
  return (
    <SectionCard
      title="Directories"
      description="An identity provider such as Okta or Entra ID pushes people and groups into a directory (SCIM 2.0)."
      flush
      actions={add}
    >
      <Loadable
        query={directories}
        lines={3}
        isEmpty={({ data }) => data.length === 0}
        empty={
          <Nothing title="No directory yet" icon={<IconPlugConnected size={26} stroke={1.5} aria-hidden />}>
            With one, people get access when they join and lose it within a second when they leave.
          </Nothing>
        }
      >
        {({ data }) => (
          <DataTable
            label="Directories"
            columns={COLUMNS}
            rows={data}
            rowKey={(row) => row.id}
            onOpen={(row) => open(row.id)}
          />
        )}
      </Loadable>
      <CreateDirectoryDialog opened={creating} onClose={() => setCreating(false)} />
    </SectionCard>
  );
};
