import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { activityStore } from '../../activity/store.ts';
import { hashSecret } from '../../platform/index.ts';
import { removeMember } from '../members/remove-member.ts';
import type { Member } from '../members/store.ts';
import { restoreMember, suspendMember } from '../members/suspend-member.ts';
import { updateMember } from '../members/update-member.ts';
import { changeInTurn } from '../policy-changes.ts';
import { readDevices } from '../read-principals.ts';
import { changePassword } from '../sign-in/accounts/change-password.ts';
import { forgetExpired } from '../sign-in/forget-expired.ts';
import { endOwnSessions } from '../sign-in/sessions/end-sessions.ts';
import { signOutMember } from '../sign-in/sessions/sign-out-member.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_OWNER, BY_TEST, type Directory, inPerson, openDirectory } from '../testing/open-directory.ts';
import { endGrant, revokeToken } from './end-grants.ts';
import { openGrant } from './open-grant.ts';
import { RENEWED_TWICE_MS, renewGrant } from './renew-grant.ts';
import { deviceGrantStore } from './store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const [HOME, ELSEWHERE] = ['192.0.2.7', '198.51.100.9'];
const LIFETIMES = { accessMs: HOUR_MS, idleMs: 30 * DAY_MS };

forEachDatabase((_engine, open) => {
  const start = async () => {
    const directory = await openDirectory(await open());
    const { deps, database } = directory;
    const ada = await directory.add('ada');
    await directory.add('boss', 'primary_owner');
    return {
      ...directory,
      ada,
      /** Signs somebody in on a device. */
      device: async (member: Member = ada) => {
        const grant = { userId: member.id, name: 'Claude Code', lifetimes: LIFETIMES };
        const opened = await changeInTurn(database, (sql) =>
          openGrant(deps)(sql, grant, { ...BY_TEST, ipAddress: HOME }),
        );
        if (opened === undefined) throw new Error('nobody was signed in');
        return opened;
      },
      renew: async (refreshToken: string, ipAddress: string | null = HOME) =>
        (await renewGrant(deps)(refreshToken, LIFETIMES, { ...BY_TEST, ipAddress }))?.tokens,
    };
  };

  const grantOf = async ({ database }: Directory, id: string) => deviceGrantStore(database).find(id);
  const changesOf = ({ database }: Directory) =>
    database.tables<DirectoryTables>().selectFrom('policy_changes').selectAll().orderBy('version').execute();
  const activitiesOf = async ({ database }: Directory, type: string) => {
    const rows = await activityStore(database).list(
      { types: [type], exceptTypes: [], actorIds: [] },
      { order: 'asc', limit: 100 },
    );
    return rows.map(({ fields }) => JSON.parse(fields));
  };

  it('keeps no token, and recognises the device by the hash of the one it has', async () => {
    const place = await start();
    const { id, tokens } = await place.device();
    const row = JSON.stringify(await grantOf(place, id));
    expect(row).not.toContain(tokens.accessToken);
    expect(row).not.toContain(tokens.refreshToken.split('.')[1]);
    expect(await readDevices(place.database, 'all')).toMatchObject([
      { id, kind: 'device', userId: place.ada.id, isActive: true, tokens: [{ hash: hashSecret(tokens.accessToken) }] },
    ]);
    expect(await activitiesOf(place, 'trusted_device_enrolled')).toMatchObject([{ trusted_device_id: id }]);
  });

  it('signs nobody in who has been suspended since they agreed to it', async () => {
    const { deps, ada, device } = await start();
    await suspendMember(deps)(ada.id, BY_OWNER);
    await expect(device()).rejects.toThrow('nobody was signed in');
  });

  it('renews with a token that counts once; the access token before goes on until its own end', async () => {
    const place = await start();
    const { id, tokens: first } = await place.device();
    const second = await place.renew(first.refreshToken);
    const third = await place.renew(second?.refreshToken ?? '');
    expect(new Set([first, second, third].map((tokens) => tokens?.refreshToken)).size).toBe(3);
    const [facts] = await readDevices(place.database, [id]);
    expect(facts?.tokens).toEqual([
      { hash: hashSecret(third?.accessToken ?? ''), expiresAt: third?.expiresAt },
      { hash: hashSecret(second?.accessToken ?? ''), expiresAt: second?.expiresAt },
    ]);
  });

  it('gives the same tokens to whoever asks twice within moments, however many ask at once', async () => {
    const { device, renew, database } = await start();
    const { id, tokens } = await device();
    const renewed = await Promise.all(Array.from({ length: 5 }, () => renew(tokens.refreshToken)));
    expect(new Set(renewed.map((one) => one?.accessToken)).size).toBe(1);
    expect(await renew(tokens.refreshToken)).toEqual(renewed[0]);
    expect(await deviceGrantStore(database).find(id)).toMatchObject({ ended_at: null });
  });

  it('gives nothing for a token that was replaced a while ago, and leaves the device signed in: its sessions share one', async () => {
    const place = await start();
    const { id, tokens } = await place.device();
    const second = await place.renew(tokens.refreshToken);
    place.clock.ms += RENEWED_TWICE_MS;
    expect(await place.renew(tokens.refreshToken)).toBeUndefined();
    const third = await place.renew(second?.refreshToken ?? '');
    expect(third).toBeDefined();
    expect(await place.renew(tokens.refreshToken)).toBeUndefined();
    expect(await grantOf(place, id)).toMatchObject({ ended_at: null });
  });

  it.each(['at once', 'a while later'])(
    'ends the device when a replaced token comes from elsewhere while it is in use, %s',
    async (when) => {
      const place = await start();
      const { id, tokens } = await place.device();
      const next = await place.renew(tokens.refreshToken);
      if (when !== 'at once') place.clock.ms += 10 * RENEWED_TWICE_MS;
      expect(await place.renew(tokens.refreshToken, ELSEWHERE)).toBeUndefined();
      expect(await grantOf(place, id)).toMatchObject({ end_reason: 'replayed', last_tokens: null });
      expect(await place.renew(next?.refreshToken ?? '')).toBeUndefined();
      expect(await activitiesOf(place, 'remit_device_token_replayed')).toMatchObject([
        { user_id: place.ada.id, trusted_device_id: id },
      ]);
      expect(await readDevices(place.database, 'all')).toEqual([]);
    },
  );

  it('a device that has moved on since it was last used stays signed in', async () => {
    const place = await start();
    const { id, tokens } = await place.device();
    const next = await place.renew(tokens.refreshToken);
    place.clock.ms += LIFETIMES.accessMs;
    expect(await place.renew(tokens.refreshToken, ELSEWHERE)).toBeUndefined();
    expect(await grantOf(place, id)).toMatchObject({ ended_at: null });
    expect(await place.renew(next?.refreshToken ?? '', ELSEWHERE)).toBeDefined();
  });

  it.each(['', 'rt-remit-', `rt-remit-${'a'.repeat(43)}.${'b'.repeat(43)}`, 'at-remit-x'])(
    'a text that is no token of ours renews nothing and ends nothing: “%s”',
    async (text) => {
      const place = await start();
      const { id } = await place.device();
      expect(await place.renew(text)).toBeUndefined();
      await revokeToken(place.deps)(text, BY_TEST);
      expect(await grantOf(place, id)).toMatchObject({ ended_at: null });
    },
  );

  it('ends for want of use, and not while it is used', async () => {
    const { device, renew, clock, deps, database } = await start();
    const { tokens, id } = await device();
    clock.ms += 29 * DAY_MS;
    const renewed = await renew(tokens.refreshToken);
    clock.ms += 29 * DAY_MS;
    const again = await renew(renewed?.refreshToken ?? '');
    expect(again).toBeDefined();
    clock.ms += 31 * DAY_MS;
    expect(await renew(again?.refreshToken ?? '')).toBeUndefined();
    await forgetExpired(deps);
    expect(await deviceGrantStore(database).find(id)).toMatchObject({ end_reason: 'expired', last_tokens: null });
  });

  it.each<readonly [what: string, end: (place: Directory & { ada: Member }) => Promise<unknown>, reason: string]>([
    ['removal', ({ deps, ada }) => removeMember(deps)(ada.id, BY_OWNER), 'member_removed'],
    ['suspension', ({ deps, ada }) => suspendMember(deps)(ada.id, BY_OWNER), 'member_suspended'],
    ['being signed out', ({ deps, ada }) => signOutMember(deps)(ada.id, BY_OWNER), 'signed_out_everywhere'],
    [
      'signing out everywhere',
      ({ deps, ada }) => endOwnSessions(deps)(ada.id, undefined, inPerson(ada)),
      'signed_out_everywhere',
    ],
    [
      'a new password',
      ({ deps, ada }) => {
        const self = { userId: ada.id, email: ada.email, sessionId: 'sesn_1' };
        const wanted = { current: 'the old password', next: 'a long enough password' };
        return changePassword(deps, async () => undefined)(self, wanted, inPerson(ada));
      },
      'signed_out_everywhere',
    ],
  ])(
    '%s ends every device of the member, of nobody else, for good, and the nodes hear of each',
    async (_, end, reason) => {
      const place = await start();
      const other = await place.add('other');
      const [one, two, theirs] = [await place.device(), await place.device(), await place.device(other)];
      const before = await place.database
        .tables<never>()
        .selectFrom('policy_changes' as never)
        .selectAll()
        .execute();
      await end(place);
      for (const { id } of [one, two]) expect(await grantOf(place, id)).toMatchObject({ end_reason: reason });
      expect(await grantOf(place, theirs.id)).toMatchObject({ ended_at: null });
      expect(await place.renew(one.tokens.refreshToken)).toBeUndefined();
      const touched = (await changesOf(place)).slice(before.length).filter(({ entity }) => entity === 'device_grant');
      expect(touched.map((row) => row.entity_id).sort()).toEqual([one.id, two.id].sort());
      if (reason !== 'member_suspended') return;
      await restoreMember(place.deps)(place.ada.id, BY_OWNER);
      expect(await place.renew(one.tokens.refreshToken)).toBeUndefined();
    },
  );

  it('a change of role ends no device: the new rights hold for its next request', async () => {
    const place = await start();
    const { id, tokens } = await place.device();
    await updateMember(place.deps)(place.ada.id, { role: 'managed' }, BY_OWNER);
    expect(await grantOf(place, id)).toMatchObject({ ended_at: null });
    expect(await place.renew(tokens.refreshToken)).toBeDefined();
  });

  it.each(['accessToken', 'refreshToken'] as const)(
    'revoking the %s ends the device, and twice is once',
    async (which) => {
      const place = await start();
      const { id, tokens } = await place.device();
      await revokeToken(place.deps)(tokens[which], BY_TEST);
      await revokeToken(place.deps)(tokens[which], BY_TEST);
      expect(await grantOf(place, id)).toMatchObject({ end_reason: 'signed_out' });
      expect(await activitiesOf(place, 'trusted_device_revoked')).toMatchObject([{ trusted_device_id: id }]);
    },
  );

  it('lists one’s own devices and ends one of them; nobody else’s, and nothing with a key', async () => {
    const place = await start();
    const bob = await place.add('bob');
    const [kept, gone] = [await place.device(), await place.device()];
    const headers = await place.consoleOf(place.ada);
    const list = async () =>
      ((await place.send('GET /v1/me/devices', { headers })).body.data as { id: string }[]).map(({ id }) => id);
    expect(await list()).toEqual([gone.id, kept.id]);
    const ofBob = await place.consoleOf(bob);
    expect((await place.send(`DELETE /v1/me/devices/${gone.id}`, { headers: ofBob })).status).toBe(404);
    expect((await place.send('GET /v1/me/devices', { key: await place.keyOf(bob) })).status).toBe(401);
    expect((await place.send(`DELETE /v1/me/devices/${gone.id}`, { headers })).status).toBe(200);
    expect((await place.send(`DELETE /v1/me/devices/${gone.id}`, { headers })).status).toBe(404);
    expect(await list()).toEqual([kept.id]);
  });

  it('an administrator sees a member’s devices and ends one; an owner’s only owners end', async () => {
    const place = await start();
    const [admin, owner] = [await place.add('admin', 'membership_admin'), await place.add('owner', 'owner')];
    const headers = await place.consoleOf(admin);
    const [ofAda, ofOwner] = [await place.device(), await place.device(owner)];
    const path = `/v1/organizations/users/${place.ada.id}/devices`;
    expect((await place.send(`GET ${path}`, { headers })).body.data).toMatchObject([{ id: ofAda.id, type: 'device' }]);
    expect((await place.send(`DELETE ${path}/${ofOwner.id}`, { headers })).status).toBe(404);
    expect((await place.send(`DELETE ${path}/${ofAda.id}`, { headers })).status).toBe(200);
    expect(await grantOf(place, ofAda.id)).toMatchObject({ end_reason: 'ended_by_administrator' });
    const ownersPath = `/v1/organizations/users/${owner.id}/devices/${ofOwner.id}`;
    expect((await place.send(`DELETE ${ownersPath}`, { headers })).status).toBe(403);
    expect((await place.send('GET /v1/organizations/users/user_missing/devices', { headers })).status).toBe(404);
    await expect(endGrant(place.deps)(place.ada.id, 'devgrant_missing', BY_OWNER)).rejects.toThrow(
      'There is no device',
    );
  });
});
