import { Alert, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { attachUserRole, detachUserRole, type User } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { userRolesQuery } from '../../data/directory.ts';
import { roleName } from '../../data/organisation-roles.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { RoleAttachments } from '../../parts/role-attachments.tsx';

/** The custom roles attached to a member directly; says when they have no effect. */
export const MemberRoles = ({ user }: { readonly user: User }) => {
  const attached = useQuery(userRolesQuery(user.id));
  const params = { user_id: user.id };
  return (
    <Loadable query={attached} lines={2}>
      {(roleIds) => (
        <Stack gap="sm">
          {user.role !== 'managed' && roleIds.length > 0 && (
            <Alert color="yellow" p="sm">
              These have no effect: the organisation role is {roleName(user.role)}, and custom roles bind only members
              whose organisation role is Custom.
            </Alert>
          )}
          <RoleAttachments
            roleIds={roleIds}
            empty="No role is attached directly."
            hint={
              user.role === 'managed' || roleIds.length > 0
                ? null
                : `A custom role will have no effect while the organisation role is ${roleName(user.role)}.`
            }
            attach={(role_id) => call(attachUserRole, { params, body: { role_id } })}
            detach={(role_id) => call(detachUserRole, { params: { ...params, role_id } })}
          />
        </Stack>
      )}
    </Loadable>
  );
};
