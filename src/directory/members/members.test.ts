import { describe, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { Actor, OrganisationRole } from '../../kernel/index.ts';
import { ADMINISTRATOR_PERMISSIONS, permissionsOfRole } from '../../kernel/index.ts';
import { apiKeyStore } from '../api-keys/store.ts';
import { createGroup } from '../groups/change-group.ts';
import { addGroupMember } from '../groups/change-membership.ts';
import { groupStore } from '../groups/store.ts';
import { createRole } from '../roles/change-role.ts';
import { accountStore } from '../sign-in/accounts/store.ts';
import { issueSignInLink } from '../sign-in/issue-sign-in-link.ts';
import { findLink, redeemSignInLink } from '../sign-in/redeem-sign-in-link.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_ADMIN, BY_TEST, by, openDirectory } from '../testing/open-directory.ts';
import { addMember } from './add-member.ts';
import { attachMemberRole, detachMemberRole } from './attach-role.ts';
import { protectOwners } from './protect-owners.ts';
import { removeMember } from './remove-member.ts';
import { memberStore } from './store.ts';
import { updateMember } from './update-member.ts';

const ADMIN: Actor = { kind: 'administrator', credentialId: 'apikey_1', permissions: ADMINISTRATOR_PERMISSIONS };

const as = (role: OrganisationRole, userId = 'user_somebody'): Actor => ({
  kind: 'member',
  userId,
  email: `${userId}@example.com`,
  role,
  credentialId: null,
  sessionId: null,
  permissions: permissionsOfRole(role),
});

const ids = (body: Record<string, unknown>) => (body.data as { id: string }[]).map(({ id }) => id);

const SEARCHES: readonly (readonly [string, readonly string[]])[] = [
  ['%', ['100% sure']],
  ['_', ['snake_case']],
  ['\\', ['back\\slash']],
  ['e_c', ['snake_case']],
  ['SNAKE', ['snake_case']],
  ['öst', ['Östen Åberg']],
  ['ÅBERG', ['Östen Åberg']],
  ['person3@', ['Östen Åberg']],
  ['  sure ', ['100% sure']],
  ["'; drop", []],
];

forEachDatabase((_engine, open) => {
  const start = async () => openDirectory(await open());

  describe('adding', () => {
    it('takes an address that differs only in case or space for the same person', async () => {
      const { deps, add } = await start();
      await add('ada');
      const again = addMember(deps)({ email: ' ADA@Example.com ', role: 'user' }, BY_TEST);
      await expect(again).rejects.toMatchObject({ code: 'conflict', details: { error_code: 'already_member' } });
    });

    it('gives a conflict, not a failure, to the second of two who add one address at the same moment', async () => {
      const { add } = await start();
      const both = await Promise.allSettled([add('ada'), add('ada')]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    });

    it('brings somebody who was removed back under the old id, without the old keys, groups and roles', async () => {
      const { deps, add, keyOf, database } = await start();
      const ada = await add('ada');
      await add('bystander');
      await keyOf(ada);
      const group = await createGroup(deps)('Builders', BY_TEST);
      await addGroupMember(deps)(group.id, ada.id, BY_TEST);
      await removeMember(deps)(ada.id, BY_ADMIN);
      const back = await addMember(deps)({ email: 'Ada@example.com', role: 'managed' }, BY_TEST);
      expect(back).toMatchObject({ id: ada.id, name: 'ada', email: 'Ada@example.com', role: 'managed' });
      expect(back.added_at).toBeGreaterThan(ada.added_at);
      const keys = await apiKeyStore(database).list({ userId: ada.id, limit: 9 }, 0);
      expect(keys.map(({ status }) => status)).toEqual(['archived']);
      expect(await groupStore(database).isMember(group.id, ada.id)).toBe(false);
    });
  });

  describe('removing', () => {
    it('ends keys, sessions, links, password, groups and roles', async () => {
      const { consoleOf, deps, add, keyOf, database, send } = await start();
      const ada = await add('ada', 'managed');
      await add('bystander');
      const first = await issueSignInLink(deps)(ada.id, BY_TEST);
      await redeemSignInLink(deps)({ token: first.token, password: 'a long password' }, BY_TEST);
      const key = await keyOf(ada);
      const headers = await consoleOf(ada);
      const link = await issueSignInLink(deps)(ada.id, BY_TEST);
      const group = await createGroup(deps)('Builders', BY_TEST);
      const role = await createRole(deps)('Opus', BY_TEST);
      await addGroupMember(deps)(group.id, ada.id, BY_TEST);
      await attachMemberRole(deps)(ada.id, role.id, BY_TEST);

      await removeMember(deps)(ada.id, BY_ADMIN);

      expect(await memberStore(database).find(ada.id)).toBeUndefined();
      expect((await send('GET /v1/me/api_keys', { key })).status).toBe(401);
      expect((await send('GET /v1/me/api_keys', { headers })).status).toBe(401);
      await expect(findLink(database, link.token, deps.now())).rejects.toMatchObject({ code: 'not_found' });
      expect(await accountStore(database).findPassword(ada.id)).toBeUndefined();
      const tables = database.tables<DirectoryTables>();
      expect(await tables.selectFrom('rbac_group_members').selectAll().execute()).toEqual([]);
      expect(await tables.selectFrom('member_roles').selectAll().execute()).toEqual([]);
      expect(await tables.selectFrom('sessions').selectAll().execute()).toEqual([]);
    });

    it('refuses the primary owner, oneself and strangers, and then leaves everything as it was', async () => {
      const { deps, add, database } = await start();
      const chief = await add('chief', 'primary_owner');
      const owner = await add('owner', 'owner');
      const refused = { code: 'permission_denied' };
      await expect(removeMember(deps)(chief.id, by(as('owner', owner.id)))).rejects.toMatchObject(refused);
      await expect(removeMember(deps)(owner.id, by(as('owner', owner.id)))).rejects.toMatchObject(refused);
      await expect(removeMember(deps)('user_x', BY_ADMIN)).rejects.toMatchObject({ code: 'not_found' });
      expect(await memberStore(database).countOwners()).toBe(2);
    });
  });

  describe('changing', () => {
    it('changes role and name, and nothing that was not asked for', async () => {
      const { deps, add, database } = await start();
      const ada = await add('ada');
      await updateMember(deps)(ada.id, { name: 'Ada Lovelace' }, BY_ADMIN);
      await updateMember(deps)(ada.id, { role: 'managed' }, BY_ADMIN);
      expect(await memberStore(database).find(ada.id)).toMatchObject({
        ...ada,
        name: 'Ada Lovelace',
        role: 'managed',
        updated_at: expect.any(Number),
      });
    });

    it("leaves the primary owner's role alone, whoever asks", async () => {
      const { deps, add } = await start();
      const chief = await add('chief', 'primary_owner');
      const refused = updateMember(deps)(chief.id, { role: 'user' }, BY_ADMIN);
      await expect(refused).rejects.toMatchObject({ code: 'permission_denied' });
    });

    it('keeps an admin from making an owner, of another or of themselves, through the API', async () => {
      const { add, keyOf, send, database } = await start();
      const admin = await add('admin', 'membership_admin');
      const user = await add('user');
      const roleOf: Record<string, string> = { [admin.id]: 'membership_admin', [user.id]: 'user' };
      const key = await keyOf(admin);
      for (const id of [admin.id, user.id]) {
        const got = await send(`POST /v1/organizations/users/${id}`, { key, body: { role: 'owner' } });
        expect([got.status, (await memberStore(database).find(id))?.role]).toEqual([400, roleOf[id]]);
      }
      const added = await send('POST /v1/organizations/users', {
        key,
        body: { email: 'x@example.com', role: 'owner' },
      });
      expect(added.status).toBe(403);
      const allowed = await send(`POST /v1/organizations/users/${user.id}`, { key, body: { role: 'managed' } });
      expect(allowed.body).toMatchObject({ id: user.id, role: 'managed' });
    });

    it('keeps an admin from getting in as an owner, by a sign-in link or by a key', async () => {
      const { add, keyOf, send } = await start();
      const owner = await add('owner', 'owner');
      const key = await keyOf(await add('admin', 'membership_admin'));
      expect((await send(`POST /v1/organizations/users/${owner.id}/sign_in_link`, { key })).status).toBe(403);
      const body = { name: 'x', user_id: owner.id };
      expect((await send('POST /v1/organizations/api_keys', { key, body })).status).toBe(403);
    });
  });

  describe('listing', () => {
    it('pages forward and back through everybody once, and says in both directions whether there is more', async () => {
      const { add, keyOf, send } = await start();
      const all: string[] = [];
      for (const name of ['a', 'b', 'c', 'd', 'e']) all.push((await add(name)).id);
      const key = await keyOf(await add('owner', 'owner'));
      const list = async (query: string) =>
        (await send(`GET /v1/organizations/users?roles[]=user&limit=2${query}`, { key })).body;

      const first = await list('');
      expect(first).toMatchObject({ has_more: true, first_id: all[0], last_id: all[1] });
      const second = await list(`&after_id=${first.last_id}`);
      const third = await list(`&after_id=${second.last_id}`);
      expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(all);
      expect(third.has_more).toBe(false);

      const back = await list(`&before_id=${third.first_id}`);
      expect(ids(back)).toEqual(ids(second));
      expect(back.has_more).toBe(true);
      const beginning = await list(`&before_id=${second.first_id}`);
      expect(ids(beginning)).toEqual(ids(first));
      expect(beginning.has_more).toBe(false);
    });

    it('answers those that are named, and no others', async () => {
      const { add, keyOf, send } = await start();
      const owner = await add('owner', 'owner');
      const [ada] = [await add('ada'), await add('bob')];
      const path = `GET /v1/organizations/users?ids=${owner.id}&ids=${ada.id}&ids=user_nobody`;
      const { body } = await send(path, { key: await keyOf(owner) });
      expect((body.data as { id: string }[]).map(({ id }) => id).sort()).toEqual([owner.id, ada.id].sort());
    });

    it('answers an empty page where nothing matches', async () => {
      const { add, keyOf, send } = await start();
      const key = await keyOf(await add('owner', 'owner'));
      expect((await send('GET /v1/organizations/users?search=nobody', { key })).body).toEqual({
        data: [],
        has_more: false,
        first_id: null,
        last_id: null,
      });
    });

    it('leaves removed members out, and finds by address whatever its case', async () => {
      const { deps, add, database } = await start();
      const ada = await add('ada');
      const bob = await add('bob');
      await removeMember(deps)(bob.id, BY_ADMIN);
      const list = (email: string) => memberStore(database).list({ email, roles: [], limit: 9 });
      expect((await list('ADA@example.com')).map(({ id }) => id)).toEqual([ada.id]);
      expect(await list('bob@example.com')).toEqual([]);
    });

    it('searches for a text as it is written, in names and addresses, whatever its case', async () => {
      const { deps, database } = await start();
      for (const [at, name] of ['100% sure', 'snake_case', 'back\\slash', 'Östen Åberg'].entries())
        await addMember(deps)({ email: `person${at}@example.com`, name, role: 'user' }, BY_TEST);
      for (const [search, wanted] of SEARCHES) {
        const found = await memberStore(database).list({ search, roles: [], limit: 9 });
        expect([search, ...found.map(({ name }) => name)]).toEqual([search, ...wanted]);
      }
    });

    it('finds a member by the new name after a change', async () => {
      const { deps, add, database } = await start();
      const ada = await add('ada');
      await updateMember(deps)(ada.id, { name: 'Émilie' }, BY_ADMIN);
      const found = await memberStore(database).list({ search: 'émi', roles: [], limit: 9 });
      expect(found.map(({ id }) => id)).toEqual([ada.id]);
    });
  });

  describe('roles of one member', () => {
    it('attaches once however often it is asked, and detaches once', async () => {
      const { deps, add, database } = await start();
      const ada = await add('ada');
      const role = await createRole(deps)('Opus', BY_TEST);
      await attachMemberRole(deps)(ada.id, role.id, BY_TEST);
      await attachMemberRole(deps)(ada.id, role.id, BY_TEST);
      expect(await memberStore(database).roleIds(ada.id)).toEqual([role.id]);
      await detachMemberRole(deps)(ada.id, role.id, BY_TEST);
      await expect(detachMemberRole(deps)(ada.id, role.id, BY_TEST)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('knows neither unknown members nor unknown roles', async () => {
      const { deps, add } = await start();
      const ada = await add('ada');
      const role = await createRole(deps)('Opus', BY_TEST);
      await expect(attachMemberRole(deps)('user_x', role.id, BY_TEST)).rejects.toMatchObject({ code: 'not_found' });
      await expect(attachMemberRole(deps)(ada.id, 'rbac_role_x', BY_TEST)).rejects.toMatchObject({ code: 'not_found' });
    });
  });
});

describe('who may make, change and remove whom', () => {
  const ADMINISTRATIVE: readonly OrganisationRole[] = ['primary_owner', 'owner', 'membership_admin'];
  const PLAIN: readonly OrganisationRole[] = ['user', 'managed'];

  it.each([...ADMINISTRATIVE, ...PLAIN])('an owner and an admin key may do so with a %s', (target) => {
    for (const actor of [ADMIN, as('owner'), as('primary_owner')])
      expect(() => protectOwners(actor, target)).not.toThrow();
  });

  it.each(ADMINISTRATIVE)('nobody else may do so with a %s', (target) => {
    const others: readonly Actor[] = [
      as('membership_admin'),
      as('user'),
      as('managed'),
      { kind: 'anonymous' },
      { kind: 'service', groupId: 'rbac_group_1', credentialId: 'apikey_1' },
    ];
    for (const actor of others) {
      expect(() => protectOwners(actor, target)).toThrow(/Only an owner/);
      expect(() => protectOwners(actor, 'user', target)).toThrow(/Only an owner/);
    }
  });

  it.each(PLAIN)('an admin may do so with a %s', (target) => {
    expect(() => protectOwners(as('membership_admin'), target, undefined)).not.toThrow();
  });
});
