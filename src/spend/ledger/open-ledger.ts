import type { Database } from '../../platform/index.ts';
import { openEmbeddedLedger } from './embedded-ledger.ts';
import type { Ledger } from './ledger.ts';
import { openSharedLedger } from './shared-ledger.ts';

/** The ledger as the database asks for it: in memory where one process owns the database, in its rows where many do. */
export const openLedger = async (options: {
  readonly database: Database;
  readonly node: string;
  readonly now: () => number;
}): Promise<Ledger> =>
  options.database.engine === 'sqlite'
    ? openEmbeddedLedger(options.database, options.now)
    : openSharedLedger(options.database, options.node);
