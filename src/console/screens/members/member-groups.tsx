import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { addGroupMember, type RbacGroup, removeGroupMember, type User } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { groupsOfQuery } from '../../data/directory.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AddPicked } from '../../kit/add-picked.tsx';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { RemovableList } from '../../kit/removable-list.tsx';
import { GroupSelect } from '../../parts/group-select.tsx';

/** The groups a member is in: add and remove. */
export const MemberGroups = ({ user }: { readonly user: User }) => {
  const joined = useQuery(groupsOfQuery(user.id));
  return (
    <Loadable query={joined} lines={2}>
      {(own) => <Memberships user={user} own={own} />}
    </Loadable>
  );
};

const Memberships = ({ user, own }: { readonly user: User; readonly own: readonly RbacGroup[] }) => {
  const manage = usePermission('identity:manage');
  const touches = ['groups', 'access', 'matrix'];
  const join = useAction({
    run: (group_id: string) => call(addGroupMember, { params: { group_id }, body: { user_id: user.id } }),
    touches,
  });
  const leave = useAction({
    run: (group_id: string) => call(removeGroupMember, { params: { group_id, user_id: user.id } }),
    touches,
  });
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
      <AddPicked action="Add" reason={manage.reason} busy={join.isPending} onAdd={(id) => join.mutate(id)}>
        {(picking) => (
          <GroupSelect
            label="Group to join"
            placeholder="Choose a group"
            source="direct"
            except={({ id }) => own.some((one) => one.id === id)}
            {...picking}
          />
        )}
      </AddPicked>
    </Stack>
  );
};
