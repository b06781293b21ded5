import type { Update } from '../../../activity/index.ts';
import { type Doer, Refusal } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { memberStore } from '../../members/store.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { accountStore } from '../accounts/store.ts';
import { needsWayIn } from '../providers/refuse-unsafe.ts';
import { providerStore } from '../providers/store.ts';
import { type StoredSettings, settingsStore } from './store.ts';

/** The rules to change, and the whole list of emergency accounts where that is to change. */
export type SettingsChanges = { readonly [Key in keyof StoredSettings]?: StoredSettings[Key] | undefined } & {
  readonly break_glass_user_ids?: readonly string[] | undefined;
};

/**
 * Changes rules of signing in. Emergency accounts must be owners who have a password here, and one must stay while a
 * provider is the only way in.
 */
export const updateSettings =
  ({ database, record, now }: DirectoryDeps) =>
  (changes: SettingsChanges, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const store = settingsStore(sql);
      const { break_glass_user_ids: wantedIds, ...wanted } = changes;
      const before = await store.read();
      const beforeIds = await store.breakGlassIds();
      const after: StoredSettings = { ...before, ...withoutUndefined(wanted) };
      await store.update(after);
      if (wantedIds !== undefined) {
        for (const id of wantedIds) if (!beforeIds.includes(id)) await refuseUnfit(sql, id);
        await store.keepBreakGlass(wantedIds);
        for (const id of wantedIds) await store.addBreakGlass(id, now());
        if (await providerStore(sql).isAnyEnforced()) await needsWayIn(sql);
      }
      const updates = [
        ...differences(before, after),
        ...(wantedIds === undefined
          ? []
          : [{ type: 'break_glass_user_ids', previous_value: beforeIds, current_value: wantedIds }]),
      ];
      await record(sql, by, { type: 'remit_sign_in_settings_updated', updates });
    });

const withoutUndefined = <T extends object>(given: T): Partial<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;

const differences = (before: StoredSettings, after: StoredSettings): readonly Update[] =>
  (Object.keys(after) as (keyof StoredSettings)[])
    .filter((key) => before[key] !== after[key])
    .map((key) => ({ type: key, previous_value: before[key], current_value: after[key] }));

const refuseUnfit = async (sql: Sql, userId: string): Promise<void> => {
  const member = await memberStore(sql).find(userId);
  const isOwner = member?.role === 'owner' || member?.role === 'primary_owner';
  if (!isOwner)
    throw new Refusal(
      'invalid_request',
      `${member?.email ?? userId} is not an owner; only owners can be emergency accounts.`,
    );
  if ((await accountStore(sql).findPassword(userId)) === undefined)
    throw new Refusal('conflict', `${member.email} has no password here. Make a sign-in link for them first.`);
};
