import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ModelMatrix, RoleModels } from '../../../access/contract.ts';
import { matrixQuery } from '../../data/access.ts';
import { usePermission } from '../../data/session.ts';
import { plural } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { Nothing } from '../../kit/states.tsx';
import { RecentActivity } from '../../parts/activity/recent-activity.tsx';
import { MatrixTable } from '../../parts/matrix/matrix-table.tsx';
import { PreviewPanel } from '../../parts/matrix/preview-panel.tsx';
import { UnsavedBar } from '../../parts/matrix/unsaved-bar.tsx';
import { useDraft } from '../../parts/matrix/use-draft.ts';
import { RoleActions } from './role-actions.tsx';
import { RoleAttached } from './role-attached.tsx';

const BACK = { to: '/roles', label: 'Roles' };

/** One custom role: its models and defaults beside the organisation's, and where it is attached. */
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
  const handle = useDraft(saved);
  const manage = usePermission('identity:manage');
  const [reviewing, setReviewing] = useState(false);
  return (
    <>
      <PageHeader
        title={role.display_name}
        guide="model-access"
        description={`Custom role · ${plural(role.member_count, 'member')} · ${plural(role.group_count, 'group')}`}
        back={BACK}
        actions={<RoleActions role={role} />}
      />
      <Stack gap="lg">
        <SectionCard
          title="Models"
          description={
            role.mode === 'all'
              ? 'Nobody has edited this role’s models: it grants whatever the organisation allows, also models released later. The first edit pins the list.'
              : 'What the role grants, below the organisation’s ceiling.'
          }
          flush
        >
          <MatrixTable
            handle={handle}
            roles={handle.view.roles.filter((candidate) => candidate.role_id === role.role_id)}
            modelFilter=""
            disabled={!manage.held}
            organisationFixed
          />
        </SectionCard>
        {manage.reason !== null && (
          <Text size="sm" c="dimmed">
            {manage.reason}
          </Text>
        )}
        <RoleAttached role={role} />
        <RecentActivity subject={role.role_id} noun="role" />
        <UnsavedBar handle={handle} onReview={() => setReviewing(true)} />
        <PreviewPanel opened={reviewing} saved={saved} handle={handle} onClose={() => setReviewing(false)} />
      </Stack>
    </>
  );
};
