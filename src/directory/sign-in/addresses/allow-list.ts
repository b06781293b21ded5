import { Refusal } from '../../../kernel/index.ts';
import { createRangeMatcher, type Sql } from '../../../platform/index.ts';
import type { SignInTables } from '../tables.ts';
import type { Surface } from './contract.ts';

/** A range with what somebody wrote beside it. */
export type AllowListEntry = { readonly range: string; readonly note: string };

export type AllowList = { readonly entries: readonly AllowListEntry[]; readonly surfaces: readonly Surface[] };

/** The allow-list made ready for the hot path: without one in force it costs a comparison. */
export type CompiledAllowList = {
  readonly covers: ReadonlySet<Surface>;
  readonly allows: (address: string | null) => boolean;
};

/** Where the allow-list lives; there is one. */
export const allowListStore = (sql: Sql) => {
  const tables = sql.tables<SignInTables>();
  return {
    read: async (): Promise<AllowList> => {
      const row = await tables.selectFrom('ip_allow_list').selectAll().executeTakeFirstOrThrow();
      return {
        entries: JSON.parse(row.entries) as AllowListEntry[],
        surfaces: JSON.parse(row.surfaces) as Surface[],
      };
    },
    write: async ({ entries, surfaces }: AllowList): Promise<void> => {
      await tables
        .updateTable('ip_allow_list')
        .set({ entries: JSON.stringify(entries), surfaces: JSON.stringify(surfaces) })
        .execute();
    },
  };
};

const REMEMBERED_MAX = 10_000;

/** Makes a list ready. Answers are remembered per address, and forgotten with the list. */
export const compileAllowList = ({ entries, surfaces }: AllowList): CompiledAllowList => {
  const matches = createRangeMatcher(entries.map(({ range }) => range));
  const known = new Map<string, boolean>();
  return {
    covers: new Set(entries.length === 0 ? [] : surfaces),
    allows: (address) => {
      if (address === null) return false;
      const before = known.get(address);
      if (before !== undefined) return before;
      if (known.size >= REMEMBERED_MAX) known.clear();
      const isAllowed = matches(address);
      known.set(address, isAllowed);
      return isAllowed;
    },
  };
};

/** Reads the allow-list and makes it ready. */
export const readAllowList = async (sql: Sql): Promise<CompiledAllowList> =>
  compileAllowList(await allowListStore(sql).read());

/** Refuses a request that comes from an address the list does not hold; nobody knows where it came from is one too. */
export const refuseAddress = (list: CompiledAllowList, surface: Surface, address: string | null): void => {
  if (!list.covers.has(surface) || list.allows(address)) return;
  throw new Refusal(
    'permission_denied',
    `Your organisation does not allow the address ${address ?? 'you come from'}. Use an allowed network, or ask an administrator to add it.`,
    { details: { error_code: 'ip_address_not_allowed', ip_address: address } },
  );
};
