import { expect, test } from 'vitest';
import { proveSpending } from '../prove/spend.ts';

test.each([
  { where: 'a node on SQLite', engine: 'sqlite' },
  { where: 'two nodes on PostgreSQL', engine: 'postgres' },
] as const)(
  '200 streams at once on a budget for 50, $where, with a kill -9: within the stated bound, nothing over a strict limit, no false refusal',
  async ({ engine }) => {
    const rushes = await proveSpending({
      rushes: 2,
      engine,
      onRush: ({ mode, overshootMicros, boundMicros, completed, refused, cut }) =>
        console.info(
          `${engine} ${mode}: overshoot ${overshootMicros} of at most ${boundMicros} micro-dollars; ${completed} completed, ${refused} refused, ${cut} cut off`,
        ),
    });
    for (const one of rushes) {
      expect(one.overshootMicros).toBeLessThanOrEqual(one.boundMicros);
      expect(one).toMatchObject({ heldMicros: 0, addsUp: true, goesOn: true });
      if (one.wasKilled) expect(one.cut).toBeGreaterThan(0);
      else expect(one.refused).toBeGreaterThan(0);
      if (!one.wasKilled) expect(one.completed + one.refused).toBe(200);
    }
  },
  180_000,
);
