import { Box, Button, Tabs, Text } from '@mantine/core';
import { IconPlus, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { RoleModels } from '../../../access/contract.ts';
import { createRole } from '../../../directory/contract.ts';
import { matrixQuery } from '../../data/access.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { formatExact } from '../../kit/format.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { NameDialog } from '../../kit/name-dialog.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { Nothing } from '../../kit/states.tsx';
import { OrganisationCapabilities } from './organisation-capabilities.tsx';

const grantedCount = (role: RoleModels): number =>
  role.models.filter((model) => model.enabled && !model.locked_by_organization).length;

const COLUMNS: readonly Column<RoleModels>[] = [
  {
    key: 'name',
    header: 'Name',
    sortBy: (row) => row.display_name,
    cell: (row) => (
      <TextLink to="/roles/$roleId" params={{ roleId: row.role_id }} size="sm" fw={500}>
        {row.display_name}
      </TextLink>
    ),
  },
  {
    key: 'models',
    header: 'Models',
    sortBy: grantedCount,
    cell: (row) =>
      row.mode === 'all' ? (
        <>
          All{' '}
          <Text span size="xs" c="dimmed">
            whatever the organisation allows
          </Text>
        </>
      ) : (
        formatExact(grantedCount(row))
      ),
  },
  {
    key: 'groups',
    header: 'Groups',
    align: 'right',
    sortBy: (row) => row.group_count,
    cell: (row) => formatExact(row.group_count),
  },
  {
    key: 'members',
    header: 'Members',
    align: 'right',
    sortBy: (row) => row.member_count,
    cell: (row) => formatExact(row.member_count),
  },
];

/** The custom roles of the organisation. */
export const RolesScreen = () => {
  const matrix = useQuery(matrixQuery);
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const { tab = 'roles' } = useSearch({ from: '/app/roles' });
  const [creating, setCreating] = useState(false);
  const create = useAction({
    run: (display_name: string) => call(createRole, { body: { display_name } }),
    touches: ['roles', 'matrix'],
    errors: 'inline',
    onDone: (role) => void navigate({ to: '/roles/$roleId', params: { roleId: role.id } }),
  });
  const createButton = (
    <DisabledReason reason={manage.reason}>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
        Create role
      </Button>
    </DisabledReason>
  );
  return (
    <>
      <PageHeader
        title="Roles"
        guide="roles"
        description="Custom roles grant products, tools, administration, connectors and models to members whose organisation role is Custom, and to service keys. Several roles add up, below what the organisation allows."
        actions={createButton}
      />
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ to: '/roles', search: { tab: value ?? undefined }, replace: true })}
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="roles">Custom roles</Tabs.Tab>
          <Tabs.Tab value="organisation">Organisation’s capabilities</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="organisation">
          <OrganisationCapabilities />
        </Tabs.Panel>
        <Tabs.Panel value="roles">
          <Box className="card">
            <Loadable
              query={matrix}
              isEmpty={({ roles }) => roles.length === 0}
              empty={
                <Nothing
                  title="No custom roles yet"
                  icon={<IconShieldCheck size={26} stroke={1.5} aria-hidden />}
                  action={createButton}
                >
                  Create one for each kind of work, then attach it to groups or to single members.
                </Nothing>
              }
            >
              {({ roles }) => (
                <DataTable
                  label="Roles"
                  columns={COLUMNS}
                  rows={roles}
                  rowKey={(row) => row.role_id}
                  onOpen={(row) => void navigate({ to: '/roles/$roleId', params: { roleId: row.role_id } })}
                />
              )}
            </Loadable>
          </Box>
        </Tabs.Panel>
      </Tabs>
      <NameDialog
        opened={creating}
        title="Create a custom role"
        label="Name"
        description="Until you narrow it, the role grants every generally available capability, every model the organisation allows, and connectors after approval. Choose the rest on its page."
        submit="Create role"
        busy={create.isPending}
        error={create.error}
        onSubmit={(name) => create.mutate(name)}
        onClose={() => setCreating(false)}
      />
    </>
  );
};
