import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { addGroupMember, type RbacGroup, removeGroupMember, type User } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { groupsOfQuery, groupsQuery } from '../../data/directory.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable, Waiting } from '../../kit/loadable.tsx';
import { PickAndAdd } from '../../kit/pick-and-add.tsx';
import { RemovableList } from '../../kit/removable-list.tsx';

/** The groups a member is in: add and remove. */
export const MemberGroups = ({ user }: { readonly user: User }) => {
  const groups = useQuery(groupsQuery);
  return (
    <Loadable query={groups} lines={2}>
      {(all) => <Memberships user={user} groups={all} />}
    </Loadable>
  );
};

const Memberships = ({ user, groups }: { readonly user: User; readonly groups: readonly RbacGroup[] }) => {
  const manage = usePermission('identity:manage');
  const joined = useQuery(groupsOfQuery(user.id));
  const touches = ['groups', 'access', 'matrix'];
  const join = useAction({
    run: (group_id: string) => call(addGroupMember, { params: { group_id }, body: { user_id: user.id } }),
    touches,
  });
  const leave = useAction({
    run: (group_id: string) => call(removeGroupMember, { params: { group_id, user_id: user.id } }),
    touches,
  });
  if (joined.data === undefined) return <Waiting lines={2} />;
  const own = joined.data;
  const others = groups.filter(({ id, source_type }) => source_type === 'direct' && !own.some((one) => one.id === id));
  return (
    <Stack gap="sm">
      <RemovableList
        label="Groups"
        empty="In no group."
        reason={manage.reason}
        items={own.map((group) => ({
          id: group.id,
          content: (
            <TextLink to="/groups/$groupId" params={{ groupId: group.id }} inherit>
              {group.name}
            </TextLink>
          ),
          removeLabel: `Remove ${user.name} from ${group.name}`,
        }))}
        onRemove={(id) => leave.mutate(id)}
      />
      <PickAndAdd
        label="Group to join"
        placeholder="Choose a group"
        action="Add"
        reason={manage.reason}
        busy={join.isPending}
        options={others.map((group) => ({ value: group.id, label: group.name }))}
        onAdd={(id) => join.mutate(id)}
      />
    </Stack>
  );
};
