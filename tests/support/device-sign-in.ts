import type { MakeChange } from './changes.ts';
import type { Organisation } from './organisation.ts';
import { cookieOf, PASSWORD, signInToken } from './sign-in-changes.ts';

/** A device that waits: what it keeps, and the code it shows. */
export type WaitingDevice = { readonly device_code: string; readonly user_code: string };

/** The tokens a device has been given. */
export type DeviceTokens = {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly email: string;
};

type At = Pick<Organisation, 'url'>;

/** Sends a form, as Claude Code does. */
export const postForm = ({ url }: At, path: string, form: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'user-agent': 'claude-code/2.1.330' },
    body: new URLSearchParams(form),
  });

/** Begins the sign-in of a device. */
export const beginDevice = async (at: At): Promise<WaitingDevice> =>
  (await (await postForm(at, '/oauth/device_authorization', { surface: 'claude_code' })).json()) as WaitingDevice;

/** Sends as the console does, with a session's cookie. */
export const fromPage = (
  { url }: At,
  cookie: string,
  { method = 'POST', path, body }: { readonly method?: string; readonly path: string; readonly body?: unknown },
): Promise<Response> =>
  fetch(url + path, {
    method,
    headers: {
      ...{ cookie, origin: url, 'remit-console': 'active' },
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** Asks for a device's tokens. */
export const pollDevice = (at: At, deviceCode: string): Promise<Response> =>
  postForm(at, '/oauth/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: deviceCode,
  });

/** Renews a device's tokens. */
export const renewDevice = (at: At, refreshToken: string): Promise<Response> =>
  postForm(at, '/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken });

/** Signs a device in as whoever has the session. */
export const signInDevice = async (at: At, cookie: string): Promise<DeviceTokens> => {
  const { device_code, user_code } = await beginDevice(at);
  const approved = await fromPage(at, cookie, { path: '/v1/me/device_sign_ins/approve', body: { user_code } });
  if (!approved.ok) throw new Error(`the device was not confirmed: ${await approved.text()}`);
  return (await (await pollDevice(at, device_code)).json()) as DeviceTokens;
};

/** A member's console session. */
export const sessionOf = async (at: Organisation, { id, email }: { readonly id: string; readonly email: string }) => {
  const token = await signInToken(at, id);
  await fetch(`${at.url}/v1/session/link/redeem`, {
    method: 'POST',
    body: JSON.stringify({ token, password: PASSWORD }),
  });
  const response = await fetch(`${at.url}/v1/session`, {
    method: 'POST',
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
};

/** The newest device of whoever has the session. */
export const newestDevice = async (at: At, cookie: string): Promise<string> => {
  const response = await fetch(`${at.url}/v1/me/devices`, { headers: { cookie } });
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data[0]?.id ?? 'none';
};

/** One call of every endpoint about devices that changes something. */
export const DEVICE_CHANGES: Readonly<Record<string, MakeChange>> = {
  'POST /v1/me/device_sign_ins/approve': async (at) => {
    const { user_code } = await beginDevice(at);
    return { key: null, cookie: await cookieOf(at), body: { user_code } };
  },
  'POST /v1/me/device_sign_ins/deny': async (at) => {
    const { user_code } = await beginDevice(at);
    return { key: null, cookie: await cookieOf(at), body: { user_code } };
  },
  'DELETE /v1/me/devices/:device_id': async (at) => {
    const cookie = await cookieOf(at);
    await signInDevice(at, cookie);
    return { key: null, cookie, params: { device_id: await newestDevice(at, cookie) } };
  },
  'DELETE /v1/organizations/users/:user_id/devices/:device_id': async (at) => {
    const member = await at.newMember();
    const cookie = await sessionOf(at, member);
    await signInDevice(at, cookie);
    return { params: { user_id: member.id, device_id: await newestDevice(at, cookie) } };
  },
};
