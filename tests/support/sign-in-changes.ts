import { Secret, TOTP } from 'otpauth';
import * as directory from '../../src/directory/contract.ts';
import type { MakeChange } from './changes.ts';
import { CLIENT, signInThrough, type TestIdentityProvider } from './identity-provider.ts';
import type { Organisation } from './organisation.ts';

/** The password of everybody here. */
export const PASSWORD = 'correct horse battery staple';

/** The token of a new sign-in link. */
export const signInToken = async ({ callNow }: Organisation, userId: string): Promise<string> => {
  const { url } = await callNow(directory.createSignInLink, { params: { user_id: userId } });
  return new URL(url).searchParams.get('token') ?? '';
};

/** The address of a new member who has the password. */
export const withPassword = async (organisation: Organisation): Promise<string> => {
  const { id, email } = await organisation.newMember();
  const token = await signInToken(organisation, id);
  await organisation.callNow(directory.redeemSignInLink, { body: { token, password: PASSWORD } });
  return email;
};

/** A new member's session, as the cookie of a browser. */
export const cookieOf = async (at: Organisation): Promise<string> => {
  const body = JSON.stringify({ email: await withPassword(at), password: PASSWORD });
  const response = await fetch(`${at.url}/v1/session`, { method: 'POST', body });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
};

/** Sends as the console does. */
const asConsole = async <Reply>(at: Organisation, cookie: string, path: string, body: unknown): Promise<Reply> => {
  const headers = { cookie, origin: at.url, 'remit-console': 'active', 'content-type': 'application/json' };
  const response = await fetch(at.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as Reply;
};

const codeNow = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

const enrolling = async (at: Organisation) => {
  const cookie = await cookieOf(at);
  const { secret } = await asConsole<{ secret: string }>(at, cookie, '/v1/me/security/second_factor', {});
  return { cookie, code: codeNow(secret) };
};

/** A member with a second factor, in the session that has just set it up. */
const withSecondFactor = async (at: Organisation): Promise<{ readonly cookie: string; readonly userId: string }> => {
  const { cookie, code } = await enrolling(at);
  const headers = { cookie, origin: at.url, 'remit-console': 'active', 'content-type': 'application/json' };
  const path = `${at.url}/v1/me/security/second_factor/confirm`;
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify({ code }) });
  const renewed = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const session = await fetch(`${at.url}/v1/session`, { headers: { cookie: renewed } });
  const { user } = (await session.json()) as { user: { id: string } };
  return { cookie: renewed, userId: user.id };
};

let identityProvider: TestIdentityProvider | undefined;

/** Names the provider that changes of linked accounts sign somebody in through. */
export const signInsGoThrough = (idp: TestIdentityProvider): void => {
  identityProvider = idp;
};

/** A member who has signed in through a provider, with the link that came of it. */
const withIdentity = async (at: Organisation) => {
  if (identityProvider === undefined) throw new Error('No provider was named to sign in through');
  identityProvider.sendBackTo(`${at.url}/v1/session/callback`);
  const { id } = await at.callNow(directory.createIdentityProvider, {
    body: {
      ...{ name: 'Real', issuer: identityProvider.issuer, client_id: CLIENT.id, client_secret: CLIENT.secret },
      ...{ is_on: true, provisioning: 'jit', domains: [{ domain: 'example.com', is_enforced: false }] },
    },
  });
  const cookie = await signInThrough(identityProvider, at.url, id);
  const session = await fetch(`${at.url}/v1/session`, { headers: { cookie } });
  const { user } = (await session.json()) as { user: { id: string } };
  const { data } = await at.callNow(directory.listUserIdentities, { params: { user_id: user.id } });
  return { user_id: user.id, identity_id: data[0]?.id ?? '' };
};

const newProvider = { name: 'Provider', issuer: 'https://sso.example.com', client_id: 'remit' };

/** One call of each change that people make of how they sign in, or administrators of how others do. */
export const SIGN_IN_CHANGES: Readonly<Record<string, MakeChange>> = {
  'POST /v1/me/security/password': async (at) => ({
    key: null,
    cookie: await cookieOf(at),
    body: { current_password: PASSWORD, new_password: 'another long password' },
  }),
  'POST /v1/me/security/second_factor': async (at) => ({ key: null, cookie: await cookieOf(at), body: {} }),
  'POST /v1/me/security/second_factor/confirm': async (at) => {
    const { cookie, code } = await enrolling(at);
    return { key: null, cookie, body: { code } };
  },
  'POST /v1/me/security/second_factor/remove': async (at) => {
    const { cookie } = await withSecondFactor(at);
    return { key: null, cookie, body: { password: PASSWORD } };
  },
  'POST /v1/me/security/recovery_codes': async (at) => {
    const { cookie } = await withSecondFactor(at);
    return { key: null, cookie, body: { password: PASSWORD } };
  },
  'DELETE /v1/organizations/users/:user_id/second_factor': async (at) => ({
    params: { user_id: (await withSecondFactor(at)).userId },
  }),
  'DELETE /v1/me/sessions/:session_id': async (at) => {
    const cookie = await cookieOf(at);
    const response = await fetch(`${at.url}/v1/me/sessions`, { headers: { cookie } });
    const { data } = (await response.json()) as { data: { id: string }[] };
    return { key: null, cookie, params: { session_id: data[0]?.id ?? '' } };
  },
  'POST /v1/me/sessions/end_all': async (at) => ({ key: null, cookie: await cookieOf(at), body: {} }),
  'POST /v1/organizations/users/:user_id/sign_out': async (at) => ({
    params: { user_id: (await at.newMember()).id },
  }),
  'POST /v1/organizations/sign_in_settings': async () => ({ body: { session_hours: 11 } }),
  'POST /v1/organizations/ip_allow_list': async () => ({
    body: { entries: [{ range: '127.0.0.0/8' }], surfaces: ['scim'] },
  }),
  'POST /v1/organizations/identity_providers': async () => ({ body: newProvider }),
  'POST /v1/organizations/identity_providers/:provider_id': async (at) => ({
    params: { provider_id: (await at.callNow(directory.createIdentityProvider, { body: newProvider })).id },
    body: { is_on: true, provisioning: 'jit' },
  }),
  'DELETE /v1/organizations/identity_providers/:provider_id': async (at) => ({
    params: { provider_id: (await at.callNow(directory.createIdentityProvider, { body: newProvider })).id },
  }),
  'DELETE /v1/organizations/users/:user_id/identities/:identity_id': async (at) => ({ params: await withIdentity(at) }),
};
