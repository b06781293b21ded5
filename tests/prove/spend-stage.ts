import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../support/postgres.ts';
import { openStore } from '../support/read-store.ts';
import { type RemitProcess, startRemitProcess } from '../support/remit.ts';

/** What the rows say of a member, in micro-dollars. */
export type SpentRows = {
  readonly spent: number;
  /** What requests cost beyond what was held for them, and the most that was held for one. */
  readonly beyond: number;
  readonly largest: number;
  /** What the member's counters say is still held. */
  readonly held: number;
};

/** Processes on one database that are killed and come back. */
export type SpendStage = {
  readonly nodes: readonly RemitProcess[];
  killAndRestart(index: number): Promise<void>;
  /** Resolves when what has been changed on one node holds on all. */
  settleChanges(): Promise<void>;
  readRows(userId: string): Promise<SpentRows>;
  close(): Promise<void>;
};

/** A change reaches the other nodes within a second. */
const CHANGE_MS_MAX = 1000;

const ROWS = (userId: string) => `
  SELECT COALESCE(SUM(u.cost_micros), 0) AS spent,
         COALESCE(SUM(CASE WHEN u.cost_micros > r.amount_micros THEN u.cost_micros - r.amount_micros ELSE 0 END), 0) AS beyond,
         COALESCE(MAX(r.amount_micros), 0) AS largest
  FROM requests q JOIN reservations r ON r.request_id = q.id LEFT JOIN usage u ON u.request_id = q.id
  WHERE q.user_id = '${userId}'`;

const HELD = (userId: string) =>
  `SELECT COALESCE(SUM(open_micros), 0) AS held FROM spend_counters WHERE account = 'user:${userId}'`;

/** One node on SQLite, or two on PostgreSQL, each a process of its own in front of `upstreamUrl`. */
export const openSpendStage = async (engine: 'sqlite' | 'postgres', upstreamUrl: string): Promise<SpendStage> => {
  const server = engine === 'sqlite' ? undefined : await startPostgres();
  const databaseUrl = await server?.createDatabase();
  const names = engine === 'sqlite' ? ['one'] : ['one', 'two'];
  const folders = names.map(() => mkdtempSync(join(tmpdir(), 'remit-spend-')));
  const start = (at: number) =>
    startRemitProcess({
      folder: folders[at] ?? '',
      upstreamUrl,
      databaseUrl,
      env: { REMIT_NODE_NAME: names[at] ?? '' },
    });
  const nodes: RemitProcess[] = [];
  for (const at of names.keys()) nodes.push(await start(at));
  await nodes[0]?.allowAll();
  const store = await openStore(folders[0] ?? '', databaseUrl);
  return {
    nodes,
    killAndRestart: async (index) => {
      await nodes[index]?.kill();
      nodes[index] = await start(index);
    },
    settleChanges: () => sleep(names.length === 1 ? 0 : CHANGE_MS_MAX),
    readRows: async (userId) => {
      const [rows] = await store.run(ROWS(userId));
      const [held] = await store.run(HELD(userId));
      const micros = (name: string): number => Number({ ...rows, ...held }[name] ?? 0);
      return { spent: micros('spent'), beyond: micros('beyond'), largest: micros('largest'), held: micros('held') };
    },
    close: async () => {
      for (const node of nodes) await node.stop();
      await store.close();
      await server?.stop();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
};
