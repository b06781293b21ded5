import { useQuery } from '@tanstack/react-query';
import { endUserDevice, type User } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission, useSession } from '../../data/session.ts';
import { userDevicesQuery } from '../../data/sign-in.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { DeviceTable } from '../../parts/device-table.tsx';

/** The devices a member is signed in on with Claude Code, and ending one of them. */
export const MemberDevices = ({ user }: { readonly user: User }) => {
  const devices = useQuery(userDevicesQuery(user.id));
  const manage = usePermission('users:manage');
  const isOwner = ['primary_owner', 'owner'].includes(useSession().user?.role ?? '');
  const isTheirs = ['primary_owner', 'owner', 'membership_admin'].includes(user.role);
  const reason = manage.reason ?? (isTheirs && !isOwner ? 'Only an owner can do this to owners and admins.' : null);
  return (
    <SectionCard title="Devices" description="Where this member’s Claude Code is signed in." flush>
      <Loadable
        query={devices}
        lines={2}
        isEmpty={({ data }) => data.length === 0}
        empty={<NothingHere>Claude Code is signed in nowhere.</NothingHere>}
      >
        {({ data }) => (
          <DeviceTable
            devices={data}
            reason={reason}
            touches={['users']}
            onEnd={({ id }) => call(endUserDevice, { params: { user_id: user.id, device_id: id } })}
          />
        )}
      </Loadable>
    </SectionCard>
  );
};
