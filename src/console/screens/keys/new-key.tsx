import { SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createApiKey } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { groupsQuery, usersQuery } from '../../data/directory.ts';
import { usePermission } from '../../data/session.ts';
import { CreateKeyDialog } from '../../parts/create-key-dialog.tsx';

type Kind = 'personal' | 'service';

const MEANINGS: Readonly<Record<Kind, string>> = {
  personal: 'Acts as one member: their models, effort and roles apply.',
  service: 'Belongs to a group: the roles on the group decide. For CI and other machines.',
};

/** Creates a key for any member or group. */
export const NewKey = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => {
  const identity = usePermission('identity:view');
  const [kind, setKind] = useState<Kind>('personal');
  const [owner, setOwner] = useState<string | null>(null);
  const users = useQuery({ ...usersQuery, enabled: opened }).data ?? [];
  const groups = useQuery({ ...groupsQuery, enabled: opened && identity.held }).data ?? [];
  const options =
    kind === 'personal'
      ? users.map((user) => ({ value: user.id, label: `${user.name} (${user.email})` }))
      : groups.map((group) => ({ value: group.id, label: group.name }));
  const close = () => {
    setOwner(null);
    onClose();
  };
  return (
    <CreateKeyDialog
      opened={opened}
      title="Create a key"
      missing={owner === null ? 'Choose above whom the key is for.' : null}
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
            setOwner(null);
          }}
        />
        <Text size="sm" c="dimmed">
          {MEANINGS[kind]}
          {identity.held ? '' : ' Service keys need the permission to see groups.'}
        </Text>
      </Stack>
      <Select
        label={kind === 'personal' ? 'Member' : 'Group'}
        placeholder="Type to search"
        searchable
        limit={50}
        nothingFoundMessage={kind === 'personal' ? 'No such member' : 'No such group'}
        data={options}
        value={owner}
        onChange={setOwner}
      />
    </CreateKeyDialog>
  );
};
