import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { begin, errorOf, send } from '../support/http.ts';
import { answerWell, beginStream, bodyOf, STREAM } from '../support/messages.ts';
import { ADMIN_KEY, access, directory, ENGINES, type Remit, startRemit } from '../support/remit.ts';
import { openUpstreamServer, type TestUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** Only a key that counts gets through, on every node, and one that stops counting stops what runs within a second. */

describe.each(ENGINES)('on $name', (engine) => {
  let upstream: TestUpstream;
  let remit: Remit;
  let isHeld = false;
  const cut = new Set<unknown>();

  beforeAll(async () => {
    await engine.start();
    upstream = await openUpstreamServer((request, response) => {
      if (!isHeld) answerWell(request, response);
      else {
        beginStream(response);
        response.on('close', () => cut.add(response));
      }
    });
    remit = await startRemit({ upstreamUrl: upstream.url, databaseUrl: await engine.databaseUrl() });
    await remit.allowAll();
  });
  afterAll(async () => {
    await remit.stop();
    await upstream.close();
    await engine.stop();
  });

  const ask = (key: string | undefined, headers = {}) => send({ url: remit.url, key, headers, body: bodyOf() });

  const expectRefused = async (key: string | undefined, status: number, type: string, says: RegExp) => {
    const before = { received: upstream.received.length, recorded: (await remit.decisions()).length };
    for (const path of ['/v1/messages', '/v1/messages/count_tokens']) {
      const received = await send({ url: remit.url, path, key, body: bodyOf() });
      expect(received.status).toBe(status);
      expect(errorOf(received)).toMatchObject({
        type,
        message: expect.stringMatching(says),
        requestId: received.headers['request-id'],
      });
      expect(received.headers['x-should-retry']).toBe('false');
    }
    expect({ received: upstream.received.length, recorded: (await remit.decisions()).length }).toEqual(before);
    return before;
  };

  test('no key, an unknown key and an admin key are refused with their own words', async () => {
    await expectRefused(undefined, 401, 'authentication_error', /No API key was sent/);
    await expectRefused('', 401, 'authentication_error', /No API key was sent/);
    await expectRefused('sk-unknown', 401, 'authentication_error', /not known here/);
    await expectRefused(ADMIN_KEY, 403, 'permission_error', /admin key/);
  });

  test('a key works in either header', async () => {
    const { key } = await remit.newMember();
    expect((await ask(key)).status).toBe(200);
    expect((await ask(undefined, { authorization: `Bearer ${key}` })).status).toBe(200);
    expect((await ask(undefined, { authorization: `bearer  ${key} ` })).status).toBe(200);
    expect((await ask(undefined, { authorization: `Basic ${key}` })).status).toBe(401);
  });

  test('an inactive, an archived and an expired key are refused', async () => {
    const member = await remit.newMember();
    const change = (status: 'active' | 'inactive' | 'archived') =>
      remit.call(directory.updateApiKey, { params: { api_key_id: member.keyId }, body: { status } });
    await change('inactive');
    await expectRefused(member.key, 401, 'authentication_error', /revoked or has expired/);
    await change('active');
    expect((await ask(member.key)).status).toBe(200);
    await change('archived');
    await expectRefused(member.key, 401, 'authentication_error', /revoked or has expired/);

    const expires_at = new Date(Date.now() + 1500).toISOString();
    const { key } = await remit.call(directory.createApiKey, {
      body: { name: 'short', user_id: member.id, expires_at },
    });
    expect((await ask(key)).status).toBe(200);
    await sleep(1600);
    await expectRefused(key, 401, 'authentication_error', /revoked or has expired/);
  });

  test('a removed member and a deleted group take their keys with them', async () => {
    const member = await remit.newMember();
    const service = await remit.newServiceKey();
    const haiku = { model: 'claude-haiku-5-5' };
    expect((await ask(member.key)).status).toBe(200);
    const served = await send({ url: remit.url, key: service.key, body: bodyOf(haiku) });
    expect(served.status).toBe(200);
    expect(await remit.decision(String(served.headers['request-id']))).toMatchObject({
      user: null,
      rbac_group: { id: service.groupId },
      api_key: { id: service.keyId, name: 'ci' },
    });
    await remit.call(directory.removeUser, { params: { user_id: member.id } });
    await remit.call(directory.deleteGroup, { params: { group_id: service.groupId } });
    await expectRefused(member.key, 401, 'authentication_error', /./);
    await expectRefused(service.key, 401, 'authentication_error', /./);
  });

  test("a suspended member's keys are refused and told why, and work again once they are restored", async () => {
    const member = await remit.newMember();
    const params = { user_id: member.id };
    expect(await remit.call(directory.suspendUser, { params })).toMatchObject({ status: 'suspended' });
    await expectRefused(member.key, 401, 'authentication_error', /suspended/);
    expect(await remit.call(directory.restoreUser, { params })).toMatchObject({ status: 'active' });
    expect((await ask(member.key)).status).toBe(200);
  });

  describe('a running stream ends within a second', () => {
    const ENDINGS = {
      'when its key is revoked': async () => {
        const member = await remit.newMember();
        const end = () =>
          remit.call(directory.updateApiKey, { params: { api_key_id: member.keyId }, body: { status: 'inactive' } });
        return { key: member.key, end };
      },
      'when its member is removed': async () => {
        const member = await remit.newMember();
        return { key: member.key, end: () => remit.call(directory.removeUser, { params: { user_id: member.id } }) };
      },
      'when its member is suspended': async () => {
        const member = await remit.newMember();
        return { key: member.key, end: () => remit.call(directory.suspendUser, { params: { user_id: member.id } }) };
      },
      'when its group is deleted': async () => {
        const service = await remit.newServiceKey();
        return {
          key: service.key,
          end: () => remit.call(directory.deleteGroup, { params: { group_id: service.groupId } }),
        };
      },
    };

    test.each(Object.entries(ENDINGS))('%s, with an error event; others run on', async (_, prepare) => {
      const { key, end } = await prepare();
      const other = await remit.newMember();
      isHeld = true;
      const body = bodyOf({ stream: true, model: 'claude-haiku-5-5' });
      const doomed = await begin({ url: remit.url, key, body });
      const spared = await begin({ url: remit.url, key: other.key, body });
      isHeld = false;
      await Promise.all([doomed.until('goes on'), spared.until('goes on')]);
      cut.clear();
      const startedAt = performance.now();
      await end();
      const received = await doomed.whole;
      expect(performance.now() - startedAt).toBeLessThan(1000);
      expect(received.isCut).toBe(false);
      const last = received.text.trimEnd().split('\n\n').at(-1) ?? '';
      expect(last).toMatch(/^event: error\ndata: /);
      expect(errorOf({ text: last.replace('event: error\ndata: ', '') })).toMatchObject({
        type: 'authentication_error',
        requestId: doomed.requestId,
      });
      await waitFor('the cut', () => cut.size === 1);
      expect(await remit.decision(doomed.requestId)).toMatchObject({
        outcome: 'revoked',
        status: 200,
        cost: { estimated: true },
      });
      expect(spared.text()).not.toContain('event: error');
      spared.leave();
      await remit.decision(spared.requestId);
    });

    test('or is refused whole where it had not begun', async () => {
      const silent = await openUpstreamServer(() => {});
      const node = await startRemit({ upstreamUrl: silent.url, databaseUrl: await engine.databaseUrl() });
      await node.allowAll();
      const member = await node.newMember();
      // Somebody stays: the last member cannot be removed.
      await node.newMember();
      const answering = send({ url: node.url, key: member.key, body: bodyOf() });
      await waitFor('the request', () => silent.received.length === 1);
      await node.call(directory.removeUser, { params: { user_id: member.id } });
      const received = await answering;
      expect(received.status).toBe(401);
      expect(await node.decision(String(received.headers['request-id']))).toMatchObject({
        outcome: 'revoked',
        status: 401,
        cost: { estimated: true },
      });
      await node.stop();
      await silent.close();
    });
  });

  test('a change of policy holds for the next request', async () => {
    const member = await remit.newMember();
    const set = (enabled: boolean) =>
      remit.call(access.setModelAccess, { params: { model: 'claude-opus-5' }, body: { enabled } });
    const askOpus = () =>
      send({ url: remit.url, key: member.key, body: bodyOf({ model: 'claude-opus-5', stream: true }) });
    for (let i = 0; i < 3; i++) {
      await set(false);
      const refused = await askOpus();
      expect(refused.status).toBe(403);
      expect(await remit.decision(String(refused.headers['request-id']))).toMatchObject({
        effect: 'deny',
        outcome: 'refused',
      });
      await set(true);
      expect(await askOpus()).toMatchObject({ status: 200, text: STREAM });
    }
  });
});
