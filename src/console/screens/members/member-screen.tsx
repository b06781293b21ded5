import { Badge, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { getUser, type User } from '../../../directory/contract.ts';
import { userAccessQuery } from '../../data/access.ts';
import { call } from '../../data/client.ts';
import { roleName } from '../../data/organisation-roles.ts';
import { userRoleQuery } from '../../data/role-rights.ts';
import { usePermission } from '../../data/session.ts';
import { isNotFound } from '../../kit/error-words.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { Nothing, NothingHere, Refused } from '../../kit/states.tsx';
import { RecentActivity } from '../../parts/activity/recent-activity.tsx';
import { EffectiveAccessTable } from '../../parts/effective-access.tsx';
import { EffectiveRoleTabs } from '../../parts/effective-role.tsx';
import { KeyList } from '../../parts/key-list.tsx';
import { MemberActions } from './member-actions.tsx';
import { MemberDevices } from './member-devices.tsx';
import { MemberGroups } from './member-groups.tsx';
import { MemberProfile } from './member-profile.tsx';
import { MemberRoles } from './member-roles.tsx';
import { MemberSignIn } from './member-sign-in.tsx';
import { MemberSpend } from './member-spend.tsx';

const BACK = { to: '/members', label: 'Members' };

/** One member: role, custom roles, groups, what they may use and why, and their keys. */
export const MemberScreen = () => {
  const { userId } = useParams({ from: '/app/members/$userId' });
  const user = useQuery({
    queryKey: ['users', userId],
    queryFn: () => call(getUser, { params: { user_id: userId } }),
  });
  if (isNotFound(user.error))
    return (
      <>
        <PageHeader title="Member" back={BACK} />
        <div className="card">
          <Nothing title="There is no such member">They may have been removed.</Nothing>
        </div>
      </>
    );
  return (
    <>
      {user.data === undefined && <PageHeader title="Member" back={BACK} />}
      <Loadable query={user} framed>
        {(data) => <Member user={data} />}
      </Loadable>
    </>
  );
};

const Member = ({ user }: { readonly user: User }) => {
  const identity = usePermission('identity:view');
  return (
    <>
      <PageHeader
        title={user.name}
        guide="why-blocked"
        description={`${user.email} · ${roleName(user.role)}`}
        back={BACK}
        badge={
          user.status === 'suspended' ? (
            <Badge color="orange" variant="light">
              Suspended
            </Badge>
          ) : undefined
        }
        actions={<MemberActions user={user} />}
      />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="lg">
          <MemberProfile user={user} />
          <SectionCard title="Custom roles" description="Attached to this member directly.">
            {identity.held ? <MemberRoles user={user} /> : <Refused reason={identity.reason ?? ''} />}
          </SectionCard>
          <SectionCard title="Groups" description="Roles on these groups count as well.">
            {identity.held ? <MemberGroups user={user} /> : <Refused reason={identity.reason ?? ''} />}
          </SectionCard>
        </SimpleGrid>
        <SectionCard
          title="Effective access"
          description="What all roles of this member come to: which role grants each line, or what stops it."
          flush
        >
          <AccessOf user={user} />
        </SectionCard>
        <MemberSpend user={user} />
        <MemberSignIn user={user} />
        <MemberDevices user={user} />
        <MemberKeys userId={user.id} />
        <RecentActivity subject={user.id} noun="member" acts />
      </Stack>
    </>
  );
};

const AccessOf = ({ user }: { readonly user: User }) => {
  const identity = usePermission('identity:view');
  if (!identity.held) return <Refused reason={identity.reason ?? ''} />;
  if (user.status === 'suspended')
    return (
      <NothingHere>Nothing while suspended. Roles and groups count again once this member is restored.</NothingHere>
    );
  return <MemberAccess userId={user.id} />;
};

const MemberAccess = ({ userId }: { readonly userId: string }) => {
  const access = useQuery(userAccessQuery(userId));
  const role = useQuery(userRoleQuery(userId));
  const models = (
    <Loadable query={access} lines={8}>
      {(data) => <EffectiveAccessTable access={data} linked />}
    </Loadable>
  );
  return (
    <Loadable query={role} lines={8}>
      {(data) => <EffectiveRoleTabs role={data} linked models={models} />}
    </Loadable>
  );
};

const MemberKeys = ({ userId }: { readonly userId: string }) => (
  <SectionCard title="Keys" description="Personal keys of this member." flush>
    <KeyList
      filter={{ user_id: userId }}
      columns={['workspace']}
      empty={<NothingHere>This member has no key yet.</NothingHere>}
    />
  </SectionCard>
);
