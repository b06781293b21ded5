import { Box, Button, ColorSwatch, Group, Text } from '@mantine/core';
import { IconBriefcase, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { archiveWorkspace, createWorkspace, listWorkspaces, type Workspace } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { NameDialog } from '../../kit/name-dialog.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { Nothing } from '../../kit/states.tsx';

const WORKSPACES_MAX = 1000;

const COLUMNS: readonly Column<Workspace>[] = [
  {
    key: 'name',
    header: 'Name',
    sortBy: (row) => row.name,
    cell: (row) => (
      <Group gap="xs">
        <ColorSwatch color={row.display_color} size={12} aria-hidden />
        {row.name}
      </Group>
    ),
  },
  {
    key: 'id',
    header: 'Id',
    cell: (row) => (
      <Text ff="monospace" size="xs">
        {row.id}
      </Text>
    ),
  },
  { key: 'created', header: 'Created', cell: (row) => <RelativeTime at={row.created_at} /> },
  { key: 'actions', header: 'Actions', hideHeader: true, align: 'right', cell: (row) => <Archive workspace={row} /> },
];

/** Workspaces, which keys can belong to. */
export const Workspaces = () => {
  const { reason } = usePermission('owner');
  const query = { limit: WORKSPACES_MAX };
  const workspaces = useQuery({ queryKey: ['workspaces'], queryFn: () => call(listWorkspaces, { query }) });
  const [creating, setCreating] = useState(false);
  const create = useAction({
    run: (name: string) => call(createWorkspace, { body: { name } }),
    touches: ['workspaces'],
    errors: 'inline',
    done: ({ name }) => `The workspace ${name} is created.`,
    onDone: () => setCreating(false),
  });
  return (
    <Box className="card">
      <Group p="sm" justify="space-between">
        <Text size="sm" c="dimmed">
          A key that belongs to a workspace ends with it. Members and keys of workspaces are managed by the Admin API.
        </Text>
        <DisabledReason reason={reason}>
          <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setCreating(true)}>
            Create workspace
          </Button>
        </DisabledReason>
      </Group>
      <Loadable
        query={workspaces}
        isEmpty={({ data }) => data.length === 0}
        empty={<Nothing title="No workspaces" icon={<IconBriefcase size={26} stroke={1.5} aria-hidden />} />}
      >
        {({ data }) => <DataTable label="Workspaces" columns={COLUMNS} rows={data} rowKey={(row) => row.id} />}
      </Loadable>
      <NameDialog
        opened={creating}
        title="Create a workspace"
        label="Name"
        submit="Create workspace"
        busy={create.isPending}
        error={create.error}
        onSubmit={(name) => create.mutate(name)}
        onClose={() => setCreating(false)}
      />
    </Box>
  );
};

const Archive = ({ workspace }: { readonly workspace: Workspace }) => {
  const { reason } = usePermission('owner');
  const [asking, setAsking] = useState(false);
  const archive = useAction({
    run: () => call(archiveWorkspace, { params: { workspace_id: workspace.id } }),
    touches: ['workspaces', 'keys'],
    errors: 'inline',
    done: () => `${workspace.name} is archived.`,
    onDone: () => setAsking(false),
  });
  return (
    <>
      <DisabledReason reason={reason}>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Archive ${workspace.name}`}
          onClick={() => setAsking(true)}
        >
          Archive
        </Button>
      </DisabledReason>
      <ConfirmDialog
        opened={asking}
        title={`Archive ${workspace.name}?`}
        confirm="Archive for good"
        busy={archive.isPending}
        error={archive.error}
        onConfirm={() => archive.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        Every key of this workspace is revoked, and answers that are still streaming to them stop. This cannot be
        undone.
      </ConfirmDialog>
    </>
  );
};
