import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Workspace } from '../../../directory/contract.ts';
import { usePermission } from '../../data/session.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { KeyList } from '../../parts/key-list.tsx';
import { NewKey } from '../../parts/new-key.tsx';

/** The keys of a workspace. */
export const WorkspaceKeys = ({ workspace }: { readonly workspace: Workspace }) => {
  const manage = usePermission('keys:manage');
  const [creating, setCreating] = useState(false);
  const archived = workspace.archived_at === null ? null : 'An archived workspace takes no new keys.';
  return (
    <SectionCard
      title="Keys"
      description="Their requests count for this workspace. They end with it, or when their owner leaves it."
      flush
      actions={
        <DisabledReason reason={archived ?? manage.reason}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setCreating(true)}
          >
            Create key
          </Button>
        </DisabledReason>
      }
    >
      <KeyList
        filter={{ workspace_id: workspace.id }}
        columns={['owner']}
        empty={<NothingHere>This workspace has no key yet.</NothingHere>}
      />
      <NewKey opened={creating} workspace={workspace} onClose={() => setCreating(false)} />
    </SectionCard>
  );
};
