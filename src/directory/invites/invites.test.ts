import { describe, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { ActivityTables } from '../../activity/tables.ts';
import { permissionsOfScopes } from '../../kernel/index.ts';
import { createGroup, deleteGroup } from '../groups/change-group.ts';
import { groupStore } from '../groups/store.ts';
import { changeAllowedDomains } from '../members/change-settings.ts';
import { memberStore } from '../members/store.ts';
import { redeemSignInLink } from '../sign-in/redeem-sign-in-link.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_ADMIN, BY_OWNER, BY_TEST, by, type Directory, inPerson, openDirectory } from '../testing/open-directory.ts';
import { acceptInvite, findInvite } from './accept-invite.ts';
import { deleteInvite, resendInvite } from './change-invite.ts';
import { createInvite, createInvites, INVITE_LIFETIME_MS } from './create-invite.ts';

const DAY_MS = 24 * 3600 * 1000;
const VISITOR = by({ kind: 'anonymous' });
const ADA = { email: 'ada@example.com', role: 'user', groupIds: [] } as const;

type Wanted = Partial<{ email: string; role: 'owner' | 'managed'; groupIds: string[] }>;

/** Invites that are refused, and with what. */
const REFUSED: readonly (readonly [string, Wanted, object])[] = [
  ['for a member', { email: 'MEMBER@example.com' }, { details: { error_code: 'already_member' } }],
  ['for somebody invited', { email: 'Invited@example.com' }, { details: { error_code: 'invite_already_exists' } }],
  ['for another domain', { email: 'x@evil.com' }, { details: { error_code: 'email_domain_not_allowed' } }],
  ['for what is no address', { email: 'x@' }, { code: 'invalid_request' }],
  ['into no group', { groupIds: ['rbac_group_x'] }, { details: { error_code: 'rbac_group_not_found' } }],
  ['as an owner by a key', { role: 'owner' }, { code: 'invalid_request' }],
];

const countOf = async ({ database }: Directory) => {
  const invites = await database.tables<DirectoryTables>().selectFrom('invites').select('id').execute();
  const activities = await database.tables<ActivityTables>().selectFrom('activities').select('id').execute();
  return [invites.length, activities.length];
};

forEachDatabase((_engine, open) => {
  const start = async () => openDirectory(await open());

  describe('an invite', () => {
    it('is accepted by its link once, and makes a member with its role and groups, who sets a password', async () => {
      const { deps, database, send } = await start();
      const group = await createGroup(deps)('Builders', BY_TEST);
      const gone = await createGroup(deps)('Gone', BY_TEST);
      const wanted = { email: ' Ada@Example.com', role: 'managed', groupIds: [group.id, gone.id] } as const;
      const { token, invite } = await createInvite(deps)(wanted, BY_OWNER);
      await deleteGroup(deps)(gone.id, BY_TEST);
      expect((await send('POST /v1/session/invite', { body: { token } })).body).toMatchObject({
        email: 'Ada@Example.com',
        role: 'managed',
      });

      const accepted = await send('POST /v1/session/invite/accept', { body: { token, name: 'Ada Lovelace' } });
      expect(accepted.status).toBe(200);
      const member = await memberStore(database).findByEmail('ada@example.com');
      expect(member).toMatchObject({ name: 'Ada Lovelace', role: 'managed', status: 'active' });
      expect(await groupStore(database).isMember(group.id, member?.id ?? '')).toBe(true);
      const set = { token: String(accepted.body.token), password: 'correct horse battery staple' };
      await redeemSignInLink(deps)(set, VISITOR);
      expect((await send('POST /v1/session/invite', { body: { token } })).status).toBe(404);
      const again = await send('POST /v1/session/invite/accept', { body: { token, name: 'Eve' } });
      expect(again.status).toBe(404);
      expect((await memberStore(database).findByEmail('ada@example.com'))?.name).toBe('Ada Lovelace');
      const feed = await database.tables<ActivityTables>().selectFrom('activities').selectAll().execute();
      const one = feed.find(({ type }) => type === 'org_user_invite_accepted');
      expect([one?.actor_id, one?.subject_id]).toEqual([member?.id, invite.id]);
    });

    it('is accepted by one of two who use its link at the same moment', async () => {
      const { deps } = await start();
      const { token } = await createInvite(deps)(ADA, BY_OWNER);
      const both = await Promise.allSettled(['Ada', 'Eve'].map((name) => acceptInvite(deps)({ token, name }, VISITOR)));
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('expires after 21 days, and can then be sent again with a new link', async () => {
      const { deps, database, clock, send, add, keyOf } = await start();
      const key = await keyOf(await add('owner', 'owner'));
      const { token, invite } = await createInvite(deps)(ADA, BY_OWNER);
      expect(invite.expires_at - invite.invited_at).toBe(21 * DAY_MS);
      expect((await findInvite(database, token, invite.expires_at - 1)).id).toBe(invite.id);
      clock.ms = invite.expires_at;
      await expect(findInvite(database, token, clock.ms)).rejects.toMatchObject({ code: 'not_found' });
      const statuses = async (query: string) =>
        ((await send(`GET /v1/organizations/invites${query}`, { key })).body.data as { status: string }[]).map(
          ({ status }) => status,
        );
      expect(await statuses('')).toEqual(['expired']);
      expect(await statuses('?statuses[]=pending')).toEqual([]);
      const again = await resendInvite(deps)(invite.id, BY_OWNER);
      expect(again.invite.expires_at).toBeGreaterThan(clock.ms + INVITE_LIFETIME_MS - 100);
      expect(await statuses('?statuses[]=pending')).toEqual(['pending']);
      await expect(findInvite(database, token, clock.ms)).rejects.toMatchObject({ code: 'not_found' });
      expect((await findInvite(database, again.token, clock.ms)).id).toBe(invite.id);
    });

    it('ends when it is withdrawn, which is possible once and only while it is pending', async () => {
      const directory = await start();
      const { deps, database } = directory;
      const { token, invite } = await createInvite(deps)(ADA, BY_OWNER);
      await deleteInvite(deps)(invite.id, BY_ADMIN);
      await expect(acceptInvite(deps)({ token, name: 'Ada' }, VISITOR)).rejects.toMatchObject({ code: 'not_found' });
      const before = await countOf(directory);
      await expect(deleteInvite(deps)(invite.id, BY_ADMIN)).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(resendInvite(deps)(invite.id, BY_ADMIN)).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await countOf(directory)).toEqual(before);
      expect(await memberStore(database).findByEmail(ADA.email)).toBeUndefined();
      await createInvite(deps)(ADA, BY_OWNER);
    });
  });

  describe('an invite is refused, and nothing is written,', () => {
    it.each(REFUSED)('%s', async (_, wanted, refusal) => {
      const directory = await start();
      const { deps, add } = directory;
      await add('member');
      await createInvite(deps)({ ...ADA, email: 'invited@example.com' }, BY_OWNER);
      await changeAllowedDomains(deps)(['Example.com'], BY_OWNER);
      const before = await countOf(directory);
      await expect(createInvite(deps)({ ...ADA, ...wanted }, BY_ADMIN)).rejects.toMatchObject(refusal);
      expect(await countOf(directory)).toEqual(before);
    });

    it('into groups or as Custom by a key that may only write members', async () => {
      const directory = await start();
      const { deps } = directory;
      const group = await createGroup(deps)('Builders', BY_TEST);
      const permissions = permissionsOfScopes(['write:members']);
      const scoped = by({ kind: 'administrator', credentialId: 'apikey_1', permissions });
      const before = await countOf(directory);
      const missing = { details: { error_code: 'api_key_scope_missing' } };
      await expect(createInvite(deps)({ ...ADA, role: 'managed' }, scoped)).rejects.toMatchObject(missing);
      await expect(createInvite(deps)({ ...ADA, groupIds: [group.id] }, scoped)).rejects.toMatchObject(missing);
      expect(await countOf(directory)).toEqual(before);
      await createInvite(deps)(ADA, scoped);
    });

    it('as an owner by an admin', async () => {
      const { deps } = await start();
      const admin = inPerson({ id: 'user_admin', email: 'admin@example.com', role: 'membership_admin' });
      const refused = createInvite(deps)({ ...ADA, role: 'owner' }, admin);
      await expect(refused).rejects.toMatchObject({ code: 'permission_denied' });
      const sent = await createInvite(deps)({ ...ADA, role: 'owner' }, BY_OWNER);
      await expect(deleteInvite(deps)(sent.invite.id, admin)).rejects.toMatchObject({ code: 'permission_denied' });
    });
  });

  describe('many invites at once', () => {
    it('have a result per line, in order; bad lines keep no good one back', async () => {
      const { deps, add, database } = await start();
      await add('member');
      const lines = ['new1@example.com', 'nonsense', 'member@example.com', 'new2@example.com', 'NEW1@example.com'];
      const results = await createInvites(deps)(
        lines.map((email) => ({ ...ADA, email })),
        BY_ADMIN,
      );
      const said = results.map((result) => ('sent' in result ? 'sent' : result.refusal.details?.error_code));
      expect(said).toEqual(['sent', undefined, 'already_member', 'sent', 'invite_already_exists']);
      expect(results.map(({ email }) => email)).toEqual(lines);
      for (const result of results) {
        if (!('sent' in result)) continue;
        expect((await findInvite(database, result.sent.token, deps.now())).email).toBe(result.email);
      }
    });

    it('are a thousand at most, through the API', async () => {
      const directory = await start();
      const key = await directory.keyOf(await directory.add('owner', 'owner'));
      const invites = (count: number) => ({
        invites: Array.from({ length: count }, (_, at) => ({ email: `p${at}@example.com` })),
      });
      const line = 'POST /v1/organizations/invites/bulk';
      const before = await countOf(directory);
      expect((await directory.send(line, { key, body: invites(1001) })).status).toBe(400);
      expect(await countOf(directory)).toEqual(before);
      const got = await directory.send(line, { key, body: invites(1000) });
      expect((got.body.data as { type: string }[]).filter(({ type }) => type === 'invited')).toHaveLength(1000);
    });
  });

  it('pages forward and back through invites, newest first, by address, role and status', async () => {
    const { deps, add, keyOf, send } = await start();
    const key = await keyOf(await add('owner', 'owner'));
    const all: string[] = [];
    for (const email of ['p1@example.com', 'p2@example.com', 'p3@example.com'])
      all.unshift((await createInvite(deps)({ ...ADA, email }, BY_OWNER)).invite.id);
    const list = async (query: string) => (await send(`GET /v1/organizations/invites?${query}`, { key })).body;
    const idsOf = (body: Record<string, unknown>) => (body.data as { id: string }[]).map(({ id }) => id);
    const first = await list('limit=2');
    expect([idsOf(first), first.has_more]).toEqual([all.slice(0, 2), true]);
    const second = await list(`limit=2&after_id=${first.last_id}`);
    expect([idsOf(second), second.has_more]).toEqual([all.slice(2), false]);
    expect(idsOf(await list(`limit=2&before_id=${second.first_id}`))).toEqual(all.slice(0, 2));
    expect(idsOf(await list('email=P2@Example.com'))).toEqual([all[1]]);
    expect(idsOf(await list('roles[]=owner&roles[]=managed'))).toEqual([]);
    expect(idsOf(await list('statuses=deleted'))).toEqual([]);
  });
});
