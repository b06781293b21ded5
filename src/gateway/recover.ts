import type { RequestRow } from '../access/index.ts';
import { type Database, isUniqueViolation, type Log } from '../platform/index.ts';
import {
  closeUnrecorded,
  costOf,
  creditsOf,
  estimateInputTokens,
  findUnrecorded,
  type Ledger,
  movesOf,
  NO_USAGE,
  type PriceBook,
  type Pricing,
  type Reservation,
  readReservations,
  talliesOf,
  USAGE,
  type UsageRow,
  usageValues,
} from '../spend/index.ts';
import { requestStore } from './store.ts';
import { type ChargeableRequest, endOf } from './usage-row.ts';

const PAGE = 1000;

/** What closing a request needs that nobody will see the end of. */
export type CloseDeps = {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly pricing: () => Pick<Pricing, 'book'>;
  readonly now: () => number;
};

/**
 * Closes the requests an earlier run of this node left open: each gets a usage row with an estimate of its prompt,
 * marked as estimated and interrupted, so that a crash leaves no request unaccounted for and no money held. Answers how many.
 */
export const recoverInterrupted = async (
  options: CloseDeps & { readonly node: string; readonly log: Log },
): Promise<number> => {
  const { database, node, log } = options;
  let recovered = 0;
  for (;;) {
    const open = await requestStore(database).findInterrupted(node, PAGE);
    const reservations = await readReservations(
      database,
      open.map(({ id }) => id),
    );
    for (const row of open) closeUnseen(options, row, reservations.get(row.id) ?? null);
    await database.journal.flush();
    recovered += open.length;
    if (open.length < PAGE) break;
  }
  recovered += await closeHeld(options);
  if (recovered > 0)
    log.warn({ recovered }, 'requests that were running when this node stopped were closed with an estimate');
  return recovered;
};

/**
 * Gives back what an earlier run of this node held for requests that it did not come to record: where the ledger is in
 * a shared database, its row is there before the request's. Without this it would be held until it expires.
 */
const closeHeld = async ({
  database,
  node,
  ledger,
  pricing,
  now,
}: CloseDeps & { readonly node: string }): Promise<number> => {
  let closed = 0;
  for (;;) {
    const held = await findUnrecorded(database, { node, at: now() }, PAGE);
    for (const reservation of held)
      await closeUnrecorded(database, {
        reservation,
        row: unrecordedUsage(reservation, pricing().book, now()),
        ledger,
      });
    closed += held.length;
    if (held.length < PAGE) return closed;
  }
};

/** Closes a request whose end nobody saw with an estimate of its prompt; what it held in the ledger has then expired. */
export const closeUnseen = (
  { database, ledger, pricing, now }: CloseDeps,
  row: RequestRow,
  reservation: Reservation | null,
): void => {
  const request: ChargeableRequest = {
    id: row.id,
    startedAt: row.started_at,
    endpoint: row.endpoint,
    bodyBytes: row.body_bytes,
    caller: {
      userId: row.user_id,
      groupId: row.group_id,
      workspaceId: row.workspace_id,
      credential: { id: row.api_key_id },
    },
    decision: { model: { id: row.model_id } },
    reservation,
  };
  const usage = interruptedUsage(row, pricing().book, now());
  const end = endOf(request, usage.cost_micros);
  const settled: UsageRow = {
    ...usage,
    settled_as: reservation === null ? null : 'expired',
    credits_micros: creditsOf(end),
  };
  const moves = movesOf(end);
  const stored = (error?: Error): void => {
    if (error === undefined) ledger.ended(end, moves);
    else if (!isUniqueViolation(error)) throw error;
  };
  database.journal.append(USAGE, usageValues(settled), stored, { tallies: talliesOf(moves) });
};

/** The usage row of a request of which nothing was recorded but what it held: it cost nothing, until its node says otherwise. */
export const unrecordedUsage = ({ requestId, reservedAt }: Reservation, book: PriceBook, now: number): UsageRow => ({
  ...interruptedUsage(
    { id: requestId, started_at: reservedAt, endpoint: 'messages', body_bytes: 0, model_id: null },
    book,
    now,
  ),
  settled_as: 'expired',
});

type Unseen = Pick<RequestRow, 'id' | 'started_at' | 'endpoint' | 'body_bytes' | 'model_id'>;

const interruptedUsage = (row: Unseen, book: PriceBook, now: number): UsageRow => {
  const isFree = row.endpoint === 'count_tokens';
  const inputTokens = isFree ? 0 : estimateInputTokens(row.body_bytes);
  const usage = { ...NO_USAGE, inputTokens };
  const batch = row.endpoint === 'batch_item';
  const cost = costOf({ book, model: row.model_id, usage, at: row.started_at, batch });
  return {
    request_id: row.id,
    ended_at: now,
    upstream: null,
    upstream_request_id: null,
    status: null,
    outcome: 'interrupted',
    stop_reason: null,
    model_answered: null,
    input_tokens: inputTokens,
    output_tokens: 0,
    thinking_tokens: 0,
    cache_write_5m_tokens: 0,
    cache_write_1h_tokens: 0,
    cache_read_tokens: 0,
    web_searches: 0,
    web_fetches: 0,
    speed: NO_USAGE.speed,
    geo: null,
    service_tier: null,
    cost_micros: cost.micros,
    estimated: isFree ? 0 : 1,
    priced: cost.priced ? 1 : 0,
    price_book: book.version,
    first_byte_ms: null,
    total_ms: Math.max(0, now - row.started_at),
    settled_as: null,
    credits_micros: null,
    iterations: null,
  };
};
