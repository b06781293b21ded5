import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { changeInTurn } from '../policy-changes.ts';
import { readMembers } from '../read-principals.ts';
import { openSession } from '../sign-in/sign-in.ts';
import { BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { addMember } from './add-member.ts';
import { memberStore } from './store.ts';
import { restoreMemberIn, suspendMemberIn } from './suspend-member.ts';

forEachDatabase((_engine, open) => {
  it('takes access away and gives it back: the key works again, a session that ended does not', async () => {
    const { deps, database, add, keyOf, send } = await openDirectory(await open());
    const ada = await add('ada');
    const key = await keyOf(ada);
    const cookie = { cookie: `remit_session=${await openSession(deps)(ada.id, BY_TEST, 'password')}` };
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
