import type { Sql } from '../../platform/index.ts';
import { prepaidStore } from './prepaid/store.ts';
import { type Limit, type LimitRules, limitKey, targetOf } from './rules/limit.ts';
import type { SpendSettings } from './rules/settings.ts';
import { spendSettingsStore } from './settings-store.ts';
import { limitStore } from './store.ts';

/** The limits with the settings, as of one version of the policy; never changed, only replaced. */
export type LimitState = {
  readonly rules: LimitRules;
  readonly settings: SpendSettings;
  /** The key in `rules.limits` of each limit, by its id. */
  readonly keys: ReadonlyMap<string, string>;
};

/** Ids of changes that are about a limit begin so; any other is about the settings, the seats or the balance. */
const LIMIT_ID = 'spl_';

/** Ids per statement; both engines take more. */
const IDS_PER_READING = 1000;

const keyOf = ({ scope, period }: Limit): string => limitKey(scope.type, targetOf(scope), period);

const readRest = async (sql: Sql) => {
  const store = spendSettingsStore(sql);
  const [settings, included, prepaid] = await Promise.all([
    store.read(),
    store.readIncluded(),
    prepaidStore(sql).readPrepaid(),
  ]);
  return { settings, included, multiGroup: settings.multiGroup, prepaid };
};

/** Reads everything that decides who may spend how much. */
export const readLimitState = async (sql: Sql): Promise<LimitState> => {
  const [limits, { settings, ...rest }] = await Promise.all([limitStore(sql).readAll(), readRest(sql)]);
  return {
    rules: { limits: new Map(limits.map((limit) => [keyOf(limit), limit])), ...rest },
    settings,
    keys: new Map(limits.map((limit) => [limit.id, keyOf(limit)])),
  };
};

/** The next state: rereads only what changes of policy with these ids touched. */
export const rereadLimitState = async (
  sql: Sql,
  before: LimitState,
  changed: ReadonlySet<string>,
): Promise<LimitState> => {
  const ids = [...changed].filter((id) => id.startsWith(LIMIT_ID));
  const { settings, ...rest } = ids.length === changed.size ? restOf(before) : await readRest(sql);
  if (ids.length === 0) return { ...before, rules: { ...before.rules, ...rest }, settings };
  const [limits, keys] = [new Map(before.rules.limits), new Map(before.keys)];
  for (const id of ids) {
    limits.delete(keys.get(id) ?? '');
    keys.delete(id);
  }
  for (let at = 0; at < ids.length; at += IDS_PER_READING)
    for (const limit of await limitStore(sql).readSome(ids.slice(at, at + IDS_PER_READING))) {
      limits.set(keyOf(limit), limit);
      keys.set(limit.id, keyOf(limit));
    }
  return { rules: { limits, ...rest }, settings, keys };
};

const restOf = ({ rules: { included, multiGroup, prepaid }, settings }: LimitState) => ({
  settings,
  included,
  multiGroup,
  prepaid,
});
