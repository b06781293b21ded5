import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import type { OrganisationRole } from '../../../kernel/index.ts';
import { BY_ADMIN, openDirectory } from '../../testing/open-directory.ts';
import { updateSettings } from '../settings/update-settings.ts';

const MINUTE_MS = 60_000;

forEachDatabase((_engine, open) => {
  const start = async () => {
    const directory = await openDirectory(await open());
    const who = async (headers: object) =>
      (await directory.send('GET /v1/session', { headers: { ...headers } })).body.user;
    return { ...directory, who };
  };

  it('lists where one is signed in, and ends one of them or all others', async () => {
    const { add, send, consoleOf, who } = await start();
    const ada = await add('ada');
    const [here, there, elsewhere] = [await consoleOf(ada), await consoleOf(ada), await consoleOf(ada)];
    const list = async () => (await send('GET /v1/me/sessions', { headers: here })).body.data as { id: string }[];
    const sessions = await list();
    expect(sessions.map((one) => 'is_current' in one && one.is_current)).toEqual([false, false, true]);
    await send(`DELETE /v1/me/sessions/${sessions[0]?.id}`, { headers: here });
    expect([await who(elsewhere), await who(there)]).toEqual([null, expect.anything()]);
    const ended = await send('POST /v1/me/sessions/end_all', { headers: here, body: { keep_this: true } });
    expect([ended.body.ended, await who(there), await who(here)]).toEqual([1, null, expect.anything()]);
    await send('POST /v1/me/sessions/end_all', { headers: here, body: {} });
    expect(await who(here)).toBeNull();
  });

  it('shows and ends nobody else’s, and nothing to a key', async () => {
    const { add, send, consoleOf, keyOf, who } = await start();
    const [ada, bob] = [await add('ada'), await add('bob')];
    const [ofAda, ofBob] = [await consoleOf(ada), await consoleOf(bob)];
    const { body } = await send('GET /v1/me/sessions', { headers: ofBob });
    const [session] = body.data as { id: string }[];
    expect((await send(`DELETE /v1/me/sessions/${session?.id}`, { headers: ofAda })).status).toBe(404);
    expect(await who(ofBob)).not.toBeNull();
    expect((await send('GET /v1/me/sessions', { key: await keyOf(bob) })).status).toBe(401);
  });

  it('takes shorter limits for sessions that run already', async () => {
    const { add, consoleOf, who, deps, clock } = await start();
    const headers = await consoleOf(await add('ada'));
    clock.ms += 20 * MINUTE_MS;
    await updateSettings(deps)({ session_idle_minutes: 21 }, BY_ADMIN);
    expect(await who(headers)).not.toBeNull();
    clock.ms += 20 * MINUTE_MS;
    await updateSettings(deps)({ session_hours: 1 }, BY_ADMIN);
    expect(await who(headers)).not.toBeNull();
    clock.ms += 20 * MINUTE_MS;
    expect(await who(headers)).toBeNull();
  });

  it.each<readonly [who: OrganisationRole | 'key', whom: OrganisationRole | 'self', answer: string]>([
    ['key', 'user', 'ended'],
    ['key', 'managed', 'ended'],
    ['key', 'membership_admin', 'ended'],
    ['key', 'owner', 'ended'],
    ['key', 'primary_owner', '400 cannot_sign_out_primary_owner'],
    ['membership_admin', 'user', 'ended'],
    ['membership_admin', 'membership_admin', '403 cannot_sign_out_membership_admin'],
    ['membership_admin', 'owner', '403 cannot_sign_out_owner'],
    ['membership_admin', 'self', '400 cannot_sign_out_self'],
    ['owner', 'owner', 'ended'],
    ['owner', 'membership_admin', 'ended'],
    ['owner', 'primary_owner', '400 cannot_sign_out_primary_owner'],
    ['primary_owner', 'self', '400 cannot_sign_out_self'],
  ])('signing out by %s of %s: %s', async (by, whom, answer) => {
    const { add, send, consoleOf, who, deps } = await start();
    const doer = await add('doer', by === 'key' ? 'owner' : by);
    const member = whom === 'self' ? doer : await add('member', whom);
    const headers = await consoleOf(member);
    const { acceptConfiguredKey } = await import('../../api-keys/accept-configured-key.ts');
    await acceptConfiguredKey(deps)('an admin key of the tests');
    const beta = { 'anthropic-beta': 'admin-user-sign-out-2026-10-08' };
    const sent =
      by === 'key'
        ? { key: 'an admin key of the tests', headers: beta }
        : { headers: { ...(await consoleOf(doer)), ...beta } };
    const { status, body } = await send(`POST /v1/organizations/users/${member.id}/sign_out`, sent);
    const details = (body.error as { details?: { error_code: string } } | undefined)?.details;
    expect(status === 200 ? 'ended' : `${status} ${details?.error_code}`).toBe(answer);
    expect((await who(headers)) === null).toBe(answer === 'ended');
    if (answer === 'ended') expect(body).toMatchObject({ id: member.id, type: 'user' });
  });

  it('signs out nobody who is not there', async () => {
    const { send, add, consoleOf } = await start();
    const headers = await consoleOf(await add('boss', 'owner'));
    expect((await send('POST /v1/organizations/users/user_missing/sign_out', { headers })).status).toBe(404);
  });
});
