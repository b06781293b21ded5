import { NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createApiKey, type Workspace } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { usePermission } from '../data/session.ts';
import { workspacesQuery } from '../data/workspaces.ts';
import { ListFault } from '../kit/states.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { GroupSelect } from './group-select.tsx';
import { MemberSelect } from './member-select.tsx';

type Kind = 'personal' | 'service';

const MEANINGS: Readonly<Record<Kind, string>> = {
  personal: 'Acts as one member: their models, effort and roles apply.',
  service: 'Belongs to a group: the roles on the group decide. For CI and other machines.',
};

type Props = {
  readonly opened: boolean;
  /** The workspace it goes into; without one it is chosen. */
  readonly workspace?: Workspace;
  readonly onClose: () => void;
};

/** Creates a key for any member or group. */
export const NewKey = ({ opened, workspace, onClose }: Props) => {
  const identity = usePermission('identity:view');
  const [kind, setKind] = useState<Kind>('personal');
  const [owner, setOwner] = useState<string | undefined>(undefined);
  const [chosenWorkspace, setWorkspace] = useState('');
  const workspaceId = workspace?.id ?? chosenWorkspace;
  const close = () => {
    setOwner(undefined);
    setWorkspace('');
    onClose();
  };
  return (
    <CreateKeyDialog
      opened={opened}
      title={workspace === undefined ? 'Create a key' : `Create a key in ${workspace.name}`}
      missing={owner === undefined ? 'Choose above whom the key is for.' : null}
      create={(name) =>
        call(createApiKey, {
          body: {
            name,
            ...(kind === 'personal' ? { user_id: owner ?? '' } : { rbac_group_id: owner ?? '' }),
            ...(workspaceId === '' ? {} : { workspace_id: workspaceId }),
          },
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
      {workspace === undefined && <WorkspaceChoice value={chosenWorkspace} onChange={setWorkspace} />}
    </CreateKeyDialog>
  );
};

type ChoiceProps = { readonly value: string; readonly onChange: (workspaceId: string) => void };

/** Offered once there are workspaces. */
const WorkspaceChoice = ({ value, onChange }: ChoiceProps) => {
  const query = useQuery(workspacesQuery(false));
  const workspaces = query.data ?? [];
  if (workspaces.length === 0) return <ListFault of="Workspaces" query={query} />;
  return (
    <NativeSelect
      label="Workspace"
      description="A key of a workspace ends with it. A member has to be in the workspace."
      data={[
        { value: '', label: 'None: any that its owner is in' },
        ...workspaces.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
};
