import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { accessMigrations } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { migrate } from '../../platform/index.ts';
import { spendMigrations } from '../migrations.ts';
import { spellOut } from './held-accounts.ts';
import { appendedReservation, type Reservation } from './ledger.ts';
import { readReservations } from './reservation-store.ts';
import { heldAt } from './rules/admit.ts';
import { UNBOUNDED } from './rules/ceiling.ts';
import { type LedgerTables, RESERVATIONS } from './tables.ts';

const LISTS = [
  ['organization'],
  ['organization', 'user:user_01'],
  // What a client calls its session may be anything.
  ['organization', 'session:"held_\\ and\n so on'],
  ['held_'],
];

const holds = fc.array(
  fc.record({ list: fc.nat(LISTS.length - 1), amount: fc.nat(1_000_000), isInParts: fc.boolean() }),
  { minLength: 1, maxLength: 30 },
);

forEachDatabase((_engine, open) => {
  const start = async () => {
    const database = await open();
    await migrate(database, [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations]);
    return { database, tables: database.tables<LedgerTables>() };
  };

  it('finds what every reservation holds again, and keeps each list once', async () => {
    const { database, tables } = await start();
    let made = 0;
    await fc.assert(
      fc.asyncProperty(holds, async (wanted) => {
        await tables.deleteFrom('reservations').execute();
        const reservations = wanted.map(({ list, amount, isInParts }): Reservation => {
          made += 1;
          const accounts = LISTS[list] ?? [];
          return {
            ...{ requestId: `req_${made}`, reservedAt: 1, expiresAt: 2, day: 3, accounts, amountMicros: amount },
            parts: isInParts ? accounts.map((_, at) => Math.max(0, amount - at)) : null,
            ...{ includedRoomMicros: 0, bounds: UNBOUNDED, isStored: false },
          };
        });
        for (const reservation of reservations) {
          const { values, refersTo } = appendedReservation(reservation, 'node');
          database.journal.append(RESERVATIONS, values, undefined, { refersTo });
        }
        await database.journal.flush();
        const ids = reservations.map(({ requestId }) => requestId);
        const found = await readReservations(database, ids);
        for (const one of reservations) {
          const again = found.get(one.requestId);
          expect(again?.accounts).toEqual(one.accounts);
          expect(again?.accounts.map((_, at) => heldAt(again, at))).toEqual(
            one.accounts.map((_, at) => heldAt(one, at)),
          );
        }
        const kept = await tables.selectFrom('held_accounts').select('accounts').execute();
        expect(new Set(kept.map(({ accounts }) => accounts)).size).toBe(kept.length);
        expect(kept.length).toBeLessThanOrEqual(LISTS.length);
        expect(kept.filter(({ accounts }) => accounts.includes('session:'))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('says which list is missing', async () => {
    const { database } = await start();
    await expect(spellOut(database, [{ accounts: 'held_nowhere' }])).rejects.toThrow('held_nowhere');
  });
});
