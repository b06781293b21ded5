import { NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type User, updateUser } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { ASSIGNABLE_ROLES, type AssignableRole, isAssignableRole, roleName } from '../../data/organisation-roles.ts';
import { usePermission, useSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { MemberSeat } from './member-seat.tsx';

const OWNERS_ONLY = 'Only owners change the role of owners and admins.';
const OWNERSHIP = 'The primary owner keeps this role until ownership is transferred.';

/** Since when somebody is a member, their organisation role and their seat, which can be changed here. */
export const MemberProfile = ({ user }: { readonly user: User }) => {
  const manage = usePermission('users:manage');
  const [wanted, setWanted] = useState<AssignableRole | null>(null);
  const change = useAction({
    run: (role: AssignableRole) =>
      call(updateUser, { params: { user_id: user.id }, body: { role, expected_role: user.role } }),
    touches: ['users', 'access', 'groups'],
    errors: 'inline',
    done: (changed) => `${changed.name} is ${roleName(changed.role)} now.`,
    onDone: () => setWanted(null),
  });
  const isPrimaryOwner = user.role === 'primary_owner';
  const isMine = ['primary_owner', 'owner'].includes(useSession().user?.role ?? '');
  const isTheirs = ['owner', 'membership_admin'].includes(user.role) && !isMine;
  const reason = isPrimaryOwner ? OWNERSHIP : (manage.reason ?? (isTheirs ? OWNERS_ONLY : null));
  const offered = ASSIGNABLE_ROLES.filter(({ value }) => isMine || isTheirs || value === 'user' || value === 'managed');
  const options = offered.map(({ value, label }) => ({ value: value as string, label }));
  const close = () => {
    setWanted(null);
    change.reset();
  };
  return (
    <SectionCard title="Profile">
      <Stack gap="sm">
        <NativeSelect
          label="Organisation role"
          description={reason ?? ASSIGNABLE_ROLES.find(({ value }) => value === user.role)?.meaning}
          disabled={reason !== null}
          value={user.role}
          data={isPrimaryOwner ? [{ value: user.role, label: roleName(user.role) }] : options}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            if (isAssignableRole(chosen)) setWanted(chosen);
          }}
        />
        <MemberSeat key={user.seat_tier} user={user} />
        <Text size="sm" c="dimmed">
          Member since <RelativeTime at={user.added_at} />
        </Text>
      </Stack>
      <ConfirmDialog
        opened={wanted !== null}
        title="Change the organisation role?"
        confirm="Change the role"
        busy={change.isPending}
        error={change.error}
        onConfirm={() => wanted !== null && change.mutate(wanted)}
        onClose={close}
      >
        {user.name} changes from {roleName(user.role)} to {wanted === null ? '' : roleName(wanted)}.{' '}
        {ASSIGNABLE_ROLES.find(({ value }) => value === wanted)?.meaning} This counts from the next request on.
      </ConfirmDialog>
    </SectionCard>
  );
};
