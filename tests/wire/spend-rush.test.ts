import { expect, test } from 'vitest';
import { proveSpending } from '../prove/spend.ts';

test('200 streams at once on a budget for 50, with a kill -9: within the stated bound, nothing over a strict limit, no false refusal', async () => {
  const rushes = await proveSpending({
    rushes: 2,
    onRush: ({ mode, overshootMicros, boundMicros, completed, refused, cut }) =>
      console.info(
        `${mode}: overshoot ${overshootMicros} of at most ${boundMicros} micro-dollars; ${completed} completed, ${refused} refused, ${cut} cut off`,
      ),
  });
  for (const one of rushes) {
    expect(one.overshootMicros).toBeLessThanOrEqual(one.boundMicros);
    expect(one).toMatchObject({ heldMicros: 0, addsUp: true, goesOn: true });
    if (one.wasKilled) expect(one.cut).toBeGreaterThan(0);
    else expect(one.refused).toBeGreaterThan(0);
    if (!one.wasKilled) expect(one.completed + one.refused).toBe(200);
  }
}, 180_000);
