import { Box, Button, Group } from '@mantine/core';
import { useState } from 'react';
import { type User, updateUser } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { SeatField } from '../../parts/seat-field.tsx';

/** The type of seat a member has, which decides what is included for them and which limit of seats holds. */
export const MemberSeat = ({ user }: { readonly user: User }) => {
  const manage = usePermission('users:manage');
  const before = user.seat_tier ?? '';
  const [seat, setSeat] = useState(before);
  const wanted = seat.trim();
  const save = useAction({
    run: () => call(updateUser, { params: { user_id: user.id }, body: { seat_tier: wanted === '' ? null : wanted } }),
    touches: ['users', 'seat-tier-usage', 'spend-limits', 'spend'],
    done: (changed) =>
      changed.seat_tier === null
        ? `${changed.name} has no seat now.`
        : `${changed.name} has a ${changed.seat_tier} seat now.`,
  });
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <Box flex={1}>
        <SeatField
          label="Seat"
          description={manage.reason ?? 'Its limit and what it includes hold for them. Empty is no seat.'}
          disabled={!manage.held}
          value={seat}
          onChange={setSeat}
        />
      </Box>
      {wanted !== before && (
        <Button variant="default" loading={save.isPending} onClick={() => save.mutate(undefined)}>
          Save
        </Button>
      )}
    </Group>
  );
};
