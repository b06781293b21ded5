import { Button, Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { addDirectoryMapping, type Directory } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { rolesQuery } from '../../../data/directory.ts';
import { useAction } from '../../../data/use-action.ts';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { ListFault } from '../../../kit/states.tsx';
import { GroupSelect } from '../../../parts/group-select.tsx';
import { SeatField } from '../../../parts/seat-field.tsx';
import { DIRECTORY_ROLES } from './meaning.ts';

const SEAT = 'seat_type:';

type Props = {
  readonly directory: Directory;
  /** Seat types that are mapped already. */
  readonly seats: readonly string[];
  readonly reason: string | null;
  readonly touches: readonly string[];
};

type Wanted = {
  readonly rbac_group_id: string;
  readonly kind: 'organization_role' | 'rbac_role' | 'seat_type';
  readonly value: string;
};

/** What was chosen as the endpoint wants it; undefined while something is missing. A meaning is its kind, a colon and its value. */
const wantedOf = (group: string | undefined, meaning: string | null, seat: string): Wanted | undefined => {
  if (group === undefined || meaning === null) return undefined;
  if (meaning === SEAT)
    return seat.trim() === '' ? undefined : { rbac_group_id: group, kind: 'seat_type', value: seat.trim() };
  const [kind, value = ''] = meaning.split(':');
  return { rbac_group_id: group, kind: kind === 'rbac_role' ? 'rbac_role' : 'organization_role', value };
};

/** Says what one more group of a directory means: a role of either kind, or a type of seat. */
export const NewMapping = ({ directory, seats, reason, touches }: Props) => {
  const [group, setGroup] = useState<string | undefined>(undefined);
  const [meaning, setMeaning] = useState<string | null>(null);
  const [seat, setSeat] = useState('');
  const add = useAction({
    run: (body: Wanted) => call(addDirectoryMapping, { params: { directory_id: directory.id }, body }),
    touches,
    onDone: () => {
      setMeaning(null);
      setSeat('');
    },
  });
  const wanted = wantedOf(group, meaning, seat);
  return (
    <Group gap="xs">
      <GroupSelect
        label="Group to map"
        placeholder="Choose a group"
        source="scim"
        disabled={reason !== null}
        value={group}
        onChange={setGroup}
      />
      <MeaningChoice value={meaning} isDisabled={reason !== null} onChange={setMeaning} />
      {meaning === SEAT && <SeatField label="Seat type" place="bar" others={seats} value={seat} onChange={setSeat} />}
      <DisabledReason reason={reason}>
        <Button
          size="xs"
          variant="default"
          disabled={wanted === undefined}
          loading={add.isPending}
          onClick={() => wanted !== undefined && add.mutate(wanted)}
        >
          Map
        </Button>
      </DisabledReason>
    </Group>
  );
};

type ChoiceProps = {
  readonly value: string | null;
  readonly isDisabled: boolean;
  readonly onChange: (value: string | null) => void;
};

const MeaningChoice = ({ value, isDisabled, onChange }: ChoiceProps) => {
  const roles = useQuery(rolesQuery);
  return (
    <>
      <Select
        size="xs"
        aria-label="What it means"
        placeholder="Choose what it means"
        searchable
        nothingFoundMessage="No role by that name"
        disabled={isDisabled}
        data={[
          {
            group: 'Organisation roles',
            items: Object.entries(DIRECTORY_ROLES).map(([role, label]) => ({
              value: `organization_role:${role}`,
              label,
            })),
          },
          { group: 'Seats', items: [{ value: SEAT, label: 'A seat type …' }] },
          {
            group: 'Custom roles',
            items: (roles.data ?? []).map((role) => ({ value: `rbac_role:${role.id}`, label: role.display_name })),
          },
        ]}
        value={value}
        onChange={onChange}
      />
      <ListFault of="Custom roles" query={roles} />
    </>
  );
};
