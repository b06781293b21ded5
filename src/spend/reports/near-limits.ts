import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Snapshot } from '../../access/index.ts';
import { readNames } from '../../directory/index.ts';
import { dayOf, type Micros, type Period, windowEnd } from '../../kernel/index.ts';
import { cursorPage, readCursor } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { type Account, ORGANISATION } from '../ledger/rules/account.ts';
import type { Ceiling } from '../ledger/rules/ceiling.ts';
import type { LimitRules, ScopeType } from '../limits/rules/limit.ts';
import { resolveBounds, type Spender } from '../limits/rules/resolve-bounds.ts';
import type { AccountSum } from '../months/month-store.ts';
import { toCents } from '../wire.ts';
import type { NearLimit } from './contract.ts';
import { createRemember } from './remember.ts';
import { percentUsed, pickNear, type Standing } from './rules/near-limits.ts';
import { reportStore } from './store.ts';

type Deps = Pick<SpendDeps, 'database' | 'policy' | 'spendPolicy' | 'now'>;

const NOBODY: Spender = { userId: null, keyId: '', workspaceId: null, groupIds: [], seatTier: null };

/** Whose accounts limits of a scope stand on. What sessions have is forgotten with them. */
const KIND_OF_SCOPE: { readonly [T in ScopeType]: string | null } = {
  organization: 'user',
  seat_tier: 'user',
  rbac_group: 'user',
  user: 'user',
  workspace: 'workspace',
  organization_total: ORGANISATION,
  rbac_group_pool: 'pool',
  api_key: 'key',
  session: null,
};

/** Limits on accounts of one kind in one period; nobody is near one who has spent less than a part of the least of them. */
type Question = { readonly kind: string; readonly period: Period; leastMicros: Micros };

/** What has to be asked of the counters. */
const questionsOf = ({ limits }: LimitRules): readonly Question[] => {
  const questions = new Map<string, Question>();
  for (const { scope, period, amountMicros, isEnabled } of limits.values()) {
    const kind = KIND_OF_SCOPE[scope.type];
    if (kind === null || period === null || amountMicros === null || !isEnabled) continue;
    const known = questions.get(`${kind} ${period}`);
    if (known === undefined) questions.set(`${kind} ${period}`, { kind, period, leastMicros: amountMicros });
    else known.leastMicros = Math.min(known.leastMicros, amountMicros);
  }
  return [...questions.values()];
};

const kindOf = (account: Account): string => account.split(':', 1)[0] ?? account;
const idOf = (account: Account): string => account.slice(account.indexOf(':') + 1);

/** Whoever spends from an account; undefined for one nobody spends from any more. */
const spenderOn = ({ members, credentials, workspaces, groups }: Snapshot, account: Account): Spender | undefined => {
  const id = idOf(account);
  switch (kindOf(account)) {
    case ORGANISATION:
      return NOBODY;
    case 'user': {
      const member = members.get(id);
      return member && { ...NOBODY, userId: id, groupIds: member.groupIds, seatTier: member.seatTier };
    }
    case 'pool':
      return groups.has(id) ? { ...NOBODY, groupIds: [id] } : undefined;
    case 'workspace':
      return workspaces.has(id) ? { ...NOBODY, workspaceId: id } : undefined;
    case 'key':
      return credentials.get(id)?.isActive === true ? { ...NOBODY, keyId: id } : undefined;
    default:
      return undefined;
  }
};

/** The limit that stands on an account in a period: the lowest, where there are several. */
export const ceilingOn = (
  snapshot: Snapshot,
  rules: LimitRules,
  account: Account,
  period: Period,
): Ceiling | undefined => {
  const spender = spenderOn(snapshot, account);
  if (spender === undefined) return undefined;
  return resolveBounds(rules, spender)
    .ceilings.filter((one) => one.account === account && one.period === period)
    .reduce<Ceiling | undefined>(
      (low, one) => (low === undefined || one.amountMicros < low.amountMicros ? one : low),
      undefined,
    );
};

/** So many accounts are looked at before others have their turn. */
const ACCOUNTS_AT_ONCE = 500;

const standingsOf = (
  snapshot: Snapshot,
  rules: LimitRules,
  period: Period,
  found: readonly AccountSum[],
): readonly Standing[] =>
  found.flatMap(({ account, micros }) => {
    const ceiling = ceilingOn(snapshot, rules, account, period);
    if (ceiling === undefined) return [];
    const { limitId, scope, amountMicros } = ceiling;
    return [{ limitId, scopeType: scope.type, account, period, amountMicros, usedMicros: micros }];
  });

/** Answers who has used so much of a limit, in percent; others may be among them. */
export type ReadStandings = (percent: number) => Promise<readonly Standing[]>;

/** Reads who has used how much of a limit. What takes long to read is reused for a while, as in the other reports. */
export const createReadStandings = (
  { database, policy, spendPolicy, now }: Deps,
  elapsedMs: () => number = () => performance.now(),
): ReadStandings => {
  const store = reportStore(database);
  const remember = createRemember<readonly Standing[]>(elapsedMs);

  const read = async (percent: number): Promise<readonly Standing[]> => {
    const today = dayOf(now());
    const standings: Standing[] = [];
    for (const { kind, period, leastMicros } of questionsOf(spendPolicy.rules)) {
      const floorMicros = Math.max(1, Math.ceil((leastMicros * percent) / 100));
      const found = await store.readWindow(kind, period, { today, floorMicros });
      for (let at = 0; at < found.length; at += ACCOUNTS_AT_ONCE) {
        const [snapshot, { rules }] = [policy.current(), spendPolicy];
        standings.push(...standingsOf(snapshot, rules, period, found.slice(at, at + ACCOUNTS_AT_ONCE)));
        await nextTurn();
      }
    }
    return standings;
  };
  return (percent) => remember(`${percent} ${policy.current().version} ${dayOf(now())}`, () => read(percent));
};

const SUBJECT_TYPES: Readonly<Record<string, NearLimit['subject']['type']>> = {
  user: 'user',
  pool: 'rbac_group',
  workspace: 'workspace',
  key: 'api_key',
};

/** Standings with the names of whom they are about. */
export const nameStandings = async (
  { database, now }: Pick<Deps, 'database' | 'now'>,
  standings: readonly Standing[],
): Promise<readonly NearLimit[]> => {
  const ids = (kind: string) =>
    standings
      .map(({ account }) => account)
      .filter((account) => kindOf(account) === kind)
      .map(idOf);
  const names = await readNames(database, {
    members: [...new Set(ids('user'))],
    groups: [...new Set(ids('pool'))],
    workspaces: [...new Set(ids('workspace'))],
    apiKeys: [...new Set(ids('key'))],
  });
  const lists = { user: names.members, rbac_group: names.groups, workspace: names.workspaces, api_key: names.apiKeys };
  const subjectOf = (account: Account): NearLimit['subject'] => {
    const type = SUBJECT_TYPES[kindOf(account)] ?? 'organization';
    if (type === 'organization') return { type, id: account, name: 'The organisation', email: null };
    const id = idOf(account);
    const email = type === 'user' ? (names.members.get(id)?.email ?? null) : null;
    return { type, id, name: lists[type].get(id)?.name || id, email };
  };
  return standings.map((one) => ({
    type: 'near_limit',
    limit_id: one.limitId,
    scope_type: one.scopeType,
    subject: subjectOf(one.account),
    period: one.period,
    limit_amount: toCents(one.amountMicros),
    used_amount: toCents(one.usedMicros),
    percent: percentUsed(one),
    resets_at: new Date(windowEnd(one.period, now())).toISOString(),
  }));
};

type Query = { readonly percent: number; readonly limit: number; readonly page?: string | undefined };

/** One page of those who are near a limit or have reached one, the nearest first. */
export const listNear =
  (deps: Deps, readStandings: ReadStandings) =>
  async ({ percent, limit, page }: Query) => {
    const filters = { list: 'near_limits', percent };
    const from = Number(readCursor(page, filters)?.[0] ?? 0);
    const near = pickNear(await readStandings(percent), percent);
    const rows = near.slice(from, from + limit + 1).map((standing, at) => ({ standing, end: String(from + at + 1) }));
    const cut = cursorPage(
      rows,
      { limit, filters },
      { toItem: ({ standing }) => standing, positionOf: ({ end }) => [end] },
    );
    return { ...cut, data: [...(await nameStandings(deps, cut.data))], count: near.length };
  };
