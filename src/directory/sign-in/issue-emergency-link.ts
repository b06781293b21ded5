import { bySystem, Refusal } from '../../kernel/index.ts';
import type { WithoutSecrets } from '../deps.ts';
import { memberStore } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { switchOffAllowListIn } from './addresses/change-allow-list.ts';
import { type IssuedLink, issueLinkIn } from './issue-sign-in-link.ts';

/** Who wants in, and whether the list of allowed addresses stands in the way. */
export type Emergency = { readonly email?: string | undefined; readonly liftsAllowList: boolean };

const BY_COMMAND_LINE = bySystem('command line');

/**
 * Issues a one-time link that makes whoever uses it an owner with a password of their own, whatever single sign-on, the
 * second factor or the allow-list say. Only somebody with the database in their hands can call this, and it is recorded.
 * The address of an existing member gives that member the link; any other, or none, a new owner.
 */
export const issueEmergencyLink =
  (deps: WithoutSecrets) =>
  ({ email, liftsAllowList }: Emergency): Promise<IssuedLink> =>
    changeInTurn(deps.database, async (sql) => {
      const member = email === undefined ? undefined : await memberStore(sql).findByEmail(email);
      if (email !== undefined && member === undefined)
        throw new Refusal(
          'not_found',
          `Nobody here has the address ${email}. Leave --email out to make a link for a new owner.`,
        );
      if (liftsAllowList) await switchOffAllowListIn(deps)(sql, BY_COMMAND_LINE);
      await deps.record(sql, BY_COMMAND_LINE, {
        type: 'remit_emergency_link_created',
        user_email: member?.email ?? null,
      });
      return issueLinkIn(deps)(sql, { userId: member?.id ?? null, purpose: 'emergency_owner' });
    });
