import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { createApiKey } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { CreateKeyDialog } from '../../parts/create-key-dialog.tsx';
import { GroupSelect } from '../../parts/group-select.tsx';
import { MemberSelect } from '../../parts/member-select.tsx';

type Kind = 'personal' | 'service';

const MEANINGS: Readonly<Record<Kind, string>> = {
  personal: 'Acts as one member: their models, effort and roles apply.',
  service: 'Belongs to a group: the roles on the group decide. For CI and other machines.',
};

/** Creates a key for any member or group. */
export const NewKey = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => {
  const identity = usePermission('identity:view');
  const [kind, setKind] = useState<Kind>('personal');
  const [owner, setOwner] = useState<string | undefined>(undefined);
  const close = () => {
    setOwner(undefined);
    onClose();
  };
  return (
    <CreateKeyDialog
      opened={opened}
      title="Create a key"
      missing={owner === undefined ? 'Choose above whom the key is for.' : null}
      create={(name) =>
        call(createApiKey, {
          body: { name, ...(kind === 'personal' ? { user_id: owner ?? '' } : { rbac_group_id: owner ?? '' }) },
        })
      }
      onClose={close}
    >
      <Stack gap={6}>
        <SegmentedControl
          w="fit-content"
          aria-label="Kind of key"
          data={[
            { value: 'personal', label: 'Personal' },
            { value: 'service', label: 'Service', disabled: !identity.held },
          ]}
          value={kind}
          onChange={(chosen) => {
            setKind(chosen);
            setOwner(undefined);
          }}
        />
        <Text size="sm" c="dimmed">
          {MEANINGS[kind]}
          {identity.held ? '' : ' Service keys need the permission to see groups.'}
        </Text>
      </Stack>
      {kind === 'personal' ? (
        <MemberSelect place="form" label="Member" placeholder="Type to search" value={owner} onChange={setOwner} />
      ) : (
        <GroupSelect place="form" label="Group" placeholder="Type to search" value={owner} onChange={setOwner} />
      )}
    </CreateKeyDialog>
  );
};
