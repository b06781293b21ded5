import type { Snapshot } from '../../access/index.ts';
import { readNames } from '../../directory/index.ts';
import { dayOf, type Micros, type Period, windowEnd } from '../../kernel/index.ts';
import { cursorPage, readCursor } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import type { Account } from '../ledger/rules/account.ts';
import type { Ceiling } from '../ledger/rules/ceiling.ts';
import type { LimitRules } from '../limits/rules/limit.ts';
import { resolveBounds } from '../limits/rules/resolve-bounds.ts';
import type { SpenderFacts } from '../limits/spend-policy.ts';
import { toCents } from '../wire.ts';
import type { NearLimit } from './contract.ts';
import { createRemember } from './remember.ts';
import { percentUsed, pickNear, type Standing } from './rules/near-limits.ts';
import { reportStore } from './store.ts';

type Deps = Pick<SpendDeps, 'database' | 'policy' | 'spendPolicy' | 'now'>;

type Bound = Ceiling & { readonly period: Period };

const NOBODY: SpenderFacts = {
  userId: null,
  groupId: null,
  keyId: '',
  workspaceId: null,
  sessionId: null,
  groupIds: [],
  seatTier: null,
};

/** Everybody whom a limit can bind: members, then keys (service keys with their group), then workspaces. */
function* spendersOf({ members, credentials, workspaces }: Snapshot): Generator<SpenderFacts> {
  const facts = (id: string) => {
    const member = members.get(id);
    return { userId: id, groupIds: member?.groupIds ?? [], seatTier: member?.seatTier ?? null };
  };
  for (const id of members.keys()) yield { ...NOBODY, ...facts(id) };
  for (const { id, kind, isActive, userId, groupId, workspaceId } of credentials.values()) {
    if (!isActive || kind === 'admin') continue;
    const key = { ...NOBODY, keyId: id, workspaceId };
    if (userId !== null) yield { ...key, ...facts(userId) };
    else yield { ...key, groupId, groupIds: groupId === null ? [] : [groupId] };
  }
  for (const { id } of workspaces.values()) yield { ...NOBODY, workspaceId: id };
}

const keyOf = (account: Account, period: Period): string => `${account} ${period}`;

/** Every limit that binds anybody in a period, once for each account and period: the lowest, where several stand on one. */
const boundsOf = (snapshot: Snapshot, rules: LimitRules): ReadonlyMap<string, Bound> => {
  const found = new Map<string, Bound>();
  for (const spender of spendersOf(snapshot))
    for (const ceiling of resolveBounds(rules, spender).ceilings) {
      const { period, account } = ceiling;
      if (period === null) continue;
      const known = found.get(keyOf(account, period));
      if (known === undefined || ceiling.amountMicros < known.amountMicros)
        found.set(keyOf(account, period), { ...ceiling, period });
    }
  return found;
};

/** Limits on accounts of one kind in one period; nobody is near one who has spent less than a part of the least of them. */
type Question = { readonly kind: string; readonly period: Period; leastMicros: Micros };

const questionsOf = (bounds: Iterable<Bound>): readonly Question[] => {
  const questions = new Map<string, Question>();
  for (const { account, period, amountMicros } of bounds) {
    const kind = kindOf(account);
    const known = questions.get(keyOf(kind, period));
    if (known === undefined) questions.set(keyOf(kind, period), { kind, period, leastMicros: amountMicros });
    else known.leastMicros = Math.min(known.leastMicros, amountMicros);
  }
  return [...questions.values()];
};

type Asked = { readonly bounds: ReadonlyMap<string, Bound>; readonly questions: readonly Question[] };

/** What is asked of the counters, reckoned anew only when the policy or the limits are others. */
const createAsk = ({ policy, spendPolicy }: Pick<Deps, 'policy' | 'spendPolicy'>) => {
  let known: { readonly snapshot: Snapshot; readonly rules: LimitRules; readonly asked: Asked } | undefined;
  return (): Asked => {
    const snapshot = policy.current();
    const { rules } = spendPolicy;
    if (known?.snapshot !== snapshot || known.rules !== rules) {
      const bounds = boundsOf(snapshot, rules);
      known = { snapshot, rules, asked: { bounds, questions: questionsOf(bounds.values()) } };
    }
    return known.asked;
  };
};

const kindOf = (account: Account): string => account.split(':')[0] ?? account;
const idOf = (account: Account): string => account.slice(account.indexOf(':') + 1);

/** Answers who has used so much of a limit, in percent; others may be among them. */
export type ReadStandings = (percent: number) => Promise<readonly Standing[]>;

/** Reads who has used how much of a limit. What takes long to read is reused for a while, as in the other reports. */
export const createReadStandings = (
  { database, policy, spendPolicy, now }: Deps,
  elapsedMs: () => number = () => performance.now(),
): ReadStandings => {
  const store = reportStore(database);
  const remember = createRemember<readonly Standing[]>(elapsedMs);
  const ask = createAsk({ policy, spendPolicy });

  const read = async (percent: number): Promise<readonly Standing[]> => {
    const { bounds, questions } = ask();
    const today = dayOf(now());
    const standings: Standing[] = [];
    for (const { kind, period, leastMicros } of questions) {
      const floorMicros = Math.max(1, Math.ceil((leastMicros * percent) / 100));
      for (const { account, micros } of await store.readWindow(kind, period, { today, floorMicros })) {
        const bound = bounds.get(keyOf(account, period));
        if (bound === undefined) continue;
        const { limitId, scope, amountMicros } = bound;
        standings.push({ limitId, scopeType: scope.type, account, period, amountMicros, usedMicros: micros });
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
