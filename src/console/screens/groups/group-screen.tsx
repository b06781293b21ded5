import { SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { attachGroupRole, detachGroupRole, getGroup, type RbacGroup } from '../../../directory/contract.ts';
import { groupAccessQuery } from '../../data/access.ts';
import { call } from '../../data/client.ts';
import { groupRoleQuery } from '../../data/role-rights.ts';
import { isNotFound } from '../../kit/error-words.ts';
import { plural } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { Nothing } from '../../kit/states.tsx';
import { RecentActivity } from '../../parts/activity/recent-activity.tsx';
import { EffectiveAccessTable } from '../../parts/effective-access.tsx';
import { EffectiveRoleTabs } from '../../parts/effective-role.tsx';
import { RoleAttachments } from '../../parts/role-attachments.tsx';
import { GroupActions } from './group-actions.tsx';
import { GroupKeys } from './group-keys.tsx';
import { GroupMembers } from './group-members.tsx';
import { GroupSpend } from './group-spend.tsx';

const BACK = { to: '/groups', label: 'Groups' };

/** One group: members, custom roles, service keys and what these may use. */
export const GroupScreen = () => {
  const { groupId } = useParams({ from: '/app/groups/$groupId' });
  const group = useQuery({
    queryKey: ['groups', groupId],
    queryFn: () => call(getGroup, { params: { group_id: groupId } }),
  });
  if (isNotFound(group.error))
    return (
      <>
        <PageHeader title="Group" back={BACK} />
        <div className="card">
          <Nothing title="There is no such group">It may have been deleted.</Nothing>
        </div>
      </>
    );
  return (
    <>
      {group.data === undefined && <PageHeader title="Group" back={BACK} />}
      <Loadable query={group} framed>
        {(data) => <GroupPage group={data} />}
      </Loadable>
    </>
  );
};

const GroupPage = ({ group }: { readonly group: RbacGroup }) => {
  const access = useQuery(groupAccessQuery(group.id));
  const role = useQuery(groupRoleQuery(group.id));
  const params = { group_id: group.id };
  return (
    <>
      <PageHeader
        title={group.name}
        guide="model-access"
        description={`${plural(group.member_count, 'member')} · kept by ${group.source_type === 'scim' ? 'the identity provider' : 'administrators'}`}
        back={BACK}
        actions={<GroupActions group={group} />}
      />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
          <GroupMembers group={group} />
          <SectionCard
            title="Custom roles"
            description="Count for members whose organisation role is Custom, and for the group’s service keys."
          >
            <RoleAttachments
              roleIds={group.role_ids ?? []}
              empty="No role is attached: the group grants nothing."
              hint={null}
              attach={(role_id) => call(attachGroupRole, { params, body: { role_id } })}
              detach={(role_id) => call(detachGroupRole, { params: { ...params, role_id } })}
            />
          </SectionCard>
        </SimpleGrid>
        <GroupSpend group={group} />
        <GroupKeys group={group} />
        <SectionCard
          title="Effective access of service keys"
          description="What the group’s roles come to for its service keys, and why."
          flush
        >
          <Loadable query={role} lines={8}>
            {(data) => (
              <EffectiveRoleTabs
                role={data}
                linked
                models={
                  <Loadable query={access} lines={8}>
                    {(models) => <EffectiveAccessTable access={models} linked />}
                  </Loadable>
                }
              />
            )}
          </Loadable>
        </SectionCard>
        <RecentActivity subject={group.id} noun="group" />
      </Stack>
    </>
  );
};
