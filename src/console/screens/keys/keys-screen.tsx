import { Box, Button, Group, NativeSelect, Tabs } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { usePermission } from '../../data/session.ts';
import { workspacesQuery } from '../../data/workspaces.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import { ListFault, Nothing } from '../../kit/states.tsx';
import { KeyList } from '../../parts/key-list.tsx';
import { NewKey } from '../../parts/new-key.tsx';
import { AdminKeys } from './admin-keys.tsx';

const TYPING_PAUSE_MS = 250;

const FILTERS = [
  { value: 'all', label: 'Any status' },
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Switched off' },
  { value: 'archived', label: 'Revoked' },
  { value: 'expired', label: 'Expired' },
] as const;
type Filter = (typeof FILTERS)[number]['value'];

/** Every key of the organisation. */
export const KeysScreen = () => {
  const manage = usePermission('keys:manage');
  const { tab = 'keys' } = useSearch({ from: '/app/keys' });
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const [filter, setFilter] = useState<Filter>('active');
  const [workspace, setWorkspace] = useState('');
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text, TYPING_PAUSE_MS);
  const createButton = (
    <DisabledReason reason={manage.reason}>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
        Create key
      </Button>
    </DisabledReason>
  );
  return (
    <>
      <PageHeader
        title="Keys"
        guide="keys"
        description="Personal keys act as a member and follow all of the member’s rules. Service keys belong to a group and follow the rules of that group; they are made for machines."
        actions={createButton}
      />
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ to: '/keys', search: { tab: value ?? undefined }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="keys">Keys</Tabs.Tab>
          <Tabs.Tab value="admin">Admin keys</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="keys">
          <Box className="card">
            <Group p="sm" gap="sm">
              <SearchInput label="Search keys" placeholder="Search by name or key" value={text} onChange={setText} />
              <NativeSelect
                size="xs"
                aria-label="Status"
                data={FILTERS.map((choice) => ({ ...choice }))}
                value={filter}
                onChange={(event) =>
                  setFilter(FILTERS.find((choice) => choice.value === event.currentTarget.value)?.value ?? 'all')
                }
              />
              <WorkspaceFilter value={workspace} onChange={setWorkspace} />
            </Group>
            <KeyList
              filter={{
                workspace_id: workspace === '' ? undefined : workspace,
                status: filter === 'all' ? undefined : filter,
                search: asked.trim() === '' ? undefined : asked.trim(),
              }}
              columns={['owner', 'workspace']}
              lines={10}
              empty={
                <NoKeys
                  isNarrowed={filter !== 'all' || asked.trim() !== '' || workspace !== ''}
                  action={createButton}
                />
              }
            />
          </Box>
        </Tabs.Panel>
        <Tabs.Panel value="admin">
          <AdminKeys />
        </Tabs.Panel>
      </Tabs>
      <NewKey opened={creating} onClose={() => setCreating(false)} />
    </>
  );
};

type FilterProps = { readonly value: string; readonly onChange: (workspaceId: string) => void };

/** Narrows to one workspace, once there are any. */
const WorkspaceFilter = ({ value, onChange }: FilterProps) => {
  const query = useQuery(workspacesQuery(true));
  const workspaces = query.data ?? [];
  if (workspaces.length === 0) return <ListFault of="Workspaces" query={query} />;
  return (
    <NativeSelect
      size="xs"
      aria-label="Workspace"
      data={[{ value: '', label: 'Any workspace' }, ...workspaces.map(({ id, name }) => ({ value: id, label: name }))]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
};

type NoKeysProps = { readonly isNarrowed: boolean; readonly action: ReactNode };

const NoKeys = ({ isNarrowed, action }: NoKeysProps) => (
  <Nothing
    title={isNarrowed ? 'No key matches' : 'No keys yet'}
    icon={<IconKey size={26} stroke={1.5} aria-hidden />}
    action={action}
  >
    {isNarrowed ? 'Try another status or name.' : 'A key lets Claude Code or an SDK send requests through Remit.'}
  </Nothing>
);
