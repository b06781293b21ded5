import { type AccessTables, insertRequests, type RequestRow } from '../../../access/index.ts';
import { openAccess } from '../../../access/testing/open-access.ts';
import { createAuthenticate } from '../../../directory/index.ts';
import { send } from '../../../directory/testing/open-directory.ts';
import { dayOf } from '../../../kernel/index.ts';
import { createLog, createRouter, type Database } from '../../../platform/index.ts';
import { creditsOf, type End, movesOf, type Reservation, reservationRow } from '../../ledger/ledger.ts';
import { moveCounters } from '../../ledger/move-counters.ts';
import { standingAccounts } from '../../ledger/rules/account.ts';
import { type CounterMove, movesOfHold } from '../../ledger/rules/settle.ts';
import type { LedgerTables } from '../../ledger/tables.ts';
import { spendMigrations } from '../../migrations.ts';
import { DEFAULT_PRICE_BOOK, type PriceBook } from '../../rules/price-book.ts';
import { NO_USAGE, type Usage } from '../../rules/usage.ts';
import type { SpendTables, UsageRow } from '../../tables.ts';
import { openPriceBook } from '../open-price-book.ts';
import type { ReratingDeps } from '../rerating/continue-rerating.ts';
import { priceRoutes } from '../routes.ts';

/** A request that ended, as a test says it. */
export type Ended = {
  readonly at: number;
  readonly model: string;
  readonly userId?: string;
  readonly usage?: Partial<Usage>;
  readonly isBatch?: boolean;
  /** What it was charged, where that is not what the book in force says. */
  readonly costMicros?: number;
  /** What was left of what a seat includes; there is a hold then. */
  readonly includedRoomMicros?: number;
  /** A pool that counted it, because a limit stood on it. */
  readonly pool?: string;
  /** Leaves out the runs it was made of, as rows from before they were kept. */
  readonly withoutRuns?: boolean;
};

type Tables = AccessTables & SpendTables & LedgerTables;

const NO_DECISION = {
  node: 'node-1',
  client: null,
  session_id: null,
  agent_id: null,
  parent_agent_id: null,
  stream: 1,
  body_bytes: 100,
  effect: 'allow',
  reason: null,
  effort_asked: null,
  effort_used: null,
  effort_cap: null,
  policy_version: 1,
  findings: '[]',
  wanted: '{}',
  group_id: null,
} satisfies Partial<RequestRow>;

const NO_ENDING = {
  upstream: 'provider',
  upstream_request_id: null,
  status: 200,
  outcome: 'completed',
  stop_reason: 'end_turn',
  estimated: 0,
  first_byte_ms: null,
  total_ms: 100,
} satisfies Partial<UsageRow>;

const usageColumns = (usage: Usage) => ({
  input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens,
  thinking_tokens: usage.thinkingTokens,
  cache_write_5m_tokens: usage.cacheWrite5mTokens,
  cache_write_1h_tokens: usage.cacheWrite1hTokens,
  cache_read_tokens: usage.cacheReadTokens,
  web_searches: usage.webSearches,
  web_fetches: usage.webFetches,
  speed: usage.speed,
  geo: usage.geo,
  service_tier: usage.serviceTier,
});

const reservationOf = (id: string, ended: Ended): Reservation | null => {
  if (ended.includedRoomMicros === undefined && ended.pool === undefined) return null;
  const accounts = ['organization', ...(ended.pool === undefined ? [] : [`pool:${ended.pool}`])];
  const included = ended.includedRoomMicros === undefined ? [] : [`included:${ended.userId ?? ''}`];
  return {
    requestId: id,
    reservedAt: ended.at,
    expiresAt: ended.at + 1000,
    day: dayOf(ended.at),
    amountMicros: 100,
    includedRoomMicros: ended.includedRoomMicros ?? 0,
    accounts: [...accounts, ...included],
    parts: null,
    bounds: { ceilings: [], included: null },
    isStored: true,
  };
};

/** Prices on an empty database, with requests that a test makes. Call `close` before the database's. */
export const openPrices = async (database: Database, shipped: PriceBook = DEFAULT_PRICE_BOOK) => {
  const access = await openAccess(database, spendMigrations);
  const log = createLog('silent');
  const { now, newId } = access.deps;
  const prices = await openPriceBook({ database, shipped, log, now });
  const corrected: CounterMove[] = [];
  const deps: ReratingDeps = { ...access.access, prices, corrected: (moves) => corrected.push(...moves) };
  const app = createRouter({
    routes: priceRoutes(deps),
    authenticate: createAuthenticate(access.deps),
    newRequestId: () => newId('request'),
    afterChange: prices.refresh,
    log,
  });
  const tables = database.tables<Tables>();

  /** Writes a request as it would have been written when it ended, with its counters. */
  const end = async (ended: Ended): Promise<string> => {
    // The id says when a request began.
    const id = newIdAt(ended.at);
    const userId = ended.userId ?? 'user_1';
    const usage: Usage = { ...NO_USAGE, inputTokens: 1000, ...ended.usage };
    const question = { model: ended.model, usage, at: ended.at, batch: ended.isBatch === true };
    const charged = prices.pricing().charge(question);
    const costMicros = ended.costMicros ?? charged.micros;
    const reservation = reservationOf(id, ended);
    const key = { api_key_id: 'apikey_1', workspace_id: null };
    await insertRequests(database, [
      {
        ...NO_DECISION,
        ...key,
        id,
        started_at: ended.at,
        endpoint: ended.isBatch === true ? 'batch_item' : 'messages',
        user_id: userId,
        model_asked: ended.model,
        model_used: ended.model,
        model_id: ended.model,
      },
    ]);
    const standing = standingAccounts({
      userId,
      groupId: null,
      keyId: key.api_key_id,
      workspaceId: null,
      modelId: ended.model,
    });
    const its: End = { standing, reservation, startedDay: dayOf(ended.at), costMicros };
    if (reservation !== null)
      await tables.insertInto('reservations').values(reservationRow(reservation, 'node-1')).execute();
    const runs = usage.iterations.length === 0 || ended.withoutRuns === true ? null : JSON.stringify(usage.iterations);
    await tables
      .insertInto('usage')
      .values({
        ...NO_ENDING,
        ...usageColumns(usage),
        request_id: id,
        ended_at: ended.at + 100,
        model_answered: ended.model,
        cost_micros: costMicros,
        priced: charged.priced ? 1 : 0,
        price_book: prices.pricing().book.version,
        settled_as: reservation === null ? null : 'settled',
        credits_micros: creditsOf(its),
        iterations: runs,
      })
      .execute();
    const held = reservation === null ? [] : movesOfHold(reservation);
    await moveCounters(database, [...held, ...movesOf(its)]);
    return id;
  };

  let made = 0;
  const newIdAt = (at: number): string => {
    const before = access.clock.ms;
    access.clock.ms = at - 1;
    const id = newId('request');
    access.clock.ms = before;
    made += 1;
    return `${id}${made}`;
  };

  return {
    ...access,
    prices,
    rerating: deps,
    corrected,
    app,
    send: (line: string, sent?: Parameters<typeof send>[2]) => send(app, line, sent),
    end,
    readUsage: (): Promise<readonly UsageRow[]> =>
      tables.selectFrom('usage').selectAll().orderBy('request_id').execute(),
    close: async () => {
      await prices.close();
      await access.policy.close();
    },
  };
};
