import { type Doer, permissionsOfRole } from '../../kernel/index.ts';
import type { Member } from '../members/store.ts';

/** The same request as the doing of the member it turned out to come from: a visitor has just shown who they are. */
export const asMember = (from: Doer, member: Member): Doer => ({
  ...from,
  who: {
    kind: 'member',
    userId: member.id,
    email: member.email,
    role: member.role,
    credentialId: null,
    sessionId: null,
    permissions: permissionsOfRole(member.role),
  },
});
