import { sql as expression } from 'kysely';
import { type Database, isUniqueViolation, type Journal } from '../../platform/index.ts';
import {
  callValues,
  endingValues,
  MCP_CALL_ENDINGS,
  MCP_CALLS,
  type McpCallRow,
  type McpEndingRow,
  type McpTables,
} from './tables.ts';

/** Writes calls down. */
export type CallRecorder = {
  /** Resolves when the decisions about these calls are on disk; rejects when one of them is not known to be. */
  decided(calls: readonly McpCallRow[]): Promise<void>;
  /** Writes down how a call ended; a row that cannot be stored is kept and tried again until it is. */
  ended(ending: McpEndingRow): void;
};

const RETRY_MS = 1000;

/** Nobody waits for endings: they go to disk with the next decision, or by themselves after this long. */
const ENDING_PATIENCE_MS = 20;

/** How many endings wait in memory while the store is away; beyond it they are given up, loudly. */
const WAITING_MAX = 10_000;

export const createCallRecorder = (
  journal: Journal,
  lost: (ending: McpEndingRow, error: Error) => void,
): CallRecorder => {
  let waiting = 0;

  const ended = (ending: McpEndingRow): void => {
    journal.append(
      MCP_CALL_ENDINGS,
      endingValues(ending),
      (error) => {
        // A row that is there already was stored by a try whose answer got lost.
        if (error === undefined || isUniqueViolation(error)) return;
        if (waiting >= WAITING_MAX) {
          lost(ending, error);
          return;
        }
        waiting += 1;
        setTimeout(() => {
          waiting -= 1;
          ended(ending);
        }, RETRY_MS).unref();
      },
      { patienceMs: ENDING_PATIENCE_MS },
    );
  };

  const decided = (call: McpCallRow): Promise<void> =>
    new Promise((resolve, reject) => {
      journal.append(MCP_CALLS, callValues(call), (error) => (error === undefined ? resolve() : reject(error)));
    });

  return {
    decided: async (calls) => {
      await Promise.all(calls.map(decided));
    },
    ended,
  };
};

const FOUND_MAX = 1000;

/** Ends the calls that a node left open when its process ended: nobody knows what became of them. */
export const closeInterruptedCalls = async (options: {
  readonly database: Database;
  readonly node: string;
  readonly now: () => number;
}): Promise<void> => {
  const { database, node, now } = options;
  const tables = database.tables<McpTables>();
  for (;;) {
    const open = await tables
      .selectFrom('mcp_calls')
      .select(['id', 'started_at'])
      .where('node', '=', node)
      .where('effect', '=', 'allow')
      .where((row) =>
        row.not(
          row.exists(
            row.selectFrom('mcp_call_endings').select(expression`1`.as('one')).whereRef('call_id', '=', 'mcp_calls.id'),
          ),
        ),
      )
      .limit(FOUND_MAX)
      .execute();
    if (open.length === 0) return;
    const ended_at = now();
    const endings = open.map(({ id, started_at }) => ({
      call_id: id,
      ended_at,
      outcome: 'interrupted' as const,
      status: null,
      answer_bytes: 0,
      total_ms: Math.max(0, ended_at - started_at),
    }));
    await tables.insertInto('mcp_call_endings').values(endings).execute();
  }
};
