import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ModelMatrix, RoleModels } from '../../../access/contract.ts';
import { usePermission } from '../../data/session.ts';
import { SectionCard } from '../../kit/section-card.tsx';
import { MatrixTable } from '../../parts/matrix/matrix-table.tsx';
import { PreviewPanel } from '../../parts/matrix/preview-panel.tsx';
import { UnsavedBar } from '../../parts/matrix/unsaved-bar.tsx';
import { useDraft } from '../../parts/matrix/use-draft.ts';

/** A role's Models tab: its models and defaults beside the organisation's. */
export const RoleModelsTab = ({ saved, role }: { readonly saved: ModelMatrix; readonly role: RoleModels }) => {
  const handle = useDraft(saved);
  const manage = usePermission('identity:manage');
  const [reviewing, setReviewing] = useState(false);
  return (
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
      <UnsavedBar handle={handle} onReview={() => setReviewing(true)} />
      <PreviewPanel opened={reviewing} saved={saved} handle={handle} onClose={() => setReviewing(false)} />
    </Stack>
  );
};
