import { useQuery } from '@tanstack/react-query';
import { endMyDevice } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { myDevicesQuery } from '../../data/sign-in.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { DeviceTable } from '../../parts/device-table.tsx';

/** The devices I am signed in on with Claude Code, and signing them out. */
export const DevicesSection = () => {
  const devices = useQuery(myDevicesQuery);
  return (
    <SectionCard
      title="My devices"
      description="Where Claude Code is signed in as you. Sign out what you do not know."
      flush
    >
      <Loadable
        query={devices}
        lines={2}
        isEmpty={({ data }) => data.length === 0}
        empty={<NothingHere>Claude Code is signed in nowhere. Type /login there to sign in.</NothingHere>}
      >
        {({ data }) => (
          <DeviceTable
            devices={data}
            reason={null}
            touches={['my-devices']}
            onEnd={({ id }) => call(endMyDevice, { params: { device_id: id } })}
          />
        )}
      </Loadable>
    </SectionCard>
  );
};
