import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { addGroupMember, type RbacGroup, removeGroupMember } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { groupMembersQuery, useNames, usersQuery } from '../../data/directory.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PickAndAdd } from '../../kit/pick-and-add.tsx';
import { RemovableList } from '../../kit/removable-list.tsx';
import { ScrollFrame } from '../../kit/scroll-frame.tsx';
import { SectionCard } from '../../kit/section-card.tsx';

const FROM_PROVIDER = 'The identity provider keeps the members of this group; change them there.';

/** Who is in a group: add and remove. */
export const GroupMembers = ({ group }: { readonly group: RbacGroup }) => {
  const manage = usePermission('identity:manage');
  const members = useQuery(groupMembersQuery(group.id));
  const mayListUsers = usePermission('users:view').held;
  const users = useQuery({ ...usersQuery, enabled: mayListUsers }).data ?? [];
  const nameOf = useNames({ users: mayListUsers });
  const reason = group.source_type === 'scim' ? FROM_PROVIDER : manage.reason;
  const touches = ['groups', 'access', 'matrix'];
  const add = useAction({
    run: (user_id: string) => call(addGroupMember, { params: { group_id: group.id }, body: { user_id } }),
    touches,
  });
  const remove = useAction({
    run: (user_id: string) => call(removeGroupMember, { params: { group_id: group.id, user_id } }),
    touches,
  });
  return (
    <SectionCard title="Members">
      <Loadable query={members} lines={4}>
        {(all) => (
          <Stack gap="sm">
            <ScrollFrame mah={320} label="Members of the group, scrollable">
              <RemovableList
                label="Members"
                empty="Nobody is in this group."
                reason={reason}
                items={all.map((member) => ({
                  id: member.user_id,
                  content: (
                    <Group gap={6}>
                      <TextLink to="/members/$userId" params={{ userId: member.user_id }} inherit>
                        {nameOf(member.user_id) === member.user_id ? member.email : nameOf(member.user_id)}
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
            </ScrollFrame>
            <PickAndAdd
              label="Member to add"
              placeholder="Choose a member"
              action="Add"
              reason={reason}
              busy={add.isPending}
              options={users
                .filter((user) => !all.some((member) => member.user_id === user.id))
                .map((user) => ({ value: user.id, label: `${user.name} (${user.email})` }))}
              onAdd={(id) => add.mutate(id)}
            />
          </Stack>
        )}
      </Loadable>
    </SectionCard>
  );
};
