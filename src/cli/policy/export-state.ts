import { getModelMatrix } from '../../access/contract.ts';
import { listUsers } from '../../directory/contract.ts';
import type { Call } from '../../platform/contract.ts';
import { mapAtOnce, readIdPages } from '../pages.ts';
import { readKeys, readKeysById } from './read-money.ts';
import { readOwnRoles, readState } from './read-state.ts';
import type { LimitedState } from './rules/money-state.ts';
import type { MemberState, State } from './rules/state.ts';

const BATCH = 200;

/**
 * The members who have custom roles of their own. Only asking for each member finds them, so it ends once as many
 * attachments are found as the roles say there are.
 */
const readAttached = async (call: Call): Promise<readonly MemberState[]> => {
  const { roles } = await call(getModelMatrix);
  let missing = roles.reduce((sum, { member_count }) => sum + member_count, 0);
  if (missing === 0) return [];
  const users = await readIdPages((query) => call(listUsers, { query }));
  // Custom roles are for members who are Custom, so those come first.
  const likelyFirst = users.toSorted((one, other) => Number(other.role === 'managed') - Number(one.role === 'managed'));
  const found: MemberState[] = [];
  for (let start = 0; start < likelyFirst.length && missing > 0; start += BATCH) {
    const members = await mapAtOnce(likelyFirst.slice(start, start + BATCH), async ({ id, email, role }) => ({
      ...{ id, email, organisationRole: role },
      roleIds: await readOwnRoles(call, id),
    }));
    found.push(...members.filter(({ roleIds }) => roleIds.length > 0));
    missing -= members.reduce((sum, { roleIds }) => sum + roleIds.length, 0);
  }
  return found;
};

/** The ids of those who have a limit of spend or rates of their own. */
const limitedIds = ({ limits, rates }: State, type: 'user' | 'api_key'): ReadonlySet<string> =>
  new Set([...limits, ...(rates?.overrides ?? [])].flatMap((one) => (one.type === type ? [one.target] : [])));

/** The members who have a limit of their own. */
const readLimited = async (call: Call, state: State): Promise<readonly MemberState[]> => {
  const ids = limitedIds(state, 'user');
  if (ids.size === 0) return [];
  const users = await readIdPages((query) => call(listUsers, { query }));
  return users
    .filter(({ id }) => ids.has(id))
    .map(({ id, email, role }) => ({ id, email, organisationRole: role, roleIds: null }));
};

/** The keys that have a limit of their own, with every other of the same name: it decides how they are called. */
const readLimitedKeys = async (call: Call, state: State): Promise<readonly LimitedState[]> => {
  const limited = await readKeysById(call, [...limitedIds(state, 'api_key')]);
  return readKeys(call, [...new Set(limited.map(({ name }) => name))]);
};

const withLimited = (attached: readonly MemberState[], limited: readonly MemberState[]): readonly MemberState[] => [
  ...attached,
  ...limited.filter(({ id }) => !attached.some((member) => member.id === id)),
];

/** The whole organisation, as far as a policy file can say it. */
export const readWholeState = async (call: Call): Promise<State> => {
  const state = await readState(call, {
    hasMembersOf: () => true,
    hasPermissionsOf: () => true,
    emails: [],
    emailsWithRoles: [],
    hasConnectors: true,
    hasLimits: true,
    spend: { settings: true, prepaid: true, included: true },
    hasRates: true,
    hasWorkspaces: true,
    keys: [],
    hasCapabilities: true,
    tabsOf: () => ({ capabilities: true, permissions: true, connectors: true }),
  });
  return {
    ...state,
    members: withLimited(await readAttached(call), await readLimited(call, state)),
    keys: await readLimitedKeys(call, state),
  };
};
