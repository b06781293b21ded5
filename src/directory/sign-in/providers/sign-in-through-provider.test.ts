import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import {
  CLIENT,
  startIdentityProvider,
  type TestIdentityProvider,
} from '../../../../tests/support/identity-provider.ts';
import { type Doer, Refusal } from '../../../kernel/index.ts';
import { createGroup } from '../../groups/change-group.ts';
import { attachMemberRole } from '../../members/attach-role.ts';
import { removeMember } from '../../members/remove-member.ts';
import { memberStore } from '../../members/store.ts';
import { suspendMember } from '../../members/suspend-member.ts';
import { updateMember } from '../../members/update-member.ts';
import { createRole } from '../../roles/change-role.ts';
import { setRolePermissions } from '../../roles/set-role-permissions.ts';
import { BY_ADMIN, BY_OWNER } from '../../testing/open-directory.ts';
import { issueSignInLink } from '../issue-sign-in-link.ts';
import { redeemSignInLink } from '../redeem-sign-in-link.ts';
import { updateSettings } from '../settings/update-settings.ts';
import type { SignInProblem } from './contract.ts';
import { addProvider, changeProvider } from './manage-provider.ts';
import { identityStore } from './store.ts';
import { type Changes, openProviderStage, PUBLIC_URL } from './testing/open-provider-stage.ts';
import { unlinkIdentity } from './unlink.ts';

let idp: TestIdentityProvider;
beforeAll(async () => {
  idp = await startIdentityProvider(`${PUBLIC_URL}/v1/session/callback`);
});
afterAll(() => idp.close());
beforeEach(() => {
  idp.choose('viewer');
  idp.codeSeconds(60);
});

forEachDatabase((_engine, open) => {
  const start = async (changes: Changes = {}) => openProviderStage(await open(), idp, changes);

  it('makes a member at the first sign-in, finds them at the next, and leads to where they wanted to go', async () => {
    const { signIn, who, types } = await start();
    const first = await signIn('viewer', '?next=/me/keys');
    expect([first.to, first.problem]).toEqual(['/me/keys', null]);
    const member = await who(first);
    expect(member).toMatchObject({ email: 'viewer@example.com', role: 'user' });
    expect(await who(await signIn('viewer'))).toEqual(member);
    expect((await types()).slice(-6)).toEqual([
      'sso_login_initiated',
      'remit_user_added',
      'remit_identity_linked',
      'sso_login_succeeded',
      'sso_login_initiated',
      'sso_login_succeeded',
    ]);
  });

  it('never leads to another site', async () => {
    const { signIn } = await start();
    expect((await signIn('viewer', '?next=//elsewhere.example')).to).toBe('/');
  });

  it('lets an owner, and no other administrator, unlink the account of an admin', async () => {
    const { signIn, add, database, deps } = await start({ provisioning: 'invite_only' });
    const admin = await add('admin', 'membership_admin');
    await signIn('admin');
    const [identity] = await identityStore(database).listOf(admin.id);
    const unlink = (by: Doer) => unlinkIdentity(deps)(admin.id, identity?.id ?? '', by);
    const other: Doer = { ...BY_OWNER, who: { ...BY_OWNER.who, role: 'membership_admin' } as Doer['who'] };
    await expect(unlink(other)).rejects.toThrow('Only an owner');
    expect(await identityStore(database).listOf(admin.id)).toHaveLength(1);
    await unlink(BY_OWNER);
    expect(await identityStore(database).listOf(admin.id)).toEqual([]);
  });

  it('links a member who was there before by their verified address, once, and nobody after them', async () => {
    const { signIn, add, who, database } = await start({ provisioning: 'invite_only' });
    const admin = await add('admin', 'membership_admin');
    expect(await who(await signIn('admin'))).toMatchObject({ id: admin.id, role: 'membership_admin' });
    expect(await identityStore(database).listOf(admin.id)).toHaveLength(1);
    const impostor = await signIn('impostor');
    expect([impostor.problem, impostor.session]).toEqual(['sso_linked_elsewhere', undefined]);
    expect(await identityStore(database).listOf(admin.id)).toHaveLength(1);
  });

  it.each<readonly [account: string, changes: Changes, problem: SignInProblem]>([
    ['unverified', {}, 'sso_email_unverified'],
    ['stranger', {}, 'sso_email_domain'],
    ['viewer', { provisioning: 'invite_only' }, 'sso_not_a_member'],
    ['viewer', { identity_key: 'tid_oid', tenant_ids: ['a tenant'] }, 'sso_claims_missing'],
    ['viewer', { provisioning: 'jit_mappings' }, 'sso_no_mapped_group'],
    ['groupless', { provisioning: 'jit_mappings' }, 'sso_groups_unknown'],
    ['overage', { provisioning: 'jit_mappings' }, 'sso_groups_unknown'],
    ['cut', { provisioning: 'jit_mappings' }, 'sso_groups_unknown'],
    ['nobody', { provisioning: 'jit_mappings' }, 'sso_no_mapped_group'],
  ])('refuses the account %s under %j, and makes nobody a member', async (account, changes, problem) => {
    const { signIn, memberOf, types } = await start(changes);
    const refused = await signIn(account);
    expect([refused.problem, refused.session]).toEqual([problem, undefined]);
    expect(await memberOf(`${account}@example.com`)).toBeUndefined();
    expect((await types()).at(-1)).toBe('sso_login_failed');
  });

  it('trusts unverified addresses of its domains only when it is told to', async () => {
    const { signIn, who } = await start({ email_verification: 'trusted' });
    expect(await who(await signIn('unverified'))).toMatchObject({ email: 'unverified@example.com' });
    expect((await signIn('stranger')).problem).toBe('sso_email_domain');
  });

  it('gives role and groups by mapping, at each sign-in anew', async () => {
    const { signIn, who, deps, provider, database, memberOf } = await start({ provisioning: 'jit_mappings' });
    const group = await createGroup(deps)('Admins here', BY_ADMIN);
    const mappings = [
      { group: 'Remit Admins', target_type: 'organization_role' as const, target_id: 'owner' },
      { group: 'Remit Admins', target_type: 'rbac_group' as const, target_id: group.id },
      { group: 'Everybody', target_type: 'organization_role' as const, target_id: 'user' },
    ];
    await changeProvider(deps)(provider.id, { mappings }, BY_OWNER);
    expect(await who(await signIn('admin'))).toMatchObject({ role: 'owner' });
    const groupsOf = async () =>
      (
        await database
          .tables<{ rbac_group_members: { group_id: string } }>()
          .selectFrom('rbac_group_members')
          .select('group_id')
          .execute()
      ).map(({ group_id }) => group_id);
    expect(await groupsOf()).toEqual([group.id]);
    await changeProvider(deps)(
      provider.id,
      { mappings: mappings.slice(2).concat({ ...(mappings[1] as (typeof mappings)[0]), group: 'Others' }) },
      BY_OWNER,
    );
    expect(await who(await signIn('admin'))).toMatchObject({ role: 'user' });
    expect(await groupsOf()).toEqual([]);
    await changeProvider(deps)(
      provider.id,
      { mappings: mappings.slice(0, 0).concat({ ...(mappings[2] as (typeof mappings)[0]), group: 'Nobody' }) },
      BY_OWNER,
    );
    const gone = await signIn('admin');
    expect([gone.problem, gone.session, (await memberOf('admin@example.com'))?.status]).toEqual([
      'sso_no_mapped_group',
      undefined,
      'removed',
    ]);
  });

  it.each(['overage', 'cut', 'groupless'])(
    'keeps what somebody has when the groups of “%s” are not told',
    async (account) => {
      const { signIn, who, add } = await start({ provisioning: 'jit_mappings' });
      await add(account, 'membership_admin');
      expect(await who(await signIn(account))).toMatchObject({ role: 'membership_admin' });
    },
  );

  it('takes 250 groups for what they are', async () => {
    const mappings = [{ group: 'group 249', target_type: 'organization_role' as const, target_id: 'managed' }];
    const { signIn, who } = await start({ provisioning: 'jit_mappings', mappings });
    expect(await who(await signIn('busy'))).toMatchObject({ role: 'managed' });
  });

  it('keeps out who is suspended, and lets a removed member of a JIT provider come back as themselves', async () => {
    const { signIn, who, deps, add } = await start();
    await add('somebody-else');
    const member = await who(await signIn('viewer'));
    await suspendMember(deps)(member?.id ?? '', BY_ADMIN);
    expect((await signIn('viewer')).problem).toBe('sso_suspended');
    await removeMember(deps)(member?.id ?? '', BY_ADMIN);
    expect(await who(await signIn('viewer'))).toMatchObject({ id: member?.id });
  });

  it('knows the account by its subject: a new address of the member changes nothing', async () => {
    const { signIn, who, database } = await start();
    const member = await who(await signIn('viewer'));
    await memberStore(database).update(member?.id ?? '', { email: 'new@example.com', email_key: 'new@example.com' });
    expect(await who(await signIn('viewer'))).toMatchObject({ id: member?.id, email: 'new@example.com' });
  });

  it('lets a password in from an enforced domain for emergency accounts only', async () => {
    const { add, deps, provider, send } = await start();
    const password = 'correct horse battery';
    const withPassword = async (name: string, role: 'owner' | 'user') => {
      const member = await add(name, role);
      const { token } = await issueSignInLink(deps)(member.id, BY_ADMIN);
      await redeemSignInLink(deps)({ token, password }, BY_ADMIN);
      return member;
    };
    const chief = await withPassword('chief', 'owner');
    const ada = await withPassword('ada', 'user');
    const enforce = () =>
      changeProvider(deps)(provider.id, { domains: [{ domain: 'example.com', is_enforced: true }] }, BY_OWNER);
    await expect(enforce()).rejects.toMatchObject({ code: 'conflict' });
    await updateSettings(deps)({ break_glass_user_ids: [chief.id] }, BY_ADMIN);
    await enforce();
    const signIn = async (email: string, secret = password) => {
      const { status, body } = await send('POST /v1/session', { body: { email, password: secret } });
      return [status, (body.error as { details?: { error_code: string } } | undefined)?.details?.error_code];
    };
    expect(await signIn(chief.email)).toEqual([200, undefined]);
    expect(await signIn(ada.email)).toEqual([401, 'sso_required']);
    expect(await signIn(ada.email, 'wrong')).toEqual([401, undefined]);
    const { token } = await issueSignInLink(deps)(ada.id, BY_ADMIN);
    const redeemed = await send('POST /v1/session/link/redeem', { body: { token, password } });
    expect(redeemed.status).toBe(401);
    const methods = await send('POST /v1/session/methods', { body: { email: 'whoever@EXAMPLE.com' } });
    expect(methods.body).toMatchObject({ is_enforced: true, provider: { name: 'Test' } });
    const off = await changeProvider(deps)(provider.id, { is_on: false }, BY_OWNER);
    expect(off.isOn).toBe(false);
    expect(await signIn(ada.email)).toEqual([200, undefined]);
  });

  it('lets only owners in person say that a group makes owners or admins; others leave such a mapping as it is', async () => {
    const { deps, provider, add, send, consoleOf } = await start();
    const line = `POST /v1/organizations/identity_providers/${provider.id}`;
    const mappingTo = (role: string) => ({ group: 'chiefs', target_type: 'organization_role', target_id: role });
    const role = await createRole(deps)('Identity', BY_OWNER);
    await setRolePermissions(deps)(role.id, { identity: 'manage' }, BY_OWNER);
    const manager = await add('manager', 'managed');
    await attachMemberRole(deps)(manager.id, role.id, BY_OWNER);
    const asManager = { headers: await consoleOf(manager) };
    const asOwner = { headers: await consoleOf(await add('owner', 'owner')) };
    const map = async (who: object, ...roles: string[]) =>
      (await send(line, { ...who, body: { mappings: roles.map(mappingTo), name: `Map ${roles.join()}` } })).status;
    for (const wanted of ['owner', 'membership_admin'])
      expect([wanted, await map(asManager, wanted)]).toEqual([wanted, 403]);
    expect(await map(asManager, 'user')).toBe(200);
    expect(await map(asOwner, 'owner')).toBe(200);
    expect(await map(asManager, 'owner')).toBe(200);
    await expect(
      addProvider(deps)(
        { name: 'Mine', issuer: 'https://sso.example.org', client_id: 'x', mappings: [mappingTo('owner')] } as never,
        BY_ADMIN,
      ),
    ).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('counts owners alone as emergency accounts, and keeps one while a domain is enforced', async () => {
    const { add, deps, provider, send } = await start();
    const password = 'correct horse battery';
    const owner = async (name: string) => {
      const member = await add(name, 'owner');
      const { token } = await issueSignInLink(deps)(member.id, BY_ADMIN);
      await redeemSignInLink(deps)({ token, password }, BY_ADMIN);
      return member;
    };
    const [former, chief] = [await owner('former'), await owner('chief')];
    const name = (...ids: string[]) => updateSettings(deps)({ break_glass_user_ids: ids }, BY_ADMIN);
    await name(former.id, chief.id);
    await changeProvider(deps)(provider.id, { domains: [{ domain: 'example.com', is_enforced: true }] }, BY_OWNER);
    const signIn = async ({ email }: typeof chief) =>
      (await send('POST /v1/session', { body: { email, password } })).status;
    expect(await signIn(former)).toBe(200);
    await updateMember(deps)(former.id, { role: 'user' }, BY_OWNER);
    expect(await signIn(former)).toBe(401);
    expect(await signIn(chief)).toBe(200);
    for (const ids of [[], [former.id]]) await expect(name(...ids)).rejects.toThrow(Refusal);
    expect(await signIn(chief)).toBe(200);
  });

  it('tells the second of two administrators that the first has changed it', async () => {
    const { provider, send, consoleOf, add } = await start();
    const headers = await consoleOf(await add('boss', 'owner'));
    const line = `POST /v1/organizations/identity_providers/${provider.id}`;
    const read = await send(`GET /v1/organizations/identity_providers/${provider.id}`, { headers });
    const change = (name: string) => send(line, { headers, body: { name, expected_updated_at: read.body.updated_at } });
    const both = await Promise.all([change('One'), change('Two')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(JSON.stringify(read.body)).not.toContain(CLIENT.secret);
  });
});
