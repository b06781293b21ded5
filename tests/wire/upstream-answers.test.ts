import { describe, expect, onTestFinished, test } from 'vitest';
import { errorOf, send } from '../support/http.ts';
import { answerWell, beginStream, bodyOf, messageJson, STREAM } from '../support/messages.ts';
import { gateway, type Member, type Remit, type RemitOptions, startRemit } from '../support/remit.ts';
import { type Answer, closedUrl, startUpstream } from '../support/upstreams.ts';

/** A provider's answer passes as it is, unless it is about our own credential or leads elsewhere; then the next is asked or the client told. */

/** A Remit for one test with a member who may use everything. At its end nothing may run any more. */
const startFor = async (options: RemitOptions) => {
  const remit = await startRemit(options);
  onTestFinished(async () => {
    expect(await remit.running()).toBe(0);
    await remit.stop();
  });
  await remit.allowAll();
  const member = await remit.newMember();
  return { remit, member };
};

const ask = ({ remit, member }: { remit: Remit; member: Member }, extra = {}) =>
  send({ url: remit.url, key: member.key, body: bodyOf(extra) });

describe('an answer of the provider', () => {
  test.each([301, 302, 303, 307, 308])('that redirects (%d) is neither followed nor passed on', async (status) => {
    const elsewhere = await startUpstream(answerWell);
    const upstream = await startUpstream((_, response) =>
      response.writeHead(status, { location: `${elsewhere.url}/v1/messages` }).end(),
    );
    const { remit, member } = await startFor({ upstreamUrl: upstream.url });
    const received = await ask({ remit, member });
    expect(received.status).toBe(502);
    expect(received.headers).not.toHaveProperty('location');
    expect(errorOf(received).message).toMatch(/redirect/);
    expect(elsewhere.received).toHaveLength(0);
    expect(upstream.received).toHaveLength(1);
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'failed',
      status: 502,
      cost: { amount: '0' },
    });
  });

  test.each([401, 403])(
    'that refuses our credential (%d) is a 502 and an alert, until it is accepted',
    async (status) => {
      let isAccepted = false;
      const upstream = await startUpstream((request, response) => {
        if (isAccepted) answerWell(request, response);
        else
          response
            .writeHead(status, { 'content-type': 'application/json' })
            .end('{"error":{"message":"sk-secret is wrong"}}');
      });
      const { remit, member } = await startFor({ upstreamUrl: upstream.url });
      const alerts = async () => (await remit.call(gateway.getStatus)).alerts;
      expect(await alerts()).toEqual([]);
      const received = await ask({ remit, member });
      expect(received.status).toBe(502);
      expect(errorOf(received)).toMatchObject({
        type: 'api_error',
        message: expect.stringMatching(/not about your key/),
      });
      expect(received.text).not.toContain('sk-secret');
      await ask({ remit, member });
      expect(await alerts()).toEqual([
        {
          code: 'upstream_credential_rejected',
          message: expect.stringContaining(String(status)),
          since: expect.any(String),
        },
      ]);
      expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
        outcome: 'failed',
        status: 502,
        cost: { amount: '0' },
      });
      isAccepted = true;
      expect((await ask({ remit, member })).status).toBe(200);
      expect(await alerts()).toEqual([]);
    },
  );

  test.each([400, 402, 404, 413, 422, 429, 500, 503, 529])(
    'with an error (%d) passes byte for byte and is free',
    async (status) => {
      const body = `{"type":"error","error":{"type":"any","message":"Überlastet ${status}"}, "request_id":null}\n`;
      const upstream = await startUpstream((_, response) =>
        response
          .writeHead(status, { 'content-type': 'application/json', 'retry-after': '17', 'x-should-retry': 'true' })
          .end(body),
      );
      const { remit, member } = await startFor({ upstreamUrl: upstream.url });
      const received = await ask({ remit, member });
      expect(received).toMatchObject({ status, text: body });
      expect(received.headers).toMatchObject({ 'retry-after': '17', 'x-should-retry': 'true' });
      expect(upstream.received).toHaveLength(1);
      expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
        outcome: 'failed',
        status,
        cost: { amount: '0', estimated: false },
      });
    },
  );
});

describe('with a second provider', () => {
  const startTwo = async (first: Answer | 'closed', second: Answer) => {
    const one = first === 'closed' ? undefined : await startUpstream(first);
    const two = await startUpstream(second);
    const started = await startFor({
      upstreams: [
        { name: 'one', url: one?.url ?? (await closedUrl()), key: 'key-of-one' },
        { name: 'two', url: two.url, key: 'key-of-two' },
      ],
    });
    return { one, two, ...started };
  };
  const failWith =
    (status: number): Answer =>
    (_, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(`{"error":"from one ${status}"}`);

  test.each([500, 502, 503, 504, 529])('a %d of the first is answered by the second', async (status) => {
    const { remit, member, one, two } = await startTwo(failWith(status), answerWell);
    const received = await ask({ remit, member }, { stream: true });
    expect(received).toMatchObject({ status: 200, text: STREAM });
    expect(one?.received[0]?.headers['x-api-key']).toBe('key-of-one');
    expect(two.received[0]?.headers['x-api-key']).toBe('key-of-two');
    expect(two.received[0]?.body.equals(one?.received[0]?.body ?? Buffer.alloc(0))).toBe(true);
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      upstream: 'two',
      outcome: 'completed',
    });
  });

  test('one that cannot be reached is passed over', async () => {
    const { remit, member } = await startTwo('closed', answerWell);
    const received = await ask({ remit, member });
    expect(received).toMatchObject({ status: 200, text: messageJson() });
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      upstream: 'two',
      outcome: 'completed',
    });
  });

  test('one that breaks off before its first byte is passed over', async () => {
    const { remit, member } = await startTwo((_, response) => void response.destroy(), answerWell);
    expect(await ask({ remit, member })).toMatchObject({ status: 200, text: messageJson() });
  });

  test.each([400, 404, 429])('a %d of the first stands', async (status) => {
    const { remit, member, two } = await startTwo(failWith(status), answerWell);
    expect(await ask({ remit, member })).toMatchObject({ status, text: `{"error":"from one ${status}"}` });
    expect(two.received).toHaveLength(0);
  });

  test('one that breaks off in mid-stream is not replaced', async () => {
    const { remit, member, two } = await startTwo((_, response) => {
      beginStream(response);
      setTimeout(() => response.destroy(), 30);
    }, answerWell);
    const received = await ask({ remit, member }, { stream: true });
    expect(received.text).toContain('event: error');
    expect(two.received).toHaveLength(0);
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      upstream: 'one',
      outcome: 'failed',
    });
  });

  test('when both fail, the answer of the last one stands', async () => {
    const { remit, member } = await startTwo(failWith(500), (_, response) =>
      response.writeHead(529, { 'retry-after': '3' }).end('{"error":"from two"}'),
    );
    const received = await ask({ remit, member });
    expect(received).toMatchObject({ status: 529, text: '{"error":"from two"}' });
    expect(received.headers['retry-after']).toBe('3');
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      upstream: 'two',
      outcome: 'failed',
      status: 529,
    });
  });

  test('when none can be reached, the client is told to try again', async () => {
    const { remit, member } = await startFor({
      upstreams: [
        { name: 'one', url: await closedUrl() },
        { name: 'two', url: await closedUrl() },
      ],
    });
    const received = await ask({ remit, member });
    expect(received.status).toBe(502);
    expect(received.headers).not.toHaveProperty('x-should-retry');
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      upstream: null,
      outcome: 'failed',
      status: 502,
      cost: { amount: '0' },
    });
  });
});
