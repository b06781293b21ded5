import type { NewActivity } from '../../../activity/index.ts';
import { type Doer, Refusal } from '../../../kernel/index.ts';
import { parseRange, type Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { type AllowList, allowListStore, compileAllowList } from './allow-list.ts';

const isOn = ({ entries, surfaces }: AllowList): boolean => entries.length > 0 && surfaces.length > 0;

const refuseBadRanges = ({ entries }: AllowList): void => {
  const bad = entries.filter(({ range }) => parseRange(range) === undefined).map(({ range }) => range);
  if (bad.length > 0)
    throw new Refusal(
      'invalid_request',
      `${bad.map((range) => `“${range}”`).join(', ')} ${bad.length === 1 ? 'is' : 'are'} no address and no range such as 192.0.2.0/24 or 2001:db8::/32.`,
      { details: { error_code: 'ip_range_invalid', ranges: bad } },
    );
};

/** What would keep whoever asks from undoing the change again. */
const refuseLockOut = (list: AllowList, { ipAddress }: Doer): void => {
  const { covers, allows } = compileAllowList(list);
  const isCovered = covers.has('console') || covers.has('api');
  if (isCovered && !allows(ipAddress))
    throw new Refusal(
      'conflict',
      `The list does not hold your own address, ${ipAddress ?? 'which is not known'}: you would lock yourself out. Add it, or confirm that you mean it.`,
      { details: { error_code: 'would_lock_you_out', ip_address: ipAddress } },
    );
};

const writeIn =
  ({ changePolicy, record }: Pick<DirectoryDeps, 'changePolicy' | 'record'>) =>
  async (sql: Sql, wanted: AllowList, by: Doer): Promise<void> => {
    const store = allowListStore(sql);
    const before = await store.read();
    await store.write(wanted);
    await changePolicy(sql, { entity: 'allow_list', id: 'ip_allow_list' });
    await record(sql, by, whatHappened(before, wanted));
  };

const whatHappened = (before: AllowList, after: AllowList): NewActivity => {
  const updates = [
    { type: 'entries', previous_value: before.entries, current_value: after.entries },
    { type: 'surfaces', previous_value: before.surfaces, current_value: after.surfaces },
  ];
  if (!isOn(before) && isOn(after)) return { type: 'org_ip_restriction_created', updates };
  if (isOn(before) && !isOn(after)) return { type: 'org_ip_restriction_deleted', updates };
  return { type: 'org_ip_restriction_updated', updates };
};

/** Replaces the allow-list. Unless forced, refuses (`conflict`) a list that does not hold the caller's own address. */
export const changeAllowList =
  (deps: DirectoryDeps) =>
  (wanted: AllowList, { force, by }: { readonly force: boolean; readonly by: Doer }): Promise<void> => {
    refuseBadRanges(wanted);
    if (!force) refuseLockOut(wanted, by);
    return changeInTurn(deps.database, (sql) => writeIn(deps)(sql, wanted, by));
  };

/** Lets everybody in again, keeping what the list holds; within a change that has its turn. */
export const switchOffAllowListIn =
  (deps: Pick<DirectoryDeps, 'changePolicy' | 'record'>) =>
  async (sql: Sql, by: Doer): Promise<void> => {
    const before = await allowListStore(sql).read();
    if (isOn(before)) await writeIn(deps)(sql, { ...before, surfaces: [] }, by);
  };
