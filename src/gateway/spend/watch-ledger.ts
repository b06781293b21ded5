import { Gauge, type Registry } from 'prom-client';
import { dayOf } from '../../kernel/index.ts';
import type { Database, Log } from '../../platform/index.ts';
import { type Verification, verifyLedger } from '../../spend/index.ts';

type WatchDeps = {
  readonly database: Database;
  readonly registry: Registry;
  readonly log: Log;
  readonly now: () => number;
};

const driftOf = ({ drifts }: Verification): number =>
  drifts.reduce((sum, one) => sum + Math.abs(one.openMicros) + Math.abs(one.settledMicros), 0);

/**
 * The job that counts the running day again from its rows and shows in the metrics how far its counters are from them:
 * `remit_ledger_drift_micros` is 0 on a ledger that adds up.
 */
export const createWatchLedger = ({ database, registry, log, now }: WatchDeps): (() => Promise<void>) => {
  const registers = [registry];
  const drift = new Gauge({
    name: 'remit_ledger_drift_micros',
    help: 'How far the counters of the running day (UTC) are from the sums of their rows, in micro-dollars.',
    registers,
  });
  const held = new Gauge({
    name: 'remit_ledger_held_micros',
    help: 'What is held for requests of the running day under a limit of the organisation, in micro-dollars.',
    registers,
  });
  return async () => {
    const today = dayOf(now());
    const found = await verifyLedger(database, { from: today, until: today + 1 });
    drift.set(driftOf(found));
    held.set(found.openMicros);
    if (found.drifts.length > 0)
      log.error(
        { drifts: found.drifts.slice(0, 20) },
        'counters of the ledger are not the sums of their rows; run: remit ledger verify --rebuild',
      );
  };
};
