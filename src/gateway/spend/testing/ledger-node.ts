import type { Decision, Wanted } from '../../../access/index.ts';
import { createNewId, type Day, dayOf, PERIODS, windowOf } from '../../../kernel/index.ts';
import { createLog, type Database } from '../../../platform/index.ts';
import {
  type Bounds,
  createTypicalOutput,
  type Ledger,
  openLedger,
  type Reserve,
  readSums,
  trueUp,
  type Verdict,
} from '../../../spend/index.ts';
import { withoutUse } from '../../batches/endings.ts';
import { Body } from '../../body.ts';
import type { DecidedRequest } from '../../decided-request.ts';
import { createRecorder } from '../../record.ts';
import { recoverInterrupted } from '../../recover.ts';
import { scanRequest } from '../../scan/index.ts';
import type { Ending } from '../../usage-row.ts';
import { askFor } from '../ask-for.ts';
import { createExpireReservations } from '../expire.ts';
import { createLaggingJournal } from './lagging-journal.ts';
import { openPriceDesk } from './price-desk.ts';

const MODEL = 'claude-haiku-4-5-20251001';

/** No request takes longer; a reservation that is older has lost its node. */
export const REQUEST_MS_MAX = 3_600_000;

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
export type Running = { readonly decided: DecidedRequest; readonly maxTokens: number };

/** Ids as the product makes them, from a counter instead of chance, so that a run can be repeated. */
const createIds = (now: () => number, name: string) => {
  const made = { count: 0 };
  return createNewId(now, (size) => {
    made.count += 1;
    const count = made.count;
    const bytes = Array.from({ length: size }, (_, at) => Math.floor(count / 32 ** (size - 1 - at)) % 32);
    return Uint8Array.from([name.charCodeAt(0) % 32, ...bytes.slice(1)]);
  });
};

const NOTHING = withoutUse({ endedAt: 0, outcome: 'completed', status: 200, upstream: null, totalMs: 0 }).metered;

/**
 * One node with its ledger, its recorder and its prices on a database, without HTTP: requests begin, end, are cut off by a
 * crash and recovered. The clock is the caller's, and rows reach the disk some steps late.
 */
export const openLedgerNode = async (options: {
  readonly database: Database;
  readonly now: () => number;
  readonly name: string;
}) => {
  const { now, name } = options;
  const lagging = createLaggingJournal(options.database.journal);
  const database: Database = { ...options.database, journal: lagging.journal };
  const log = createLog('silent');
  const failures: Error[] = [];
  const trueUps: Promise<void>[] = [];
  const newId = createIds(now, name);
  const failed = (error: unknown): void =>
    void failures.push(error instanceof Error ? error : new Error(String(error)));

  let running: Running[] = [];
  let ledger: Ledger = await openLedger({ database, node: name, now });
  const desk = await openPriceDesk({ database, now, newId, log, corrected: (moves) => ledger.correct(moves) });

  const recorderOn = (on: Ledger) =>
    createRecorder({
      journal: database.journal,
      pricing: desk.pricing,
      node: name,
      ledger: on,
      typicalOutput: createTypicalOutput(),
      lost: (_, error) => failures.push(error),
      expired: (row, end) => void trueUps.push(trueUp(database, row, end).catch(failed)),
    });
  let recorder = recorderOn(ledger);
  const expireOn = (on: Ledger) =>
    createExpireReservations({
      ...{ database, ledger: on, pricing: desk.pricing, now, log },
      runningIds: () => running.map(({ decided }) => decided.id),
      waitingIds: () => recorder.waitingIds(),
    });
  let expire = expireOn(ledger);

  const askOf = ({ promptBytes, maxTokens }: Wish, bounds: Bounds, requestId: string): Reserve => {
    const messages = [{ role: 'user', content: 'x'.repeat(promptBytes) }];
    const body = Buffer.from(JSON.stringify({ model: MODEL, max_tokens: maxTokens, messages }));
    const scanned = scanRequest(body);
    if (!scanned.ok) throw new Error(scanned.problem);
    const at = now();
    const foreseen = { requestId, startedAt: at, expiresAt: at + REQUEST_MS_MAX, bounds, scanned: scanned.request };
    return askFor(
      { ...foreseen, wanted, decision, body: Body.of([body]), bodyBytes: body.length, isBatch: false },
      desk.pricing(),
      createTypicalOutput(),
    );
  };

  const begin = async (wish: Wish, bounds: Bounds): Promise<Verdict> => {
    const [id, startedAt] = [newId('request'), now()];
    const ask = askOf(wish, bounds, id);
    const verdict = await new Promise<Verdict>((resolve) => ledger.reserve(ask, resolve));
    if (verdict.effect !== 'granted') return verdict;
    const decided: DecidedRequest = {
      ...{ id, startedAt, endpoint: 'messages', stream: true, bodyBytes: wish.promptBytes, decision, wanted },
      caller: {
        ...{ userId: wish.userId, groupId: null, workspaceId: null },
        credential: { id: `key_${wish.userId}` } as DecidedRequest['caller']['credential'],
      },
      client: { client: 'test', sessionId: null, agentId: null, parentAgentId: null },
      reservation: verdict.reservation,
    };
    recorder.decided(decided, (error) => error && failures.push(error));
    running.push({ decided, maxTokens: verdict.lowerMaxTokens ?? wish.maxTokens });
    return verdict;
  };

  const restart = async (): Promise<void> => {
    running = [];
    ledger = await openLedger({ database, node: name, now });
    recorder = recorderOn(ledger);
    expire = expireOn(ledger);
    await recoverInterrupted({ database, ledger, pricing: desk.pricing, now, log, node: name });
  };

  return {
    failures,
    desk,
    get running() {
      return running.length;
    },
    nextStep: lagging.nextStep,
    /** Asks the ledger; a granted request is recorded and runs. */
    begin,
    /** Ends the n-th of those that run; it has written a share of the tokens it may write. */
    end: (which: number, share: number): void => {
      const [ended] = running.splice(which % Math.max(1, running.length), 1);
      if (ended === undefined) return;
      const { decided, maxTokens } = ended;
      const outputTokens = Math.floor(maxTokens * share);
      const usage = { ...NOTHING.usage, inputTokens: Math.ceil(decided.bodyBytes / 4), outputTokens };
      const ending: Ending = {
        ...withoutUse({ endedAt: now(), outcome: 'completed', status: 200, upstream: 'test', totalMs: 1 }),
        batch: false,
        metered: { ...NOTHING, model: MODEL, usage },
      };
      recorder.ended(decided, ending);
    },
    /** The job that closes what expired, on this node. */
    expire: () => expire(),
    restart,
    /** The process is killed, with the rows of some steps still on their way, and comes back. */
    crash: async (lostSteps: number): Promise<void> => {
      await lagging.lose(lostSteps);
      await Promise.all(trueUps.splice(0));
      await restart();
    },
    settle: async (): Promise<void> => {
      await database.journal.flush();
      await Promise.all(trueUps.splice(0));
    },
    /** Where what the node knows by heart differs from the database; nothing is known by heart on PostgreSQL. */
    memoryDrift: async (accounts: readonly string[], day: Day = dayOf(now())): Promise<readonly string[]> => {
      if (database.engine === 'postgres') return [];
      const drifts: string[] = [];
      for (const account of accounts)
        for (const period of PERIODS) {
          const stored = (await readSums(database, [account], windowOf(period, day))).get(account);
          const probe = { limitId: '', scope: { type: 'organization' }, mode: 'standard', amountMicros: 0 } as const;
          const bounds = { included: null, ceilings: [{ ...probe, account, period, ladder: [] }] };
          const known = ledger.standings(bounds, now())[0]?.balance;
          if (known?.openMicros !== (stored?.openMicros ?? 0) || known.settledMicros !== (stored?.settledMicros ?? 0))
            drifts.push(`${account} ${period}: ${JSON.stringify(known)} against ${JSON.stringify(stored)}`);
        }
      return drifts;
    },
    close: desk.close,
  };
};

export type LedgerNode = Awaited<ReturnType<typeof openLedgerNode>>;
