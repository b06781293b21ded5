import type { Exchange } from './connection.ts';
import type { Traffic } from './protocol.ts';

/** Collects exchanges of one run. */
export type Tally = { add(exchange: Exchange): void; break(): void; total(): number; sum(seconds: number): Traffic };

const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** A tally that calls an answer odd unless it is a 200 with exactly `payloadBytes` of body. */
export const createTally = (payloadBytes: number): Tally => {
  const firstBytes: number[] = [];
  let odd = 0;
  let broken = 0;
  return {
    add(exchange) {
      firstBytes.push(exchange.firstByteAfter);
      if (exchange.status !== 200 || exchange.payloadBytes !== payloadBytes) odd += 1;
    },
    break() {
      broken += 1;
    },
    total: () => firstBytes.length + broken,
    sum(seconds) {
      const sorted = Float64Array.from(firstBytes).sort();
      const firstByteP50 = percentile(sorted, 0.5);
      return {
        requests: sorted.length,
        sent: sorted.length,
        odd,
        broken,
        seconds,
        firstByteP50,
        firstByteP99: percentile(sorted, 0.99),
      };
    },
  };
};
