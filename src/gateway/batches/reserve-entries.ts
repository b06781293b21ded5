import { splitHeaderLines } from '../../platform/index.ts';
import type { Ledger } from '../../spend/index.ts';
import { isUnbounded } from '../../spend/index.ts';
import { Body } from '../body.ts';
import type { GatewayDeps } from '../deps.ts';
import type { Exchange } from '../objects/exchange.ts';
import type { BatchEntry } from '../scan/index.ts';
import { askFor } from '../spend/ask-for.ts';
import { type Admitted, reserve } from '../spend/reserve.ts';
import { boundCaller } from '../spend/spending.ts';
import type { DecidedEntry } from './decide-batch.ts';

/** Results are kept for 29 days after the batch has ended; what is not charged by then is charged an estimate. */
const HELD_MS = 31 * 86_400_000;

type Scanned = { readonly entries: readonly BatchEntry[]; readonly body: Buffer };

const reserveEntry = (
  deps: GatewayDeps,
  exchange: Exchange,
  { entry, scanned, body }: { readonly entry: DecidedEntry; readonly scanned: BatchEntry; readonly body: Buffer },
): Promise<Admitted> => {
  const { decided } = entry;
  const { snapshot, caller, startedAt } = exchange;
  const { bounds } = boundCaller(deps.spending, snapshot, {
    caller,
    sessionId: decided.client.sessionId,
    at: startedAt,
  });
  if (isUnbounded(bounds)) return Promise.resolve({ decided, lines: '' });
  const { id: requestId, bodyBytes, wanted, decision } = decided;
  const own = body.subarray(scanned.request.objectStart, scanned.request.objectStart + bodyBytes);
  const ask = askFor(
    {
      ...{ requestId, startedAt, expiresAt: startedAt + HELD_MS, bounds },
      ...{ scanned: scanned.request, wanted, decision, body: Body.of([own]), bodyBytes, isBatch: true },
    },
    deps.spending.pricing(),
    deps.spending.typicalOutput,
  );
  return new Promise((resolve) => reserve(deps, { decided, ask, snapshot }, resolve));
};

/** Gives back what entries hold of which nothing has been written down. */
export const releaseEntries = (ledger: Ledger, entries: readonly DecidedEntry[]): void => {
  for (const { decided } of entries) if (decided.reservation != null) ledger.release(decided.reservation);
};

/**
 * Holds for every entry of a batch what it may cost, one after the other: a batch is let through whole or not at all, so
 * when an entry is refused the others give back what they held. Answers the entries as they were decided in the end, and
 * headers about money for the client.
 */
export const reserveEntries = async (
  deps: GatewayDeps,
  exchange: Exchange,
  { decided, scanned }: { readonly decided: readonly DecidedEntry[]; readonly scanned: Scanned },
): Promise<{ readonly entries: readonly DecidedEntry[]; readonly headers: readonly string[] }> => {
  const admitted = await Promise.all(
    decided.map(async (entry, index) => {
      const own = scanned.entries[index];
      if (own === undefined || entry.decided.decision.effect === 'deny') return { entry, lines: '' };
      const answer = await reserveEntry(deps, exchange, { entry, scanned: own, body: scanned.body });
      return { entry: { ...entry, decided: answer.decided }, lines: answer.lines };
    }),
  );
  const entries = admitted.map(({ entry }) => entry);
  const refused = admitted.find(({ entry }) => entry.decided.decision.effect === 'deny');
  if (refused === undefined) return { entries, headers: [] };
  releaseEntries(deps.spending.ledger, entries);
  return {
    headers: splitHeaderLines(refused.lines),
    entries: entries.map((entry) => ({ ...entry, decided: { ...entry.decided, reservation: null } })),
  };
};
