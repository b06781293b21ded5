import type { AccessTables } from '../../../access/index.ts';
import { type Day, dayOf, type Period, windowOf } from '../../../kernel/index.ts';
import type { Database } from '../../../platform/index.ts';
import { type SpendTables, verifyLedger } from '../../../spend/index.ts';
import { readLines } from '../../../spend/ledger/counter-store.ts';
import { type LedgerNode, openLedgerNode } from './ledger-node.ts';

const TABLES = ['request_log', 'usage', 'reservations', 'spend_counters'] as const;

/** Nodes on one database, without HTTP, and the questions a test asks of what they have written. */
export const openWorld = async (database: Database, now: () => number, names: readonly string[]) => {
  const nodes: LedgerNode[] = [];
  for (const name of names) nodes.push(await openLedgerNode({ database, now, name }));
  const desk = nodes[0]?.desk;
  if (desk === undefined) throw new Error('A world has a node at least');

  const settle = async (): Promise<void> => {
    for (const node of nodes) await node.settle();
  };
  return {
    nodes,
    /** Everything queued is on disk, and every true-up done. */
    settle,
    failures: (): readonly Error[] => nodes.flatMap(({ failures }) => failures),
    /** A change of prices is in force on every node. */
    refreshPrices: () => Promise.all(nodes.map((node) => node.desk.refresh())),
    /** Counts everything again from the rows. */
    verify: async () => {
      await settle();
      return verifyLedger(database, { from: 0, until: dayOf(now()) + 60 });
    },
    wronglyCharged: desk.wronglyCharged,
    strangeReratings: desk.strangeReratings,
    /** What was spent and is held in every window of a period. */
    windowsOf: async (account: string, period: Period): Promise<readonly number[]> => {
      const sums = new Map<Day, number>();
      for (const line of await readLines(database, [account], 0)) {
        const { from } = windowOf(period, line.day);
        sums.set(from, (sums.get(from) ?? 0) + line.openMicros + line.settledMicros);
      }
      return [...sums.values()];
    },
    wipe: async (): Promise<void> => {
      await settle();
      const tables = database.tables<AccessTables & SpendTables>();
      for (const table of TABLES) await tables.deleteFrom(table).execute();
      await desk.wipe();
      for (const node of nodes) {
        await node.desk.refresh();
        await node.restart();
      }
    },
    close: async (): Promise<void> => {
      for (const node of nodes) await node.close();
    },
  };
};

export type World = Awaited<ReturnType<typeof openWorld>>;
