import { randomUUID } from 'node:crypto';
import type { Policy } from '../../access/index.ts';
import type { Database, Log } from '../../platform/index.ts';
import { createRateGate, type RateGate } from './gate/rate-gate.ts';
import { openRatePolicy } from './rate-policy.ts';
import { indexPools, type PoolIndex } from './rules/pools.ts';
import type { RateRules } from './rules/rate-rules.ts';
import { createSharing, startSharing } from './share-takings.ts';

/** Rates on this node: what is set, what is used, and the gate that holds one against the other. */
export type RateLimits = {
  readonly gate: RateGate;
  rules(): RateRules;
  pools(): PoolIndex;
  /** Resolves when the node has read everything that was committed before the call. */
  refresh(): Promise<void>;
  close(): Promise<void>;
};

const HOUR_MS = 3_600_000;
const FORGET_MS = 600_000;

export type RatesOptions = {
  readonly database: Database;
  readonly policy: Pick<Policy, 'current' | 'onChange'>;
  readonly log: Log;
  readonly node: string;
  readonly now: () => number;
};

/** The pools of the models in force, sorted anew only when those have changed. */
const followPools = (policy: RatesOptions['policy']): (() => PoolIndex) => {
  let { index } = policy.current();
  let pools = indexPools(index.models);
  return () => {
    const current = policy.current().index;
    if (current !== index) {
      index = current;
      pools = indexPools(index.models);
    }
    return pools;
  };
};

const every = (ms: number, run: () => void): (() => void) => {
  const timer = setInterval(run, ms);
  timer.unref();
  return () => clearInterval(timer);
};

/** Several nodes are one Remit: each tells the others what it took. One node on a file has nobody to tell. */
const share = ({ database, log, node, now }: RatesOptions, gate: RateGate): (() => Promise<void>) => {
  if (database.engine === 'sqlite') return () => Promise.resolve();
  const sharing = createSharing({ database, gate, node: `${node}/${randomUUID()}`, now });
  const stopSharing = startSharing(sharing, log);
  const stopForgetting = every(FORGET_MS, () => {
    sharing.forgetOld().catch((error: unknown) => log.warn({ err: error }, 'old rows of rate limits stay for now'));
  });
  return () => {
    stopForgetting();
    return stopSharing();
  };
};

/** Opens rates and keeps them up to date; buckets begin full. */
export const openRates = async (options: RatesOptions): Promise<RateLimits> => {
  const { database, policy, log, now } = options;
  const pools = followPools(policy);
  const held: { gate?: RateGate } = {};
  const ratePolicy = await openRatePolicy({ database, log, changed: () => held.gate?.forget() });
  const gate = createRateGate({
    rules: ratePolicy.current,
    pools,
    groupsOf: (userId) => policy.current().members.get(userId)?.groupIds ?? [],
    clocks: { ticks: () => performance.now(), now },
  });
  held.gate = gate;
  const stopFollowing = policy.onChange(gate.forget);
  const stopTurning = every(HOUR_MS, gate.turn);
  const stopSharing = share(options, gate);
  return {
    gate,
    rules: ratePolicy.current,
    pools,
    refresh: ratePolicy.refresh,
    close: async () => {
      stopFollowing();
      stopTurning();
      await stopSharing();
      await ratePolicy.close();
    },
  };
};
