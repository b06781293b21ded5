import { Button, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  addGroupMember,
  addGroupMembers,
  listUsers,
  type RbacGroup,
  removeGroupMember,
} from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AddPicked } from '../../kit/add-picked.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PageSteps } from '../../kit/page-steps.tsx';
import { RemovableList } from '../../kit/removable-list.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { Refused } from '../../kit/states.tsx';
import { MemberSelect } from '../../parts/member-select.tsx';

const FROM_PROVIDER = 'The identity provider keeps the members of this group; change them there.';
const TYPING_PAUSE_MS = 250;
const PAGE_SIZE = 50;
const TOUCHED = ['groups', 'users', 'access', 'matrix'];

/** Who is in a group, searched and paged by the server: find, add and remove. */
export const GroupMembers = ({ group }: { readonly group: RbacGroup }) => {
  const users = usePermission('users:view');
  const manage = usePermission('identity:manage');
  const reason = group.source_type === 'scim' ? FROM_PROVIDER : manage.reason;
  return (
    <SectionCard title="Members">
      {users.held ? (
        <Stack gap="sm">
          <MemberList group={group} reason={reason} />
          <AddMembers group={group} reason={reason} />
        </Stack>
      ) : (
        <Refused reason={users.reason ?? ''} />
      )}
    </SectionCard>
  );
};

type Props = { readonly group: RbacGroup; readonly reason: string | null };

const MemberList = ({ group, reason }: Props) => {
  const [text, setText] = useState('');
  const [trail, setTrail] = useState<readonly string[]>([]);
  const [search] = useDebouncedValue(text.trim(), TYPING_PAUSE_MS);
  const query = {
    limit: PAGE_SIZE,
    rbac_group_id: group.id,
    after_id: trail.at(-1),
    search: search === '' ? undefined : search,
  };
  const members = useQuery({
    queryKey: ['users', 'page', query],
    queryFn: () => call(listUsers, { query }),
    placeholderData: keepPreviousData,
  });
  const remove = useAction({
    run: (user_id: string) => call(removeGroupMember, { params: { group_id: group.id, user_id } }),
    touches: TOUCHED,
  });
  return (
    <>
      {group.member_count > 10 && (
        <SearchInput
          label="Search members of the group"
          placeholder="Search by name or e-mail"
          value={text}
          onChange={(next) => {
            setTrail([]);
            setText(next);
          }}
        />
      )}
      <Loadable query={members} lines={4}>
        {(page) => (
          <>
            <RemovableList
              label="Members"
              empty={search === '' ? 'Nobody is in this group.' : 'Nobody in this group matches.'}
              reason={reason}
              items={page.data.map((member) => ({
                id: member.id,
                content: (
                  <Group gap={6}>
                    <TextLink to="/members/$userId" params={{ userId: member.id }} inherit>
                      {member.name}
                    </TextLink>
                    <Text size="xs" c="dimmed">
                      {member.email}
                    </Text>
                  </Group>
                ),
                removeLabel: `Remove ${member.email} from the group`,
              }))}
              onRemove={(id) => remove.mutate(id)}
            />
            <PageSteps page={page} trail={trail} onMove={setTrail} />
          </>
        )}
      </Loadable>
    </>
  );
};

const AddMembers = ({ group, reason }: Props) => {
  const [asking, setAsking] = useState(false);
  const add = useAction({
    run: (user_id: string) => call(addGroupMember, { params: { group_id: group.id }, body: { user_id } }),
    touches: TOUCHED,
  });
  const addAll = useAction({
    run: () => call(addGroupMembers, { params: { group_id: group.id }, body: { all: true } }),
    touches: TOUCHED,
    errors: 'inline',
    done: ({ data }) => `${data.filter(({ outcome }) => outcome === 'added').length} members added.`,
    onDone: () => setAsking(false),
  });
  return (
    <Group gap="xs">
      <AddPicked action="Add" reason={reason} busy={add.isPending} onAdd={(id) => add.mutate(id)}>
        {(picking) => <MemberSelect label="Member to add" placeholder="Choose a member" {...picking} />}
      </AddPicked>
      <DisabledReason reason={reason}>
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          Add all members
        </Button>
      </DisabledReason>
      <ConfirmDialog
        opened={asking}
        title={`Add all members to ${group.name}?`}
        confirm="Add all members"
        busy={addAll.isPending}
        error={addAll.error}
        onConfirm={() => addAll.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        Everybody in the organisation joins this group, suspended members too. Those whose organisation role is Custom
        get what its roles grant from their next request on. People who come later are not added by themselves.
      </ConfirmDialog>
    </Group>
  );
};
