import { hash } from 'node:crypto';
import type { AppendTable, SharedRow, Sql } from '../../platform/index.ts';
import { type Account, isOfSession } from './rules/account.ts';
import type { LedgerTables } from './tables.ts';

const HELD_ACCOUNTS: AppendTable = { name: 'held_accounts', columns: ['id', 'accounts'] };

/** A list of accounts as the journal stores it once, for all reservations that hold one amount in all of them. */
export type SharedAccounts = { readonly id: string; readonly row: SharedRow };

const PREFIX = 'held_';

/** 144 bits, as for kinds of requests. */
const ID_LENGTH = 24;

const IDS_PER_READING = 1000;

/** They are the same list for most requests of a caller. */
const shared = new WeakMap<readonly Account[], SharedAccounts>();

/**
 * Makes a list ready to be stored: keep the list, and pass the same one with every reservation it belongs to. Answers
 * undefined for one with a session in it: there are as many of those as clients like, and few requests have the same.
 */
export const shareAccounts = (accounts: readonly Account[]): SharedAccounts | undefined => {
  const before = shared.get(accounts);
  if (before !== undefined) return before;
  if (accounts.some(isOfSession)) return undefined;
  const text = JSON.stringify(accounts);
  const id = PREFIX + hash('sha256', text, 'base64url').slice(0, ID_LENGTH);
  const made = { id, row: { table: HELD_ACCOUNTS, row: [id, text] } };
  shared.set(accounts, made);
  return made;
};

const readLists = async (sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const lists = new Map<string, string>();
  for (let at = 0; at < ids.length; at += IDS_PER_READING) {
    const rows = await sql
      .tables<LedgerTables>()
      .selectFrom('held_accounts')
      .selectAll()
      .where('id', 'in', ids.slice(at, at + IDS_PER_READING))
      .execute();
    for (const { id, accounts } of rows) lists.set(id, accounts);
  }
  return lists;
};

/** Rows of reservations with their accounts as JSON, wherever that was stored. */
export const spellOut = async <Row extends { readonly accounts: string | null }>(
  sql: Sql,
  rows: readonly Row[],
): Promise<readonly Row[]> => {
  const ids = new Set<string>();
  for (const { accounts } of rows) if (accounts?.startsWith(PREFIX)) ids.add(accounts);
  if (ids.size === 0) return rows;
  const lists = await readLists(sql, [...ids]);
  return rows.map((row) => {
    if (row.accounts === null || !ids.has(row.accounts)) return row;
    const accounts = lists.get(row.accounts);
    if (accounts === undefined) throw new Error(`held_accounts has no ${row.accounts}, which a reservation refers to`);
    return { ...row, accounts };
  });
};
