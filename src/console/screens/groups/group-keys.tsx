import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { createApiKey, type RbacGroup } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere, Refused } from '../../kit/states.tsx';
import { CreateKeyDialog } from '../../parts/create-key-dialog.tsx';
import { KeyList } from '../../parts/key-list.tsx';

/** The service keys of a group. */
export const GroupKeys = ({ group }: { readonly group: RbacGroup }) => {
  const view = usePermission('keys:view');
  const manage = usePermission('keys:manage');
  const [creating, setCreating] = useState(false);
  return (
    <SectionCard
      title="Service keys"
      description="For CI and other machines; they follow the roles on this group."
      flush
      actions={
        <DisabledReason reason={manage.reason}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setCreating(true)}
          >
            Create service key
          </Button>
        </DisabledReason>
      }
    >
      {view.reason === null ? (
        <KeyList
          filter={{ rbac_group_id: group.id }}
          columns={['workspace']}
          empty={<NothingHere>This group has no service key yet.</NothingHere>}
        />
      ) : (
        <Refused reason={view.reason} />
      )}
      <CreateKeyDialog
        opened={creating}
        title={`Create a service key for ${group.name}`}
        create={(name) => call(createApiKey, { body: { name, rbac_group_id: group.id } })}
        onClose={() => setCreating(false)}
      />
    </SectionCard>
  );
};
