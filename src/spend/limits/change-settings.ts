import { changeInTurn, countSeatTiers } from '../../directory/index.ts';
import { centsOf, type Doer, type Micros, type Period } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import type { IncludedUsage } from './rules/limit.ts';
import type { SpendSettings } from './rules/settings.ts';
import { spendSettingsStore } from './settings-store.ts';

/** A part of the settings; what is left out stays. */
export type SettingsChange = { readonly [Name in keyof SpendSettings]?: SpendSettings[Name] | undefined };

/** What each setting is called in the feed. */
const NAMES: Readonly<Record<keyof SpendSettings, string>> = {
  multiGroup: 'multi_group_spend_limit',
  takesRequests: 'spend_limit_increase_requests',
  outage: 'spend_store_outage',
  thresholds: 'spend_thresholds',
  askForMore: 'spend_ask_for_more',
};

/** Changes how limits work; answers the settings as they are stored. */
export const changeSpendSettings =
  ({ database, changePolicy, record }: SpendDeps) =>
  (change: SettingsChange, by: Doer): Promise<SpendSettings> =>
    changeInTurn(database, async (sql) => {
      const store = spendSettingsStore(sql);
      const before = await store.read();
      const after: SpendSettings = {
        multiGroup: change.multiGroup ?? before.multiGroup,
        takesRequests: change.takesRequests ?? before.takesRequests,
        outage: change.outage ?? before.outage,
        thresholds: change.thresholds === undefined ? before.thresholds : inOrder(change.thresholds),
        askForMore: change.askForMore ?? before.askForMore,
      };
      const names = Object.keys(NAMES) as (keyof SpendSettings)[];
      const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
      if (changed.length === 0) return after;
      await store.write(after);
      await changePolicy(sql, { entity: 'spend', id: 'settings' });
      await record(sql, by, {
        type: 'claude_organization_settings_updated',
        updates: changed.map((name) => ({
          type: NAMES[name],
          previous_value: before[name],
          current_value: after[name],
        })),
      });
      return after;
    });

const inOrder = (thresholds: readonly number[]): readonly number[] => [...new Set(thresholds)].sort((a, b) => a - b);

/** What a seat tier includes, with how many members have it. */
export type SeatTier = { readonly seatTier: string; readonly included: IncludedUsage | null; readonly members: number };

/** The seat tiers that members have or that include something, by name. */
export const listSeatTiers = async (sql: Sql): Promise<readonly SeatTier[]> => {
  const [included, counts] = await Promise.all([spendSettingsStore(sql).readIncluded(), countSeatTiers(sql)]);
  const tiers = [...new Set([...included.keys(), ...counts.keys()])].sort();
  return tiers.map((seatTier) => ({
    seatTier,
    included: included.get(seatTier) ?? null,
    members: counts.get(seatTier) ?? 0,
  }));
};

/** Sets what the seats of a tier include; an amount of null takes it away. */
export const setIncluded =
  ({ database, changePolicy, record }: SpendDeps) =>
  (
    { seatTier, period, amountMicros }: { seatTier: string; period: Period; amountMicros: Micros | null },
    by: Doer,
  ): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const store = spendSettingsStore(sql);
      const before = (await store.readIncluded()).get(seatTier);
      const after = amountMicros === null ? undefined : { period, amountMicros };
      if (JSON.stringify(before) === JSON.stringify(after)) return;
      if (after === undefined) await store.removeIncluded(seatTier);
      else await store.writeIncluded(seatTier, after);
      await changePolicy(sql, { entity: 'spend', id: 'included' });
      const inWords = (usage: IncludedUsage | undefined) =>
        usage === undefined ? null : { amount: centsOf(usage.amountMicros), period: usage.period };
      await record(sql, by, {
        type: 'claude_organization_settings_updated',
        updates: [
          {
            type: `included_usage_${seatTier}`,
            previous_value: inWords(before),
            current_value: inWords(after),
          },
        ],
      });
    });
