import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { migrate } from '../../platform/index.ts';
import { gatewayMigrations } from '../migrations.ts';
import type { UpstreamObject } from '../tables.ts';
import { objectStore } from './store.ts';

const ofMember = (userId: string) => ({ kind: 'file' as const, owner: { userId, groupId: null } });
const ofGroup = (groupId: string) => ({ kind: 'file' as const, owner: { userId: null, groupId } });

const object = (id: string, changes: Partial<UpstreamObject> = {}): UpstreamObject => ({
  id,
  kind: 'file',
  upstream: 'main',
  user_id: null,
  group_id: null,
  api_key_id: 'apikey_1',
  creation_id: null,
  created_at: 1,
  expires_at: null,
  deleted_at: null,
  object: '{}',
  ...changes,
});

forEachDatabase((_engine, open) => {
  it('tells which files are somebody else’s: of another member, of a group, and deleted ones; unknown ones are nobody’s', async () => {
    const database = await open();
    await migrate(database, gatewayMigrations.slice(0, 1));
    const store = objectStore(database);
    await store.add(object('ada', { user_id: 'user_ada' }));
    await store.add(object('eve', { user_id: 'user_eve' }));
    await store.add(object('gone', { user_id: 'user_eve', deleted_at: 5 }));
    await store.add(object('ours', { group_id: 'group_1' }));
    await store.add(object('batch', { user_id: 'user_eve', kind: 'batch' }));
    const many = Array.from({ length: 1200 }, (_, at) => `unknown_${at}`);
    const ids = ['ada', 'eve', 'gone', 'ours', 'batch', ...many];
    const foreignTo = async (belongings: ReturnType<typeof ofMember> | ReturnType<typeof ofGroup>) =>
      [...(await store.foreign(belongings, ids))].sort();
    expect(await foreignTo(ofMember('user_ada'))).toEqual(['eve', 'gone', 'ours']);
    expect(await foreignTo(ofMember('user_eve'))).toEqual(['ada', 'ours']);
    expect(await foreignTo(ofGroup('group_1'))).toEqual(['ada', 'eve', 'gone']);
    expect(await store.foreign(ofMember('user_ada'), [...many, 'eve'])).toEqual(['eve']);
    expect(await store.foreign(ofMember('user_ada'), [])).toEqual([]);
  });
});
