import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { createGroup } from '../groups/change-group.ts';
import { addGroupMember } from '../groups/change-membership.ts';
import { groupStore } from '../groups/store.ts';
import { changeInTurn, readPolicyVersion } from '../policy-changes.ts';
import { readMembers } from '../read-principals.ts';
import { issueSignInLink } from '../sign-in/issue-sign-in-link.ts';
import { findLink } from '../sign-in/redeem-sign-in-link.ts';
import { BY_ADMIN, BY_OWNER, BY_TEST, inPerson, openDirectory } from '../testing/open-directory.ts';
import { addMember } from './add-member.ts';
import { memberStore } from './store.ts';
import { restoreMember, restoreMemberIn, suspendMember, suspendMemberIn } from './suspend-member.ts';
import { updateMember } from './update-member.ts';

forEachDatabase((_engine, open) => {
  it('ends open one-time links, and makes no new ones until the member is restored', async () => {
    const { deps, database, add, send, keyOf } = await openDirectory(await open());
    const key = await keyOf(await add('chief', 'owner'));
    const ada = await add('ada');
    const { token } = await issueSignInLink(deps)(ada.id, BY_TEST);
    expect((await send(`POST /v1/organizations/users/${ada.id}/suspend`, { key })).body).toMatchObject({
      status: 'suspended',
    });
    await expect(findLink(database, token, deps.now())).rejects.toMatchObject({ code: 'not_found' });
    const link = `POST /v1/organizations/users/${ada.id}/sign_in_link`;
    expect((await send(link, { key })).status).toBe(400);
    await restoreMember(deps)(ada.id, BY_ADMIN);
    expect((await send(link, { key })).status).toBe(200);
  });

  it('tells a suspended member with a key why it is refused', async () => {
    const { deps, add, keyOf, send } = await openDirectory(await open());
    const ada = await add('ada');
    const key = await keyOf(ada);
    await suspendMember(deps)(ada.id, BY_ADMIN);
    const { status, body } = await send('GET /v1/me/api_keys', { key });
    expect([status, JSON.stringify(body)]).toEqual([401, expect.stringContaining('suspended')]);
  });

  it('is refused for the primary owner, oneself, strangers and owners by admins, and then changes nothing', async () => {
    const { deps, database, add } = await openDirectory(await open());
    const chief = await add('chief', 'primary_owner');
    const owner = await add('owner', 'owner');
    const refused = { code: 'permission_denied' };
    const version = await readPolicyVersion(database);
    const self = inPerson(owner);
    const admin = inPerson({ ...owner, id: 'user_admin', role: 'membership_admin' });
    await expect(suspendMember(deps)(chief.id, BY_ADMIN)).rejects.toMatchObject(refused);
    await expect(suspendMember(deps)(owner.id, self)).rejects.toMatchObject(refused);
    await expect(suspendMember(deps)(owner.id, admin)).rejects.toMatchObject(refused);
    await expect(suspendMember(deps)('user_x', BY_ADMIN)).rejects.toMatchObject({ code: 'not_found' });
    await expect(suspendMember(deps)(owner.id, BY_ADMIN)).rejects.toMatchObject({ code: 'invalid_request' });
    await suspendMember(deps)(owner.id, BY_OWNER);
    await expect(restoreMember(deps)(owner.id, admin)).rejects.toMatchObject(refused);
    expect(await memberStore(database).findAny(owner.id)).toMatchObject({ status: 'suspended' });
    expect(await readPolicyVersion(database)).toBe(version + 1);
  });

  it('leaves groups, roles and keys to the member, who can be changed meanwhile', async () => {
    const { deps, database, add, keyOf } = await openDirectory(await open());
    const ada = await add('ada', 'managed');
    await keyOf(ada);
    const group = await createGroup(deps)('Builders', BY_TEST);
    await suspendMember(deps)(ada.id, BY_ADMIN);
    await suspendMember(deps)(ada.id, BY_ADMIN);
    await addGroupMember(deps)(group.id, ada.id, BY_TEST);
    await updateMember(deps)(ada.id, { role: 'user' }, BY_ADMIN);
    expect((await groupStore(database).memberCounts([group.id])).get(group.id)).toBe(1);
    await restoreMember(deps)(ada.id, BY_ADMIN);
    expect(await readMembers(database, [ada.id])).toMatchObject([{ role: 'user', groupIds: [group.id] }]);
  });

  it('takes access away and gives it back: the key works again, a session that ended does not', async () => {
    const { consoleOf, deps, database, add, keyOf, send } = await openDirectory(await open());
    const ada = await add('ada');
    const key = await keyOf(ada);
    const cookie = await consoleOf(ada);
    const session = async () => (await send('GET /v1/session', { headers: cookie })).body.user;
    expect(await session()).toMatchObject({ id: ada.id });

    await changeInTurn(database, (sql) => suspendMemberIn(deps)(sql, ada, BY_TEST));
    expect(await session()).toBeNull();
    expect((await send('GET /v1/me/api_keys', { key })).status).toBe(401);
    expect(await readMembers(database, [ada.id])).toEqual([]);
    await expect(addMember(deps)({ email: ada.email, role: 'owner' }, BY_TEST)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await memberStore(database).findAny(ada.id)).toMatchObject({ status: 'suspended', role: 'user' });

    await changeInTurn(database, (sql) => restoreMemberIn(deps)(sql, ada, BY_TEST));
    expect(await session()).toBeNull();
    expect((await send('GET /v1/me/api_keys', { key })).status).toBe(200);
    expect(await readMembers(database, [ada.id])).toHaveLength(1);
  });
});
