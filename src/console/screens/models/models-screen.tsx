import { Group, Stack, Text } from '@mantine/core';
import { IconCpu } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ModelMatrix } from '../../../access/contract.ts';
import { matrixQuery } from '../../data/access.ts';
import { usePermission } from '../../data/session.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import { Nothing } from '../../kit/states.tsx';
import { MatrixTable } from '../../parts/matrix/matrix-table.tsx';
import { PreviewPanel } from '../../parts/matrix/preview-panel.tsx';
import { UnsavedBar } from '../../parts/matrix/unsaved-bar.tsx';
import { type DraftHandle, useDraft } from '../../parts/matrix/use-draft.ts';
import { SettingsCard } from './settings-card.tsx';

/** Which models the organisation and each role may use, and with how much effort; edited in place, previewed, saved. */
export const ModelsScreen = () => {
  const matrix = useQuery(matrixQuery);
  return (
    <>
      <PageHeader
        title="Models"
        guide="model-access"
        description="Which models people may use, and with how much effort. The organisation sets the ceiling; custom roles choose below it for members whose organisation role is Custom and for service keys."
      />
      <Loadable
        query={matrix}
        framed
        lines={12}
        isEmpty={({ models }) => models.length === 0}
        empty={
          <Nothing title="No models yet" icon={<IconCpu size={26} stroke={1.5} aria-hidden />}>
            The list of models is read from the upstream. It appears here as soon as the upstream answers.
          </Nothing>
        }
      >
        {(saved) => <Matrix saved={saved} />}
      </Loadable>
    </>
  );
};

const Matrix = ({ saved }: { readonly saved: ModelMatrix }) => {
  const handle = useDraft(saved);
  const manage = usePermission('identity:manage');
  const [reviewing, setReviewing] = useState(false);
  return (
    <Stack gap="lg">
      {manage.reason !== null && (
        <Text size="sm" c="dimmed" role="note">
          You see the rules but cannot change them. {manage.reason}
        </Text>
      )}
      <SettingsCard
        settings={handle.view.settings}
        draft={handle.draft}
        disabled={!manage.held}
        onEdit={(value) => handle.edit({ type: 'organization_settings', ...value })}
      />
      <MatrixCard handle={handle} disabled={!manage.held} />
      <UnsavedBar handle={handle} onReview={() => setReviewing(true)} />
      <PreviewPanel opened={reviewing} saved={saved} handle={handle} onClose={() => setReviewing(false)} />
    </Stack>
  );
};

const MatrixCard = ({ handle, disabled }: { readonly handle: DraftHandle; readonly disabled: boolean }) => {
  const [modelFilter, setModelFilter] = useState('');
  const [roleFilter, setRoleFilter] = useState('');
  return (
    <section className="card" aria-label="Models and roles" style={{ overflow: 'hidden' }}>
      <Group p="sm" gap="sm">
        <SearchInput label="Filter models" placeholder="Filter models" value={modelFilter} onChange={setModelFilter} />
        <SearchInput label="Filter roles" placeholder="Filter roles" value={roleFilter} onChange={setRoleFilter} />
      </Group>
      <MatrixTable
        handle={handle}
        roles={handle.view.roles.filter((role) =>
          role.display_name.toLowerCase().includes(roleFilter.trim().toLowerCase()),
        )}
        modelFilter={modelFilter}
        disabled={disabled}
      />
    </section>
  );
};
