import type { NewActivity } from '../../../activity/index.ts';
import { changeInTurn } from '../../../directory/index.ts';
import { type Doer, Refusal } from '../../../kernel/index.ts';
import type { SpendDeps } from '../../deps.ts';
import { type PrepaidSettings, prepaidStore } from './store.ts';

/** A part of the settings; what is left out stays. */
export type PrepaidChange = {
  readonly isEnabled?: boolean | undefined;
  readonly mode?: PrepaidSettings['mode'] | undefined;
  readonly autoReload?: PrepaidSettings['autoReload'] | undefined;
};

/** Changes whether spend counts against the prepaid balance, and when more is bought. */
export const changePrepaid =
  ({ database, changePolicy, record }: SpendDeps) =>
  (change: PrepaidChange, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const store = prepaidStore(sql);
      const before = await store.readSettings();
      const after: PrepaidSettings = {
        isEnabled: change.isEnabled ?? before.isEnabled,
        mode: change.mode ?? before.mode,
        autoReload: change.autoReload ?? before.autoReload,
      };
      if (after.autoReload.isOn && after.autoReload.amountMicros === 0)
        throw new Refusal('invalid_request', 'Say how much to buy at a time before credit is bought by itself.');
      const happened = whatHappened(before, after);
      if (happened.length === 0) return;
      await store.writeSettings(after);
      await changePolicy(sql, { entity: 'spend', id: 'prepaid' });
      await record(sql, by, ...happened);
    });

const whatHappened = (before: PrepaidSettings, after: PrepaidSettings): readonly NewActivity[] => {
  const settings = (['isEnabled', 'mode'] as const).filter((name) => before[name] !== after[name]);
  const names = { isEnabled: 'prepaid_balance', mode: 'prepaid_balance_mode' } as const;
  return [
    ...(settings.length === 0
      ? []
      : [
          {
            type: 'claude_organization_settings_updated' as const,
            updates: settings.map((name) => ({
              type: names[name],
              previous_value: before[name],
              current_value: after[name],
            })),
          },
        ]),
    ...reloadChanged(before.autoReload, after.autoReload),
  ];
};

const reloadChanged = (
  before: PrepaidSettings['autoReload'],
  after: PrepaidSettings['autoReload'],
): readonly NewActivity[] => {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before.isOn === after.isOn) return [{ type: 'prepaid_extra_usage_auto_reload_settings_updated' }];
  return [
    { type: after.isOn ? 'prepaid_extra_usage_auto_reload_enabled' : 'prepaid_extra_usage_auto_reload_disabled' },
  ];
};
