import { afterAll, beforeAll, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { startIdentityProvider, type TestIdentityProvider } from '../../../tests/support/identity-provider.ts';
import { createGroup } from '../groups/change-group.ts';
import { groupStore } from '../groups/store.ts';
import { changeAllowedDomains } from '../members/change-settings.ts';
import { createDirectory } from '../scim/directories/manage-directory.ts';
import { changeProvider } from '../sign-in/providers/manage-provider.ts';
import { type Changes, openProviderStage, PUBLIC_URL } from '../sign-in/providers/testing/open-provider-stage.ts';
import { BY_OWNER, by } from '../testing/open-directory.ts';
import { acceptInvite } from './accept-invite.ts';
import { resendInvite } from './change-invite.ts';
import { createInvite, createInvites, INVITE_LIFETIME_MS } from './create-invite.ts';
import { inviteStore } from './store.ts';

// Who comes by an invite and who by an identity provider, where both lead in.

let idp: TestIdentityProvider;
beforeAll(async () => {
  idp = await startIdentityProvider(`${PUBLIC_URL}/v1/session/callback`);
});
afterAll(() => idp.close());

const VIEWER = { email: 'Viewer@example.com', role: 'managed', groupIds: [] } as const;
const INVITE_ONLY: Changes = { provisioning: 'invite_only' };
const NOT_AVAILABLE = { code: 'invalid_request', details: { error_code: 'invites_not_available' } };

forEachDatabase((_engine, open) => {
  const start = async (changes: Changes = INVITE_ONLY) => openProviderStage(await open(), idp, changes);

  it.each([
    ['jit', 'Ask them to sign in there'],
    ['jit_mappings', 'Put them into such a group there'],
    ['scim', 'Assign them there'],
  ] as const)(
    'an invite is neither made nor sent again under %s, and the refusal says what to do',
    async (mode, advice) => {
      const { deps, database, provider } = await start();
      const { invite } = await createInvite(deps)(VIEWER, BY_OWNER);
      const { id } = (
        await createDirectory(deps)(
          { name: 'Pushed', mode: 'live', authoritative_domains: [], removal_share_percent: 100 },
          BY_OWNER,
        )
      ).directory;
      const directoryId = mode === 'scim' ? { directory_id: id } : {};
      await changeProvider(deps)(provider.id, { provisioning: mode, ...directoryId }, BY_OWNER);
      const refused = createInvite(deps)({ ...VIEWER, email: 'new@EXAMPLE.com' }, BY_OWNER);
      await expect(refused).rejects.toMatchObject({ ...NOT_AVAILABLE, message: expect.stringContaining(advice) });
      await expect(resendInvite(deps)(invite.id, BY_OWNER)).rejects.toMatchObject(NOT_AVAILABLE);
      expect(await inviteStore(database).find(invite.id)).toEqual(invite);
      const lines = ['new@example.com', 'guest@elsewhere.example'].map((email) => ({ ...VIEWER, email }));
      const results = await createInvites(deps)(lines, BY_OWNER);
      expect(results.map((result) => 'sent' in result)).toEqual([false, true]);
    },
  );

  it('a provider that is switched off, or only previews, keeps nobody from being invited', async () => {
    const { deps, provider } = await start({ provisioning: 'jit' });
    await changeProvider(deps)(provider.id, { is_on: false }, BY_OWNER);
    const settings = { authoritative_domains: ['example.com'], removal_share_percent: 100 };
    await createDirectory(deps)({ ...settings, name: 'Preview', mode: 'preview' }, BY_OWNER);
    await createInvite(deps)(VIEWER, BY_OWNER);
    await createDirectory(deps)({ ...settings, name: 'Live', mode: 'live' }, BY_OWNER);
    const refused = createInvite(deps)({ ...VIEWER, email: 'other@example.com' }, BY_OWNER);
    await expect(refused).rejects.toMatchObject(NOT_AVAILABLE);
  });

  it('signing in at the provider accepts the invite that waits, with its role and groups, and ends its link', async () => {
    const { deps, database, signIn, who, types } = await start();
    const group = await createGroup(deps)('Builders', BY_OWNER);
    const { invite, token } = await createInvite(deps)({ ...VIEWER, groupIds: [group.id] }, BY_OWNER);
    const member = await who(await signIn('viewer'));
    expect(member).toMatchObject({ email: 'Viewer@example.com', role: 'managed' });
    expect(await groupStore(database).isMember(group.id, member?.id ?? '')).toBe(true);
    expect((await inviteStore(database).find(invite.id))?.accepted_at).not.toBeNull();
    const late = acceptInvite(deps)({ token, name: 'Eve' }, by({ kind: 'anonymous' }));
    await expect(late).rejects.toMatchObject({ code: 'not_found' });
    expect((await types()).slice(-6)).toEqual([
      'sso_login_initiated',
      'remit_user_added',
      'org_user_invite_accepted',
      'group_member_added',
      'remit_identity_linked',
      'sso_login_succeeded',
    ]);
  });

  it('an invite from before just-in-time provisioning still gives its role', async () => {
    const { deps, provider, signIn, who } = await start();
    await createInvite(deps)(VIEWER, BY_OWNER);
    await changeProvider(deps)(provider.id, { provisioning: 'jit' }, BY_OWNER);
    expect(await who(await signIn('viewer'))).toMatchObject({ role: 'managed' });
  });

  it.each([
    ['an unverified address', 'unverified', 'sso_email_unverified'],
    ['an address of another domain', 'stranger', 'sso_email_domain'],
  ] as const)('%s accepts no invite', async (_, account, problem) => {
    const { deps, signIn, memberOf } = await start();
    const email = account === 'stranger' ? 'stranger@elsewhere.example' : `${account}@example.com`;
    await createInvite(deps)({ ...VIEWER, email }, BY_OWNER);
    const refused = await signIn(account);
    expect([refused.problem, await memberOf(email)]).toEqual([problem, undefined]);
  });

  it('an invite that has expired lets nobody in', async () => {
    const { deps, clock, signIn } = await start();
    const { invite } = await createInvite(deps)(VIEWER, BY_OWNER);
    clock.ms = invite.invited_at + INVITE_LIFETIME_MS;
    expect((await signIn('viewer')).problem).toBe('sso_not_a_member');
  });

  it('just-in-time provisioning makes no member of a domain that is not allowed, invited or not', async () => {
    const { deps, provider, signIn, memberOf } = await start();
    await createInvite(deps)(VIEWER, BY_OWNER);
    await changeAllowedDomains(deps)(['elsewhere.example'], BY_OWNER);
    expect((await signIn('viewer')).problem).toBe('sso_email_domain');
    await changeProvider(deps)(provider.id, { provisioning: 'jit' }, BY_OWNER);
    expect((await signIn('admin')).problem).toBe('sso_email_domain');
    expect([await memberOf('viewer@example.com'), await memberOf('admin@example.com')]).toEqual([undefined, undefined]);
  });

  it('accepting by the link leaves neither a member nor a used link behind when it fails at its end', async () => {
    const { deps, database, memberOf } = await start();
    const { token, invite } = await createInvite(deps)(VIEWER, BY_OWNER);
    const record: typeof deps.record = async (sql, ...rest) => {
      if (rest[1]?.type === 'remit_sign_in_link_created') throw new Error('the disk is full');
      await deps.record(sql, ...rest);
    };
    const accepting = acceptInvite({ ...deps, record })({ token, name: 'Ada' }, by({ kind: 'anonymous' }));
    await expect(accepting).rejects.toThrow('the disk is full');
    expect(await memberOf(VIEWER.email)).toBeUndefined();
    expect((await inviteStore(database).find(invite.id))?.accepted_at).toBeNull();
    expect((await acceptInvite(deps)({ token, name: 'Ada' }, by({ kind: 'anonymous' }))).token).not.toBe('');
  });
});
