import { expect, it } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { type Database, migrate } from '../platform/index.ts';
import { directoryMigrations } from './migrations.ts';
import {
  type ChangesSince,
  changeInTurn,
  createChangePolicy,
  POLICY_CHANNEL,
  readChangesSince,
  readPolicyVersion,
} from './policy-changes.ts';
import type { DirectoryTables } from './tables.ts';

const idsOf = (news: ChangesSince): readonly string[] => (news.everything ? [] : news.changes.map(({ id }) => id));

forEachDatabase((_engine, open) => {
  const start = async () => {
    const database = await open();
    await migrate(database, directoryMigrations);
    return { database, changePolicy: createChangePolicy(database, () => 0) };
  };
  const setVersion = (database: Database, version: number) =>
    database.tables<DirectoryTables>().updateTable('policy_version').set({ version }).execute();

  it('gives each change the next version and answers what changed after one', async () => {
    const { database, changePolicy } = await start();
    const before = await readPolicyVersion(database);
    await database.transaction((sql) => changePolicy(sql, { entity: 'member', id: 'a' }, { entity: 'role', id: 'b' }));
    await database.transaction((sql) => changePolicy(sql, { entity: 'models', id: 'all' }));
    expect(await readPolicyVersion(database)).toBe(before + 2);
    expect(await readChangesSince(database, before)).toEqual({
      version: before + 2,
      everything: false,
      changes: [
        { entity: 'member', id: 'a' },
        { entity: 'role', id: 'b' },
        { entity: 'models', id: 'all' },
      ],
    });
    expect(idsOf(await readChangesSince(database, before + 1))).toEqual(['all']);
    expect(await readChangesSince(database, before + 2)).toEqual({
      version: before + 2,
      everything: false,
      changes: [],
    });
  });

  it('counts nothing of a transaction that rolls back', async () => {
    const { database, changePolicy } = await start();
    const before = await readPolicyVersion(database);
    const failed = database.transaction(async (sql) => {
      await changePolicy(sql, { entity: 'member', id: 'a' });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await readChangesSince(database, before)).toEqual({ version: before, everything: false, changes: [] });
  });

  it('lets no reader miss one of fifty changes made at the same time, in their order', async () => {
    const { database, changePolicy } = await start();
    const wanted = Array.from({ length: 50 }, (_, at) => `member-${at}`);
    let version = await readPolicyVersion(database);
    const seen: string[] = [];
    let isDone = false;
    const reader = (async () => {
      for (let last = false; !last; ) {
        last = isDone;
        const news = await readChangesSince(database, version);
        expect(news.everything).toBe(false);
        expect(news.version - version).toBe(idsOf(news).length);
        version = news.version;
        seen.push(...idsOf(news));
      }
    })();
    // Every third takes no turn, as a room of its own might: the version row alone has to keep the order.
    const change = (id: string, at: number) =>
      at % 3 === 0
        ? database.transaction((sql) => changePolicy(sql, { entity: 'member', id }))
        : changeInTurn(database, (sql) => changePolicy(sql, { entity: 'member', id }));
    await Promise.all(wanted.map(change));
    isDone = true;
    await reader;
    expect([...seen].sort()).toEqual([...wanted].sort());
    expect(idsOf(await readChangesSince(database, version - 50))).toEqual(seen);
  });

  it('tells a node that was away for too long to read everything', async () => {
    const { database, changePolicy } = await start();
    const before = await readPolicyVersion(database);
    await database.transaction((sql) => changePolicy(sql, { entity: 'member', id: 'old' }));
    await setVersion(database, 19_999);
    await database.transaction((sql) => changePolicy(sql, { entity: 'member', id: 'new' }));
    const news = await readChangesSince(database, before);
    expect(news).toEqual({ version: 20_000, everything: true });
    expect(idsOf(await readChangesSince(database, 19_999))).toEqual(['new']);
    const rows = await database.tables<DirectoryTables>().selectFrom('policy_changes').select('entity_id').execute();
    expect(rows).toEqual([{ entity_id: 'new' }]);
  });

  it('wakes listeners once the change is there to be read', async () => {
    const { database, changePolicy } = await start();
    const before = await readPolicyVersion(database);
    const heard = Promise.withResolvers<void>();
    const stop = await database.listen(POLICY_CHANNEL, heard.resolve);
    await database.transaction((sql) => changePolicy(sql, { entity: 'group', id: 'g' }));
    await heard.promise;
    expect(idsOf(await readChangesSince(database, before))).toEqual(['g']);
    await stop();
  });

  it('runs changes in turn: what one has read holds until it has written', async () => {
    const { database } = await start();
    const tables = database.tables<DirectoryTables>();
    const rename = () =>
      changeInTurn(database, async (sql) => {
        const { name } = await sql
          .tables<DirectoryTables>()
          .selectFrom('organization')
          .select('name')
          .executeTakeFirstOrThrow();
        await sql
          .tables<DirectoryTables>()
          .updateTable('organization')
          .set({ name: `${name}+` })
          .execute();
      });
    await tables.updateTable('organization').set({ name: '' }).execute();
    await Promise.all(Array.from({ length: 10 }, rename));
    expect(await tables.selectFrom('organization').select('name').execute()).toEqual([{ name: '+'.repeat(10) }]);
  });
});
