import * as directory from '../../directory/contract.ts';
import * as spend from '../../spend/contract.ts';
import type { Office } from './office.ts';
import { MEMBERS } from './organisation.ts';
import { idOf, type SetUp } from './set-up.ts';

/** What somebody does at one moment of the month. */
export type Act = (office: Office, ids: SetUp) => Promise<unknown>;

const MINUTE_MS = 60_000;

/** Writes down credit that was paid for, or that was given back. */
export const orderCredit =
  (kind: 'purchase' | 'adjustment', amount: string, note: string): Act =>
  ({ call }) =>
    call(spend.createPrepaidOrder, { body: { kind, amount, note } });

/** Opens a workspace for a project: the first of its people administers it, and each has a key in it. */
export const openWorkspace =
  (name: string, people: readonly string[]): Act =>
  async ({ call, wait }, { userIds }) => {
    const { id } = await call(directory.createWorkspace, { body: { name } });
    for (const [at, person] of people.entries()) {
      wait(MINUTE_MS);
      const user_id = idOf(userIds, person);
      const workspace_role = at === 0 ? 'workspace_admin' : 'workspace_developer';
      await call(directory.addWorkspaceMember, { params: { workspace_id: id }, body: { user_id, workspace_role } });
      await call(directory.createApiKey, {
        body: { name: `${name}: ${at === 0 ? 'CI' : 'laptop'}`, user_id, workspace_id: id },
      });
    }
  };

const PREMIUM_GROUPS: readonly string[] = ['Platform', 'Research'];

/** Gives the groups that think hardest premium seats and some others standard ones. */
export const giveSeats: Act = async ({ call }, { userIds }) => {
  for (const { name, group, role } of MEMBERS) {
    if (role === null) continue;
    const seat_tier = PREMIUM_GROUPS.includes(group) ? 'premium' : group === 'Data' ? 'standard' : null;
    if (seat_tier !== null)
      await call(directory.updateUser, { params: { user_id: idOf(userIds, name) }, body: { seat_tier } });
  }
};
