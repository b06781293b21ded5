import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { suspendMember } from '../../directory/members/suspend-member.ts';
import { BY_OWNER } from '../../directory/testing/open-directory.ts';
import { openStage } from '../testing/open-stage.ts';

const MINUTE_MS = 60_000;

forEachDatabase((_engine, open) => {
  const start = async (settings: Parameters<typeof openStage>[1] = {}) => {
    const stage = await openStage(await open(), settings);
    return { ...stage, ada: await stage.add('ada') };
  };

  it('tells clients where to sign in, all of it on our own origin', async () => {
    const { ask } = await start();
    const { status, body, headers } = await ask('GET /.well-known/oauth-authorization-server');
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({
      issuer: 'https://remit.test',
      device_authorization_endpoint: 'https://remit.test/oauth/device_authorization',
      token_endpoint: 'https://remit.test/oauth/token',
      revocation_endpoint: 'https://remit.test/oauth/revoke',
      gateway_protocol_version: 1,
    });
  });

  it('clients of MCP are not led to this sign-in', async () => {
    const { ask } = await start();
    const headers = { 'mcp-protocol-version': '2025-11-25' };
    expect((await ask('GET /.well-known/oauth-authorization-server', { headers })).status).toBe(404);
  });

  it('signs a device in: code, confirmation, tokens once, with the address of whoever confirmed', async () => {
    const { ada, post, begin, poll, decide } = await start({ loginNotice: 'Use only for work.' });
    const begun = await begin();
    expect(begun).toMatchObject({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: 'https://remit.test/device',
      verification_uri_complete: `https://remit.test/device?user_code=${begun.user_code}`,
      expires_in: 600,
      interval: 5,
      login_notice: 'Use only for work.',
    });
    expect(await poll(begun.device_code)).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });
    expect((await decide(ada, 'find', begun.user_code)).body).toMatchObject({
      user_code: begun.user_code,
      device_name: 'Claude Code 2.1.330',
      ip_address: '192.0.2.7',
      login_notice: 'Use only for work.',
      problem: null,
    });
    expect((await decide(ada, 'approve', begun.user_code)).status).toBe(200);
    const { status, body, headers } = await poll(begun.device_code);
    expect([status, headers.get('cache-control'), headers.get('pragma')]).toEqual([200, 'no-store', 'no-cache']);
    expect(body).toMatchObject({
      access_token: expect.stringMatching(/^at-remit-[\w-]{43}$/),
      token_type: 'Bearer',
      refresh_token: expect.stringMatching(/^rt-remit-/),
      email: ada.email,
    });
    expect(body.expires_in).toBeGreaterThan(3590);
    expect(await poll(begun.device_code)).toMatchObject({ status: 400, body: { error: 'expired_token' } });
    const renewed = await post('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: String(body.refresh_token),
      scope: 'whatever nobody knows',
    });
    expect(renewed).toMatchObject({ status: 200, body: { token_type: 'Bearer', email: ada.email } });
  });

  it('a code counts however it is typed, and only while it waits', async () => {
    const { ada, begin, decide, clock } = await start();
    const { user_code } = await begin();
    const typed = String(user_code).toLowerCase().replace('-', ' ');
    expect((await decide(ada, 'find', typed)).status).toBe(200);
    for (const wrong of ['', 'AAAA-AAAA', 'BCDF', `${user_code}B`])
      expect((await decide(ada, 'find', wrong)).status).toBe(404);
    clock.ms += 10 * MINUTE_MS;
    expect((await decide(ada, 'approve', user_code)).status).toBe(404);
  });

  it('a denied device is told so; a code that is over, or that nobody knows, has expired', async () => {
    const { ada, begin, decide, poll, clock } = await start();
    const [denied, late] = [await begin(), await begin()];
    expect((await decide(ada, 'deny', denied.user_code)).status).toBe(200);
    expect((await poll(denied.device_code)).body).toEqual({ error: 'access_denied' });
    expect((await decide(ada, 'approve', denied.user_code)).status).toBe(404);
    clock.ms += 10 * MINUTE_MS;
    expect((await poll(late.device_code)).body).toEqual({ error: 'expired_token' });
    expect((await poll('no-such-code')).body).toEqual({ error: 'expired_token' });
  });

  it('slows down who asks too often', async () => {
    const { begin, poll, clock } = await start();
    const { device_code } = await begin();
    const errors = [];
    for (const waited of [0, 5000, 1000, 5000]) {
      clock.ms += waited;
      errors.push((await poll(device_code)).body.error);
    }
    expect(errors).toEqual(['authorization_pending', 'authorization_pending', 'slow_down', 'authorization_pending']);
  });

  it('many sign-ins from one address are slowed down, and those from others are not', async () => {
    const { post, address, clock } = await start({ signInsPerAddress: 3 });
    const begin = () => post('/oauth/device_authorization', {});
    for (let i = 0; i < 3; i += 1) expect((await begin()).status).toBe(200);
    const { status, body, headers } = await begin();
    expect([status, body.error]).toEqual([429, 'slow_down']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    address.now = '192.0.2.8';
    expect((await begin()).status).toBe(200);
    address.now = '192.0.2.7';
    clock.ms += 10 * MINUTE_MS;
    expect((await begin()).status).toBe(200);
  });

  it('whoever guesses codes is stopped, and the right one is not found then either', async () => {
    const { ada, begin, decide } = await start();
    const { user_code } = await begin();
    for (let i = 0; i < 20; i += 1) expect((await decide(ada, 'find', 'BBBB-BBBB')).status).toBe(404);
    expect((await decide(ada, 'find', user_code)).status).toBe(429);
    expect((await decide(ada, 'approve', user_code)).status).toBe(429);
  });

  it('only somebody signed in to the console confirms, from the console itself', async () => {
    const { ada, begin, poll, keyOf, consoleOf, sendToConsole } = await start();
    const { user_code, device_code } = await begin();
    const [line, body] = ['POST /v1/me/device_sign_ins/approve', { user_code }];
    expect((await sendToConsole(line, { body })).status).toBe(401);
    expect((await sendToConsole(line, { body, key: await keyOf(ada) })).status).toBe(401);
    const headers = await consoleOf(ada);
    const foreign = { ...headers, origin: 'https://elsewhere.test' };
    expect((await sendToConsole(line, { body, headers: foreign })).status).toBe(403);
    expect((await poll(device_code)).body.error).toBe('authorization_pending');
  });

  it('two who confirm at once: one counts', async () => {
    const { ada, add, begin, decide, poll } = await start();
    const bob = await add('bob');
    const { user_code, device_code } = await begin();
    const answers = await Promise.all([decide(ada, 'approve', user_code), decide(bob, 'approve', user_code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    const winner = answers[0]?.status === 200 ? ada : bob;
    const polled = await Promise.all([poll(device_code), poll(device_code)]);
    expect(polled.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(polled.find(({ status }) => status === 200)?.body.email).toBe(winner.email);
  });

  it('somebody suspended between confirmation and tokens gets none', async () => {
    const { deps, ada, begin, decide, poll } = await start();
    const { user_code, device_code } = await begin();
    await decide(ada, 'approve', user_code);
    await suspendMember(deps)(ada.id, BY_OWNER);
    expect((await poll(device_code)).body).toEqual({ error: 'access_denied' });
  });

  it.each<readonly [form: Record<string, string>, error: string]>([
    [{}, 'invalid_request'],
    [{ grant_type: 'password', username: 'ada' }, 'unsupported_grant_type'],
    [{ grant_type: 'urn:ietf:params:oauth:grant-type:device_code' }, 'invalid_request'],
    [{ grant_type: 'refresh_token' }, 'invalid_request'],
    [{ grant_type: 'refresh_token', refresh_token: 'x'.repeat(70_000) }, 'invalid_request'],
  ])('a form that lacks something says which in OAuth’s words: %o', async (form, error) => {
    const { post } = await start();
    expect(await post('/oauth/token', form)).toMatchObject({ status: 400, body: { error } });
  });

  it('a refresh token that no longer counts means: sign in again', async () => {
    const { ada, signIn, renew, post } = await start();
    const { refresh_token } = await signIn(ada);
    expect(
      (await post('/oauth/revoke', { token: String(refresh_token), token_type_hint: 'refresh_token' })).status,
    ).toBe(200);
    expect(await renew(refresh_token)).toMatchObject({ status: 401, body: { error: 'invalid_grant' } });
    expect((await post('/oauth/revoke', { token: 'nobody knows it' })).status).toBe(200);
    expect((await post('/oauth/revoke', {})).body.error).toBe('invalid_request');
  });
});
