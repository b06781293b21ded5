import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { access, directory, type Remit, startRemit } from '../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../support/scim.ts';
import { waitFor } from '../../support/wait.ts';

/** What an administrator settles about a directory, and sees of it. */

let remit: Remit;
beforeAll(async () => {
  remit = await startRemit();
});
afterAll(() => remit.stop());

const patch = (...operations: readonly object[]) => ({ Operations: operations });
const deactivate = patch({ op: 'replace', path: 'active', value: false });

const memberOf = (id: string) => remit.call(directory.getUser, { params: { user_id: id } });
const statusOf = async (id: string) => (await memberOf(id)).status;
const paramsOf = ({ id }: ScimClient) => ({ directory_id: id });
const show = (scim: ScimClient) => remit.call(directory.getDirectory, { params: paramsOf(scim) });
const preview = (scim: ScimClient) => remit.call(directory.previewDirectorySync, { params: paramsOf(scim) });
const sync = (scim: ScimClient, approve = false) =>
  remit.callNow(directory.syncDirectory, { params: paramsOf(scim), body: { approve_removals: approve } });
const held = async (scim: ScimClient) =>
  (await remit.call(directory.listHeldRemovals, { params: paramsOf(scim) })).data;

const people = async (scim: ScimClient, prefix: string, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push((await scim.addUser(`${prefix}-${i}`)).id);
  return ids;
};

describe('a mass removal', () => {
  test('is held above the share: the identity provider goes on, people keep their access until somebody approves', async () => {
    const scim = await newDirectory(remit, { share: 20 });
    const ids = await people(scim, 'mass', 10);
    for (const id of ids.slice(0, 4)) {
      const answer = await scim.send(`PATCH /Users/${id}`, deactivate);
      expect(answer).toMatchObject({ status: 200, body: { active: false } });
    }
    const statuses = await Promise.all(ids.slice(0, 4).map(statusOf));
    expect(statuses).toEqual(['suspended', 'suspended', 'active', 'active']);
    expect((await scim.send(`DELETE /Users/${ids[4]}`)).status).toBe(204);
    expect((await scim.send(`GET /Users/${ids[4]}`)).status).toBe(404);
    expect(await statusOf(ids[4] ?? '')).toBe('active');
    expect((await held(scim)).map(({ user_id, reason }) => [user_id, reason])).toEqual([
      [ids[2], 'deactivated'],
      [ids[3], 'deactivated'],
      [ids[4], 'deleted'],
    ]);
    expect(await show(scim)).toMatchObject({ held_removal_count: 3 });
    expect(await preview(scim)).toMatchObject({ removals: { count: 3 }, held_removal_count: 3, member_count: 8 });

    // Taken back by the identity provider before anybody has decided.
    await scim.send(`PATCH /Users/${ids[2]}`, patch({ op: 'replace', path: 'active', value: true }));
    expect(await held(scim)).toHaveLength(2);
    const approved = await remit.call(directory.approveRemovals, { params: paramsOf(scim), body: {} });
    expect(approved.count).toBe(2);
    expect(await statusOf(ids[3] ?? '')).toBe('suspended');
    await expect(memberOf(ids[4] ?? '')).rejects.toMatchObject({ status: 404 });
    expect(await statusOf(ids[2] ?? '')).toBe('active');
    expect(await held(scim)).toEqual([]);
  });

  test('that is rejected leaves people where they are, and SCIM says so', async () => {
    const scim = await newDirectory(remit, { share: 0 });
    const [first = '', kept = '', left = ''] = await people(scim, 'rejected', 3);
    for (const id of [first, kept]) await scim.send(`PATCH /Users/${id}`, deactivate);
    await scim.send(`DELETE /Users/${left}`);
    const version = (await scim.send(`GET /Users/${kept}`)).headers.etag;
    const rejected = await remit.callNow(directory.rejectRemovals, { params: paramsOf(scim), body: {} });
    expect(rejected.count).toBe(2);
    expect([await statusOf(first), await statusOf(kept), await statusOf(left)]).toEqual([
      'suspended',
      'active',
      'active',
    ]);
    const now = await scim.send(`GET /Users/${kept}`);
    expect(now.body.active).toBe(true);
    expect(now.headers.etag).not.toBe(version);
    // No longer the directory's: managed by hand, and free to be removed so.
    expect((await scim.send(`GET /Users/${left}`)).status).toBe(404);
    await remit.call(directory.removeUser, { params: { user_id: left } });
  });

  test('is held too when somebody deleted comes back, and is then simply there', async () => {
    const scim = await newDirectory(remit, { share: 0 });
    const [first = '', second = ''] = await people(scim, 'back', 2);
    for (const id of [first, second]) await scim.send(`DELETE /Users/${id}`);
    expect((await scim.addUser('BACK-1')).id).toBe(second);
    expect(await held(scim)).toEqual([]);
    expect(await statusOf(second)).toBe('active');
  });
});

describe('a directory that is previewed', () => {
  test('changes nobody’s access, shows what it would do, and does it when it is told to', async () => {
    const scim = await newDirectory(remit, { mode: 'preview', domains: ['example.com'] });
    const existing = await remit.newMember();
    const leaving = await remit.newMember();
    await scim.addUser(existing.email);
    await scim.addUser(leaving.email, { active: false });
    const { id: fresh } = await scim.addUser('preview-new');
    expect([await statusOf(existing.id), await statusOf(leaving.id), await statusOf(fresh)]).toEqual([
      'active',
      'active',
      'suspended',
    ]);
    const plan = await preview(scim);
    expect(plan).toMatchObject({
      additions: { count: 1, people: [{ user_id: fresh, detail: 'gets access' }] },
      changes: { count: 0 },
      removals: { count: 1, people: [{ user_id: leaving.id, detail: 'suspended (deactivated)' }] },
      member_count: 2,
    });
    expect(await sync(scim)).toMatchObject({ additions: 1, removals: 1, held_removal_count: 0 });
    expect([await statusOf(leaving.id), await statusOf(fresh)]).toEqual(['suspended', 'active']);
    expect(await preview(scim)).toMatchObject({ additions: { count: 0 }, removals: { count: 0 } });
    await remit.callNow(directory.updateDirectory, { params: paramsOf(scim), body: { mode: 'live' } });
    await scim.send(`PATCH /Users/${fresh}`, deactivate);
    expect(await statusOf(fresh)).toBe('suspended');
  });
});

describe('somebody who is a member already', () => {
  test('is taken over only by a directory that is authoritative for their domain', async () => {
    const member = await remit.newMember();
    const stranger = await newDirectory(remit);
    const refused = await stranger.send('POST /Users', { userName: member.email });
    expect(refused).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
    expect(refused.body.detail).toContain('authoritative');
    const own = await newDirectory(remit, { domains: ['example.com'] });
    expect((await own.addUser(member.email)).id).toBe(member.id);
    // Whom one directory has, another does not get.
    const other = await newDirectory(remit, { domains: ['example.com'] });
    expect((await other.send('POST /Users', { userName: member.email })).status).toBe(409);
    const { id } = await other.addUser('somebody-else');
    const stolen = await other.send(`PUT /Users/${id}`, {
      userName: 'somebody-else',
      emails: [{ value: member.email }],
    });
    expect(stolen).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
  });
});

describe('groups', () => {
  test('of an identity provider are not edited here, but roles attach to them', async () => {
    const scim = await newDirectory(remit);
    const { id: userId } = await scim.addUser('grouped');
    const { id } = await scim.addGroup('Provisioned', [userId]);
    const params = { group_id: id };
    expect(await remit.call(directory.getGroup, { params })).toMatchObject({ source_type: 'scim', member_count: 1 });
    for (const change of [
      () => remit.callNow(directory.renameGroup, { params, body: { name: 'x' } }),
      () => remit.callNow(directory.deleteGroup, { params }),
      () => remit.callNow(directory.addGroupMember, { params, body: { user_id: userId } }),
      () => remit.callNow(directory.removeGroupMember, { params: { ...params, user_id: userId } }),
    ])
      await expect(change()).rejects.toMatchObject({ status: 400 });
    const role = await remit.newRole({ 'claude-opus-5': null });
    const mapped = await remit.call(directory.addDirectoryMapping, {
      params: paramsOf(scim),
      body: { rbac_group_id: id, kind: 'rbac_role', value: role },
    });
    expect((await remit.call(directory.getGroup, { params })).role_ids).toEqual([role]);
    expect((await remit.call(access.getModelMatrix)).models.length).toBeGreaterThan(0);
    await remit.call(directory.removeDirectoryMapping, { params: { ...paramsOf(scim), mapping_id: mapped.id } });
    expect((await remit.call(directory.getGroup, { params })).role_ids).toEqual([]);
    expect((await scim.send(`DELETE /Groups/${id}`)).status).toBe(204);
    await expect(remit.call(directory.getGroup, { params })).rejects.toMatchObject({ status: 404 });
    expect(await statusOf(userId)).toBe('active');
  });

  test('give organisation roles where they are mapped: the highest counts, and without one there is no access', async () => {
    const scim = await newDirectory(remit);
    const [ada = '', bob = ''] = await people(scim, 'mapped', 2);
    const users = (await scim.addGroup('Everybody', [ada, bob])).id;
    const custom = (await scim.addGroup('Builders', [])).id;
    const map = (groupId: string, kind: 'organization_role' | 'seat_type', value: string) =>
      remit.callNow(directory.addDirectoryMapping, {
        params: paramsOf(scim),
        body: { rbac_group_id: groupId, kind, value },
      });
    await map(users, 'organization_role', 'user');
    await map(custom, 'organization_role', 'managed');
    await map(users, 'seat_type', 'standard');
    await remit.callNow(directory.updateDirectory, { params: paramsOf(scim), body: { maps_roles: true } });
    await scim.send(`PATCH /Groups/${custom}`, patch({ op: 'add', path: 'members', value: [{ value: ada }] }));
    expect((await memberOf(ada)).role).toBe('managed');
    await expect(
      remit.callNow(directory.updateUser, { params: { user_id: ada }, body: { role: 'user' } }),
    ).rejects.toMatchObject({ status: 400, details: { error_code: 'mapped_role' } });

    await scim.send(`PATCH /Groups/${custom}`, patch({ op: 'remove', path: `members[value eq "${ada}"]` }));
    expect((await memberOf(ada)).role).toBe('user');
    await scim.send(`PATCH /Groups/${users}`, patch({ op: 'remove', path: 'members', value: [{ value: bob }] }));
    expect(await statusOf(bob)).toBe('suspended');
    expect((await scim.send(`GET /Users/${bob}`)).body.active).toBe(true);
    await scim.send(`PATCH /Groups/${users}`, patch({ op: 'add', path: 'members', value: [{ value: bob }] }));
    expect(await statusOf(bob)).toBe('active');

    // A mapping changes nobody by itself; the next sync does.
    await map(users, 'organization_role', 'managed');
    expect((await memberOf(bob)).role).toBe('user');
    expect(await preview(scim)).toMatchObject({ changes: { count: 2 } });
    expect(await sync(scim)).toMatchObject({ changes: 2 });
    expect((await memberOf(bob)).role).toBe('managed');
    const { data } = await remit.call(directory.listDirectoryMappings, { params: paramsOf(scim) });
    expect(data.map(({ group_name, kind, value }) => [group_name, kind, value])).toEqual([
      ['Builders', 'organization_role', 'managed'],
      ['Everybody', 'seat_type', 'standard'],
      ['Everybody', 'organization_role', 'managed'],
    ]);
  });
});

describe('seats', () => {
  test('follow the groups that are mapped to them, and stay as they are where none is', async () => {
    const scim = await newDirectory(remit);
    const [ada = '', bob = ''] = await people(scim, 'seated', 2);
    const seatOf = async (id: string) => (await memberOf(id)).seat_tier;
    await remit.callNow(directory.updateUser, { params: { user_id: bob }, body: { seat_tier: 'by hand' } });
    const [premium, standard] = [(await scim.addGroup('Premium', [])).id, (await scim.addGroup('Standard', [ada])).id];
    const add = { op: 'add', path: 'members', value: [{ value: ada }] };
    await scim.send(`PATCH /Groups/${premium}`, patch(add));
    expect([await seatOf(ada), await seatOf(bob)]).toEqual([null, 'by hand']);
    for (const [rbac_group_id = '', value] of [
      [premium, 'premium'],
      [standard, 'standard'],
    ] as const)
      await remit.callNow(directory.addDirectoryMapping, {
        params: paramsOf(scim),
        body: { rbac_group_id, kind: 'seat_type', value },
      });
    expect([await seatOf(ada), await seatOf(bob)]).toEqual([null, 'by hand']);
    expect(await preview(scim)).toMatchObject({ changes: { count: 2 } });
    await sync(scim);
    expect([await seatOf(ada), await seatOf(bob)]).toEqual(['premium', null]);
    const leave = (id: string) => scim.send(`PATCH /Groups/${id}`, patch({ ...add, op: 'remove' }));
    await leave(premium);
    expect(await seatOf(ada)).toBe('standard');
    await leave(standard);
    expect(await seatOf(ada)).toBeNull();
    expect(await statusOf(ada)).toBe('active');
  });
});

describe('an administrator', () => {
  test('sees what syncs have done and what was asked, without secrets', async () => {
    const scim = await newDirectory(remit);
    const { id } = await scim.addUser('logged', {
      password: 'hunter2',
      phoneNumbers: [{ value: '+44 1', type: 'work' }],
    });
    await scim.addGroup('Logged', [id]);
    await scim.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'password', value: 'hunter3' }));
    await scim.send(`PATCH /Users/${id}`, patch({ op: 'replace', value: { password: 'hunter4', active: false } }));
    const { data: syncs } = await remit.call(directory.listDirectorySyncs, { params: paramsOf(scim) });
    expect(syncs).toMatchObject([{ users_added: 1, users_removed: 1, groups_changed: 1, members_added: 1 }]);
    const params = { ...paramsOf(scim), sync_id: syncs[0]?.id ?? '' };
    const changes = (await remit.call(directory.listDirectoryChanges, { params })).data;
    expect(changes.map(({ kind }) => kind)).toEqual(['user_added', 'group_added', 'members_added', 'user_suspended']);

    const requests = await waitFor('the log of requests', async () => {
      const { data } = await remit.call(directory.listDirectoryRequests, { params: paramsOf(scim) });
      return data.length === 4 && data;
    });
    expect(requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['PATCH', `/Users/${id}`, 200],
      ['PATCH', `/Users/${id}`, 400],
      ['POST', '/Groups', 201],
      ['POST', '/Users', 201],
    ]);
    const text = JSON.stringify(requests);
    for (const secret of ['hunter', '+44', scim.token]) expect(text).not.toContain(secret);
    expect(text).toContain('logged');
    const failed = await remit.call(directory.listDirectoryRequests, {
      params: paramsOf(scim),
      query: { failed: true },
    });
    expect(failed.data.map(({ status }) => status)).toEqual([400]);
    const first = await remit.call(directory.listDirectoryRequests, { params: paramsOf(scim), query: { limit: 3 } });
    const rest = await remit.call(directory.listDirectoryRequests, {
      params: paramsOf(scim),
      query: { limit: 3, page: first.next_page ?? '' },
    });
    expect([first.data.length, rest.data.length, rest.next_page]).toEqual([3, 1, null]);
  });

  test('removes a directory: its token ends, its people and groups stay and are managed here', async () => {
    const scim = await newDirectory(remit);
    const { id } = await scim.addUser('orphan');
    const group = await scim.addGroup('Orphans', [id]);
    await remit.callNow(directory.deleteDirectory, { params: paramsOf(scim) });
    expect((await scim.send('GET /Users')).status).toBe(401);
    expect(await statusOf(id)).toBe('active');
    await remit.call(directory.renameGroup, { params: { group_id: group.id }, body: { name: 'Adopted' } });
    await remit.call(directory.removeUser, { params: { user_id: id } });
  });
});
