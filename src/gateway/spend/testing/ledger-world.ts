import type { AccessTables, Decision, Wanted } from '../../../access/index.ts';
import { dayOf, PERIODS, windowOf } from '../../../kernel/index.ts';
import type { Database, Log } from '../../../platform/index.ts';
import {
  type Bounds,
  createPricing,
  createTypicalOutput,
  DEFAULT_PRICE_BOOK,
  type Ledger,
  openLedger,
  type Reserve,
  readSums,
  type SpendTables,
  type Verdict,
  verifyLedger,
} from '../../../spend/index.ts';
import { withoutUse } from '../../batches/endings.ts';
import type { DecidedRequest } from '../../decided-request.ts';
import { createRecorder } from '../../record.ts';
import { recoverInterrupted } from '../../recover.ts';
import { scanRequest } from '../../scan/index.ts';
import type { Ending } from '../../usage-row.ts';
import { askFor } from '../ask-for.ts';

const MODEL = 'claude-haiku-4-5-20251001';

const PRICING = createPricing(DEFAULT_PRICE_BOOK);

const SILENT = { warn: () => undefined, error: () => undefined, info: () => undefined } as unknown as Log;

const decision: Decision = {
  effect: 'allow',
  model: { asked: MODEL, used: MODEL, id: MODEL },
  effort: { asked: null, used: null, cap: null },
  changes: {},
  findings: [],
  policyVersion: 1,
};

const wanted: Wanted = {
  ...{ model: MODEL, effort: undefined, messageEfforts: [], thinkingBudget: null, fallbackModels: [] },
  ...{ product: 'api', capabilities: [], servers: [], tools: [] },
};

export type Wish = { readonly userId: string; readonly promptBytes: number; readonly maxTokens: number };

/** A request under way, and the tokens it may write. */
export type Running = { readonly decided: DecidedRequest; readonly maxTokens: number; readonly bounds: Bounds };

/**
 * One node with its ledger and recorder on a database, without HTTP: requests begin, end, are cut off by a crash and
 * recovered, and the clock is the caller's.
 */
export const openWorld = async (database: Database, now: () => number, node = 'node') => {
  const failures: Error[] = [];
  const ids = { next: 0 };
  let ledger: Ledger = await openLedger({ database, node, now });

  const recorderOn = (on: Ledger) =>
    createRecorder({
      journal: database.journal,
      pricing: () => PRICING,
      node,
      ledger: on,
      typicalOutput: createTypicalOutput(),
      lost: (_, error) => failures.push(error),
      expired: () => undefined,
    });
  let recorder = recorderOn(ledger);

  const askOf = ({ userId: _, promptBytes, maxTokens }: Wish, bounds: Bounds, requestId: string): Reserve => {
    const body = Buffer.from(
      JSON.stringify({
        model: MODEL,
        max_tokens: maxTokens,
        messages: [{ role: 'user', content: 'x'.repeat(promptBytes) }],
      }),
    );
    const scanned = scanRequest(body);
    if (!scanned.ok) throw new Error(scanned.problem);
    const at = now();
    const foreseen = { requestId, startedAt: at, expiresAt: at + 3_600_000, bounds, scanned: scanned.request };
    return askFor(
      { ...foreseen, wanted, decision, body, bodyBytes: body.length, isBatch: false },
      PRICING,
      createTypicalOutput(),
    );
  };

  return {
    failures,
    get ledger() {
      return ledger;
    },
    /** Asks the ledger; a granted request is recorded and runs. */
    begin: async (wish: Wish, bounds: Bounds): Promise<{ readonly verdict: Verdict; readonly running?: Running }> => {
      const id = `req_${String(now()).padStart(14, '0')}_${node}_${String(ids.next++).padStart(8, '0')}`;
      const ask = askOf(wish, bounds, id);
      const verdict = await new Promise<Verdict>((resolve) => ledger.reserve(ask, resolve));
      if (verdict.effect !== 'granted') return { verdict };
      const decided: DecidedRequest = {
        ...{ id, startedAt: now(), endpoint: 'messages', stream: true, bodyBytes: wish.promptBytes, decision, wanted },
        caller: {
          ...{ userId: wish.userId, groupId: null, workspaceId: null },
          credential: { id: `key_${wish.userId}` } as DecidedRequest['caller']['credential'],
        },
        client: { client: 'test', sessionId: null, agentId: null, parentAgentId: null },
        reservation: verdict.reservation,
      };
      recorder.decided(decided, (error) => error && failures.push(error));
      return { verdict, running: { decided, maxTokens: verdict.lowerMaxTokens ?? wish.maxTokens, bounds } };
    },
    /** Ends a request that wrote a share of the tokens it may write. */
    end: ({ decided, maxTokens }: Running, share: number): void => {
      const outputTokens = Math.floor(maxTokens * share);
      const usage = { ...NOTHING.usage, inputTokens: Math.ceil(decided.bodyBytes / 4), outputTokens };
      const ending: Ending = {
        ...withoutUse({ endedAt: now(), outcome: 'completed', status: 200, upstream: 'test', totalMs: 1 }),
        batch: false,
        metered: { ...NOTHING, model: MODEL, usage },
      };
      recorder.ended(decided, ending);
    },
    /** The process dies and comes back: whatever ran is closed as a restart closes it. */
    crash: async (): Promise<void> => {
      await database.journal.flush();
      ledger = await openLedger({ database, node, now });
      recorder = recorderOn(ledger);
      await recoverInterrupted({ database, ledger, pricing: () => PRICING, now, log: SILENT, node });
      await database.journal.flush();
    },
    /** Counts everything again from the rows. */
    verify: async () => {
      await database.journal.flush();
      return verifyLedger(database, { from: 0, until: dayOf(now()) + 40 });
    },
    /** Where what the node knows by heart differs from the database; nothing is known by heart on PostgreSQL. */
    memoryDrift: async (): Promise<readonly string[]> => {
      if (database.engine === 'postgres') return [];
      const drifts: string[] = [];
      for (const account of ['organization', 'user:user_a', 'user:user_b', 'user:user_c', 'pool:g', 'included:user_a'])
        for (const period of PERIODS) {
          const stored = (await readSums(database, [account], windowOf(period, dayOf(now())))).get(account);
          const probe = { limitId: '', scope: { type: 'organization' }, mode: 'standard', amountMicros: 0 } as const;
          const bounds = { included: null, ceilings: [{ ...probe, account, period, ladder: [] }] };
          const known = ledger.standings(bounds, now())[0]?.balance;
          if (known?.openMicros !== (stored?.openMicros ?? 0) || known.settledMicros !== (stored?.settledMicros ?? 0))
            drifts.push(`${account} ${period}: ${JSON.stringify(known)} against ${JSON.stringify(stored)}`);
        }
      return drifts;
    },
    wipe: async (): Promise<void> => {
      await database.journal.flush();
      const tables = database.tables<AccessTables & SpendTables>();
      for (const table of ['requests', 'usage', 'reservations', 'spend_counters'] as const)
        await tables.deleteFrom(table).execute();
      ledger = await openLedger({ database, node, now });
      recorder = recorderOn(ledger);
    },
  };
};

const NOTHING = withoutUse({ endedAt: 0, outcome: 'completed', status: 200, upstream: null, totalMs: 0 }).metered;

export type World = Awaited<ReturnType<typeof openWorld>>;
