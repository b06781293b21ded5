import { type Person, readActivePeople, readCredentials, readNames } from '../../directory/index.ts';
import { DAY_MS } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { Ceiling } from '../ledger/rules/ceiling.ts';
import type { NoticeEvent } from './contract.ts';
import { type Crossing, markOf, percentOf } from './crossing.ts';
import type { NoticeDeps } from './deps.ts';
import { highestReached } from './rules/threshold.ts';
import { type CrossedFacts, type Holder, tellAdministrators, tellMember } from './rules/words.ts';
import { noticeStore } from './store.ts';
import { tell } from './tell.ts';

/** Whose limit it is; `person` is set where it is one member's, undefined inside when they are no active member. */
type Held = { readonly holder: Holder; readonly member?: { readonly person: Person | undefined } };

const heldByUser = async (sql: Sql, userId: string): Promise<Held> => {
  const [person] = await readActivePeople(sql, [userId]);
  return { holder: { kind: 'member', name: person?.name ?? userId, email: person?.email ?? '' }, member: { person } };
};

const heldByKey = async (sql: Sql, keyId: string): Promise<Held> => {
  const [key] = await readCredentials(sql, [keyId]);
  const name = (await readNames(sql, { apiKeys: [keyId] })).apiKeys.get(keyId)?.name ?? keyId;
  const holder = { kind: 'key' as const, name };
  if (key === undefined || key.userId === null) return { holder };
  const [person] = await readActivePeople(sql, [key.userId]);
  return { holder, member: { person } };
};

const idIn = (account: string): string => account.slice(account.indexOf(':') + 1);

/** Undefined for what nobody is told of: a session ends by itself. */
const readHeld = async (sql: Sql, { scope, account }: Ceiling): Promise<Held | undefined> => {
  switch (scope.type) {
    case 'organization_total':
    case 'usage_tier':
      return { holder: { kind: 'organization' } };
    case 'prepaid':
      return { holder: { kind: 'prepaid' } };
    case 'rbac_group_pool': {
      const { groups } = await readNames(sql, { groups: [scope.groupId] });
      return { holder: { kind: 'group', name: groups.get(scope.groupId)?.name ?? scope.groupId } };
    }
    case 'workspace': {
      const { workspaces } = await readNames(sql, { workspaces: [scope.workspaceId] });
      return { holder: { kind: 'workspace', name: workspaces.get(scope.workspaceId)?.name ?? scope.workspaceId } };
    }
    case 'api_key':
      return heldByKey(sql, scope.keyId);
    case 'organization':
    case 'seat_tier':
    case 'rbac_group':
    case 'user':
      return heldByUser(sql, idIn(account));
    case 'session':
      return undefined;
    default:
      return scope satisfies never;
  }
};

const eventOf = ({ scope }: Ceiling, percent: number): NoticeEvent => {
  if (scope.type === 'prepaid') return 'balance_low';
  return percent >= 100 ? 'limit_reached' : 'threshold_crossed';
};

const dataOf = ({ ceiling }: Crossing, { percent, spentMicros, amountMicros, period, endsAt }: CrossedFacts) => ({
  spend_limit_id: ceiling.limitId,
  scope: ceiling.scope.type,
  account: ceiling.account,
  period,
  percent,
  spent_micros: spentMicros,
  amount_micros: amountMicros,
  resets_at: endsAt === null ? null : new Date(endsAt).toISOString(),
});

/** The highest threshold that is reached, of the organisation's and of those the ceiling's own ladder adds. */
export const reachedOf = ({ thresholds }: Pick<NoticeDeps, 'thresholds'>, crossing: Crossing): number | undefined => {
  const steps = crossing.ceiling.ladder.flatMap((step) => (step.action === 'notify' ? [step.atPercent] : []));
  return highestReached(percentOf(crossing), [...thresholds(), ...steps]);
};

/**
 * Tells of the highest threshold that is reached, unless that one or a higher one has been told of in this window. Mark
 * and notice are written together, so that of many nodes and processes one does it.
 */
export const writeCrossing =
  (deps: NoticeDeps) =>
  (crossing: Crossing, at: number): Promise<void> =>
    deps.database.transaction(async (sql) => {
      const { ceiling, window, spentMicros } = crossing;
      const percent = reachedOf(deps, crossing);
      if (percent === undefined || !(await noticeStore(sql).raiseMark(markOf(crossing), percent, at))) return;
      const held = await readHeld(sql, ceiling);
      if (held === undefined) return;
      const facts: CrossedFacts = {
        holder: held.holder,
        percent,
        spentMicros,
        amountMicros: ceiling.amountMicros,
        period: ceiling.period,
        endsAt: window === null ? null : window.until * DAY_MS,
        at,
        consoleUrl: deps.publicUrl(),
      };
      await tell(deps, sql, {
        key: `${markOf(crossing)} ${percent}`,
        event: eventOf(ceiling, percent),
        words: tellAdministrators(facts),
        ...(held.member === undefined ? {} : { member: { ...held.member, words: tellMember(facts) } }),
        data: dataOf(crossing, facts),
      });
    });
