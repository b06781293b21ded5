import { Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type CapabilitySettings, setCapabilities } from '../../../access/contract.ts';
import { call } from '../../data/client.ts';
import { capabilitiesQuery } from '../../data/role-rights.ts';
import { usePermission } from '../../data/session.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { CapabilityList, type CapabilityRow } from '../../parts/role-rights/capability-list.tsx';
import { useEdits } from '../../parts/role-rights/edits.ts';
import { SaveBar } from '../../parts/role-rights/save-bar.tsx';

const FORCED = 'Forced by the configuration of this installation';

/** The organisation's switches of capabilities: the ceiling over every role and member. */
export const OrganisationCapabilities = () => {
  const query = useQuery(capabilitiesQuery);
  return (
    <Loadable query={query} framed lines={10}>
      {(saved) => <Switches saved={saved} />}
    </Loadable>
  );
};

const Switches = ({ saved }: { readonly saved: CapabilitySettings }) => {
  const client = useQueryClient();
  const edits = useEdits<boolean>();
  const owner = usePermission('owner');
  const rows = saved.capabilities.map((one): CapabilityRow => {
    const chosen = edits.all.get(one.id);
    return {
      ...one,
      isOn: one.forced === null ? (chosen ?? one.enabled) : one.forced === 'on',
      isChanged: chosen !== undefined,
      reason: one.forced === null ? owner.reason : `${FORCED}.`,
      lock: one.forced === null ? null : `${FORCED}: ${one.forced}.`,
    };
  });
  return (
    <>
      <CapabilityList
        rows={rows}
        onSwitch={(id, isOn) => edits.set(id, isOn, saved.capabilities.find((one) => one.id === id)?.enabled ?? true)}
      >
        <Text size="sm" c="dimmed" maw={760}>
          What is off here is off for everybody, owners included, whatever roles grant. Members whose organisation role
          is not Custom have everything that is on.
        </Text>
      </CapabilityList>
      <SaveBar
        count={edits.all.size}
        about="to the organisation’s capabilities"
        save={() =>
          call(setCapabilities, { body: { capabilities: Object.fromEntries(edits.all), if_version: saved.version } })
        }
        queryKey={capabilitiesQuery.queryKey}
        onDiscard={edits.discard}
        onSaved={(reply) => {
          client.setQueryData(capabilitiesQuery.queryKey, reply);
          edits.discard();
          void client.invalidateQueries({ queryKey: ['role-capabilities'] });
        }}
      />
    </>
  );
};
