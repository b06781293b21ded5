import { Badge, Box, Button, ColorSwatch, Group, Switch } from '@mantine/core';
import { IconBriefcase, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { createWorkspace, type Workspace } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { workspacesQuery } from '../../data/workspaces.ts';
import { CopyText } from '../../kit/copy-text.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { NameDialog } from '../../kit/name-dialog.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { Nothing } from '../../kit/states.tsx';

const COLUMNS: readonly Column<Workspace>[] = [
  {
    key: 'name',
    header: 'Name',
    sortBy: (row) => row.name.toLowerCase(),
    cell: (row) => (
      <Group gap="xs" wrap="nowrap">
        <ColorSwatch color={row.display_color} size={12} aria-hidden />
        <TextLink to="/workspaces/$workspaceId" params={{ workspaceId: row.id }} size="sm" fw={500}>
          {row.name}
        </TextLink>
        {row.archived_at !== null && (
          <Badge size="sm" variant="light" color="gray">
            Archived
          </Badge>
        )}
      </Group>
    ),
  },
  {
    key: 'id',
    header: 'Id',
    cell: (row) => (
      <Group gap={4} wrap="nowrap" ff="monospace" fz="xs">
        {row.id}
        <CopyText value={row.id} label={`Copy the id of ${row.name}`} />
      </Group>
    ),
  },
  {
    key: 'created',
    header: 'Created',
    sortBy: (row) => row.created_at,
    cell: (row) => <RelativeTime at={row.created_at} />,
  },
];

/** The workspaces of the organisation. */
export const WorkspacesScreen = () => {
  const { reason } = usePermission('owner');
  const navigate = useNavigate();
  const [withArchived, setWithArchived] = useState(false);
  const [creating, setCreating] = useState(false);
  const workspaces = useQuery(workspacesQuery(withArchived));
  const create = useAction({
    run: (name: string) => call(createWorkspace, { body: { name } }),
    touches: ['workspaces'],
    errors: 'inline',
    onDone: ({ id }) => navigate({ to: '/workspaces/$workspaceId', params: { workspaceId: id } }),
  });
  const createButton = (
    <DisabledReason reason={reason}>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
        Create workspace
      </Button>
    </DisabledReason>
  );
  return (
    <>
      <PageHeader
        title="Workspaces"
        guide="workspaces"
        description="Workspaces keep the keys of a project together: who may have keys in it, and an end that takes all of them along."
        actions={createButton}
      />
      <Box className="card">
        <Group p="sm" justify="flex-end">
          <Switch
            size="xs"
            label="Show archived"
            checked={withArchived}
            onChange={(event) => setWithArchived(event.currentTarget.checked)}
          />
        </Group>
        <Loadable query={workspaces} isEmpty={(all) => all.length === 0} empty={<NoWorkspaces action={createButton} />}>
          {(all) => (
            <DataTable
              label="Workspaces"
              columns={COLUMNS}
              rows={all}
              rowKey={(row) => row.id}
              initialSort={{ key: 'name', descending: false }}
              onOpen={(row) => void navigate({ to: '/workspaces/$workspaceId', params: { workspaceId: row.id } })}
            />
          )}
        </Loadable>
      </Box>
      <NameDialog
        opened={creating}
        title="Create a workspace"
        label="Name"
        submit="Create workspace"
        busy={create.isPending}
        error={create.error}
        onSubmit={(name) => create.mutate(name)}
        onClose={() => {
          setCreating(false);
          create.reset();
        }}
      />
    </>
  );
};

const NoWorkspaces = ({ action }: { readonly action: ReactNode }) => (
  <Nothing title="No workspaces" icon={<IconBriefcase size={26} stroke={1.5} aria-hidden />} action={action}>
    Everybody and every key is in the default workspace. Create one for a project whose keys should end together.
  </Nothing>
);
