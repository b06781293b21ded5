import { Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ModelMatrix, RoleModels } from '../../../access/contract.ts';
import { matrixQuery } from '../../data/access.ts';
import { plural } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { Nothing } from '../../kit/states.tsx';
import { RecentActivity } from '../../parts/activity/recent-activity.tsx';
import { RoleActions } from './role-actions.tsx';
import { RoleAttached } from './role-attached.tsx';
import { RoleCapabilitiesTab } from './role-capabilities.tsx';
import { RoleConnectorsTab } from './role-connectors.tsx';
import { RoleModelsTab } from './role-models.tsx';
import { RolePermissionsTab } from './role-permissions.tsx';

const BACK = { to: '/roles', label: 'Roles' };

/** One custom role: what it grants, in four tabs, and where it is attached. */
export const RoleScreen = () => {
  const { roleId } = useParams({ from: '/app/roles/$roleId' });
  const matrix = useQuery(matrixQuery);
  const role = matrix.data?.roles.find((candidate) => candidate.role_id === roleId);
  return (
    <>
      {role === undefined && <PageHeader title="Role" back={BACK} />}
      <Loadable
        query={matrix}
        framed
        lines={12}
        isEmpty={() => role === undefined && !matrix.isFetching}
        empty={<Nothing title="There is no such role">It may have been deleted.</Nothing>}
      >
        {(saved) => role !== undefined && <RolePage key={roleId} saved={saved} role={role} />}
      </Loadable>
    </>
  );
};

const RolePage = ({ saved, role }: { readonly saved: ModelMatrix; readonly role: RoleModels }) => {
  const { tab = 'capabilities' } = useSearch({ from: '/app/roles/$roleId' });
  const navigate = useNavigate();
  const show = (value: string | null) =>
    void navigate({
      to: '/roles/$roleId',
      params: { roleId: role.role_id },
      search: { tab: value ?? undefined },
      replace: true,
    });
  return (
    <>
      <PageHeader
        title={role.display_name}
        guide="roles"
        description={`Custom role · ${plural(role.member_count, 'member')} · ${plural(role.group_count, 'group')}`}
        back={BACK}
        actions={<RoleActions role={role} />}
      />
      <Stack gap="lg">
        {/* Tabs stay as they are while another is looked at: what is not saved must not be lost by that. */}
        <Tabs value={tab} onChange={show}>
          <Tabs.List mb="lg">
            <Tabs.Tab value="capabilities">Capabilities</Tabs.Tab>
            <Tabs.Tab value="permissions">Permissions</Tabs.Tab>
            <Tabs.Tab value="connectors">Connectors</Tabs.Tab>
            <Tabs.Tab value="models">Models</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="capabilities">
            <RoleCapabilitiesTab roleId={role.role_id} />
          </Tabs.Panel>
          <Tabs.Panel value="permissions">
            <RolePermissionsTab roleId={role.role_id} />
          </Tabs.Panel>
          <Tabs.Panel value="connectors">
            <RoleConnectorsTab roleId={role.role_id} />
          </Tabs.Panel>
          <Tabs.Panel value="models">
            <RoleModelsTab saved={saved} role={role} />
          </Tabs.Panel>
        </Tabs>
        <RoleAttached role={role} />
        <RecentActivity subject={role.role_id} noun="role" />
      </Stack>
    </>
  );
};
