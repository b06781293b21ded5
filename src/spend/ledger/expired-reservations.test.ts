import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { accessMigrations } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { createNewId, DAY_MS, dayOf } from '../../kernel/index.ts';
import { migrate } from '../../platform/index.ts';
import { spendMigrations } from '../migrations.ts';
import { findExpired, findUnrecorded, prolong } from './expired-reservations.ts';
import { type LedgerTables, REQUEST_HELD_MS } from './tables.ts';

const NOON = Date.UTC(2026, 10, 12, 12);
const MINUTE_MS = 60_000;

forEachDatabase((_engine, open) => {
  const start = async () => {
    const database = await open();
    await migrate(database, [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations]);
    const tables = database.tables<LedgerTables>();
    let made = 0;
    const hold = async (at: number, forMs: number): Promise<string> => {
      made += 1;
      const id = createNewId(
        () => at,
        (size) => new Uint8Array(size).fill(made),
      )('request');
      await tables
        .insertInto('reservations')
        .values({
          ...{ request_id: id, node: 'one', reserved_at: at, expires_at: at + forMs, day: dayOf(at) },
          ...{ amount_micros: 5, included_room_micros: 0, accounts: '["organization"]' },
        })
        .execute();
      return id;
    };
    const expired = async (after: number, until: number, limit = 10) =>
      (await findExpired(database, { after, until }, limit)).map(({ requestId }) => requestId);
    const unrecorded = async (at: number, limit = 10) =>
      (await findUnrecorded(database, { node: 'one', at }, limit)).map(({ requestId }) => requestId);
    return { database, hold, expired, unrecorded };
  };

  it('finds a reservation in the stretch of time in which it expires, however long it was held', async () => {
    const { hold, expired } = await start();
    const ofEntry = await hold(NOON - 31 * DAY_MS, 31 * DAY_MS + 2 * MINUTE_MS);
    const ofRequest = await hold(NOON, REQUEST_HELD_MS);
    const end = NOON + REQUEST_HELD_MS;
    expect(await expired(NOON - 45 * DAY_MS, end)).toEqual([ofEntry, ofRequest]);
    expect(await expired(NOON - 45 * DAY_MS, end, 1)).toEqual([ofEntry]);
    expect(await expired(NOON + 3 * MINUTE_MS, end)).toEqual([ofRequest]);
    expect(await expired(NOON - 45 * DAY_MS, end - 1)).toEqual([ofEntry]);
    expect(await expired(end, end + DAY_MS)).toEqual([]);
  });

  it('finds one that was given more time when that is over', async () => {
    const { database, hold, expired } = await start();
    const id = await hold(NOON, REQUEST_HELD_MS);
    const [end, later] = [NOON + REQUEST_HELD_MS, NOON + REQUEST_HELD_MS + 20 * MINUTE_MS];
    await prolong(database, [id], { before: end + MINUTE_MS, until: later });
    expect(await expired(NOON, later - 1)).toEqual([]);
    expect(await expired(end, later)).toEqual([id]);
  });

  it('finds all that a node held and did not come to record, until they have expired', async () => {
    const { hold, unrecorded } = await start();
    const ofRequest = await hold(NOON, REQUEST_HELD_MS);
    const ofEntry = await hold(NOON, 31 * DAY_MS);
    expect(await unrecorded(NOON)).toEqual([ofRequest, ofEntry]);
    expect(await unrecorded(NOON, 1)).toEqual([ofRequest]);
    expect(await unrecorded(NOON + REQUEST_HELD_MS)).toEqual([ofEntry]);
    expect(await unrecorded(NOON + 31 * DAY_MS)).toEqual([]);
  });
});
