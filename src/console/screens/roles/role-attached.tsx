import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RoleModels } from '../../../access/contract.ts';
import { attachGroupRole, detachGroupRole, type RbacGroup } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { groupsWithQuery } from '../../data/directory.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AddPicked } from '../../kit/add-picked.tsx';
import { plural } from '../../kit/format.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { RemovableList } from '../../kit/removable-list.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { GroupSelect } from '../../parts/group-select.tsx';

/** The groups that carry a role: attach and detach. */
export const RoleAttached = ({ role }: { readonly role: RoleModels }) => {
  const groups = useQuery(groupsWithQuery(role.role_id));
  const manage = usePermission('identity:manage');
  const touches = ['groups', 'access', 'matrix'];
  const attach = useAction({
    run: (group_id: string) => call(attachGroupRole, { params: { group_id }, body: { role_id: role.role_id } }),
    touches,
  });
  const detach = useAction({
    run: (group_id: string) => call(detachGroupRole, { params: { group_id, role_id: role.role_id } }),
    touches,
  });
  return (
    <SectionCard title="Attached to" description="Groups that carry this role to their members and service keys.">
      <Loadable query={groups} lines={3}>
        {(carrying) => (
          <Stack gap="sm" maw={640}>
            <RemovableList
              label="Groups with this role"
              empty="No group carries this role yet."
              reason={manage.reason}
              items={carrying.map((group) => ({
                id: group.id,
                content: <Carrying group={group} />,
                removeLabel: `Detach from ${group.name}`,
              }))}
              onRemove={(id) => detach.mutate(id)}
            />
            <AddPicked action="Attach" reason={manage.reason} busy={attach.isPending} onAdd={(id) => attach.mutate(id)}>
              {(picking) => (
                <GroupSelect
                  label="Group to attach the role to"
                  placeholder="Choose a group"
                  except={({ id }) => carrying.some((group) => group.id === id)}
                  {...picking}
                />
              )}
            </AddPicked>
            <Text size="sm" c="dimmed">
              To give the role to one person, open their page under Members.
            </Text>
          </Stack>
        )}
      </Loadable>
    </SectionCard>
  );
};

const Carrying = ({ group }: { readonly group: RbacGroup }) => (
  <Group gap={6}>
    <TextLink to="/groups/$groupId" params={{ groupId: group.id }} inherit>
      {group.name}
    </TextLink>
    <Text size="xs" c="dimmed">
      {plural(group.member_count, 'member')}
    </Text>
  </Group>
);
