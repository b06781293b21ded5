import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLAUDE_CODE, OPUS, odd, SDK, startWithBoundMember } from '../support/bound-member.ts';
import { connectTo, errorOf } from '../support/http.ts';
import { waitFor } from '../support/wait.ts';

/** The rules about effort, as a client and the provider meet them: only the bytes of a lowered value change. */

let stage: Awaited<ReturnType<typeof startWithBoundMember>>;
beforeAll(async () => {
  stage = await startWithBoundMember();
});
afterAll(() => stage.stop());
beforeEach(() => stage.setAction('clamp'));

describe('too high an effort is lowered, and nothing else is touched', () => {
  test.each([
    {
      site: 'output_config.effort',
      asks: '"output_config":{ "effort" : "max" },',
      sends: '"output_config":{ "effort" : "medium" },',
    },
    {
      site: 'an effort that is not known',
      asks: '"output_config":{"effort":"colossal"},',
      sends: '"output_config":{"effort":"medium"},',
    },
    {
      site: 'an escaped effort',
      asks: '"output_config":{"effort":"m\\u0061x"},',
      sends: '"output_config":{"effort":"medium"},',
    },
  ])('$site', async ({ asks, sends }) => {
    const { received, recorded, forwarded } = await stage.ask({ body: odd(asks) });
    expect(received.status).toBe(200);
    expect(forwarded).toEqual([odd(sends)]);
    expect(received.headers).toMatchObject({
      'remit-decision': 'clamp',
      'remit-model': OPUS,
      'remit-effort': 'medium',
    });
    expect(recorded).toMatchObject({
      effect: 'clamp',
      reason: 'effort-above-cap',
      effort: { used: 'medium', cap: 'medium' },
      model: { asked: OPUS, used: OPUS },
      outcome: 'completed',
    });
    expect(recorded.findings.find(({ effect }) => effect === 'clamp')?.explanation).toMatch(
      /above the limit of medium .* it was lowered/,
    );
  });

  test.each([300, 40_000, 90_000, 300_000])(
    'however the %i bytes of it come, and with what behind them',
    async (size) => {
      const of = (effort: string) => odd(`"output_config":{"effort":"${effort}"},"system":"${'s'.repeat(size)}",`);
      const body = Buffer.from(of('max'));
      const head = Buffer.from(
        `POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${stage.bound.key}\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      const whole = Buffer.concat([head, body]);
      const socket = connectTo(stage.remit.url);
      let text = '';
      socket.on('data', (piece) => {
        text += piece.toString();
      });
      const before = stage.received.length;
      const pieces = [
        whole,
        head,
        body,
        head,
        body.subarray(0, 17_000),
        body.subarray(17_000),
        Buffer.concat([whole, whole]),
      ];
      for (const piece of pieces) {
        socket.write(piece);
        await sleep(30);
      }
      await waitFor('five answers', () => text.split('remit-decision: clamp').length === 6);
      socket.destroy();
      expect(stage.received.slice(before).map((one) => one.body.toString())).toEqual(Array(5).fill(of('medium')));
    },
  );

  test('every messages[].output_config.effort above the cap, and only those', async () => {
    const of = (...efforts: readonly string[]) =>
      `{"model":"${OPUS}","max_tokens":64,"output_config":{"effort":"low"},"messages":[${efforts
        .map((effort) => `{"role":"user","output_config":{"effort":"${effort}"},"content":"hi"}`)
        .join(', ')}]}`;
    const { recorded, forwarded } = await stage.ask({ body: of('max', 'low', 'medium', 'high') });
    expect(forwarded).toEqual([of('medium', 'low', 'medium', 'medium')]);
    expect(recorded).toMatchObject({ effect: 'clamp', effort: { asked: 'low', used: 'low', cap: 'medium' } });
  });

  test('an effort that is left out, where the model would start above the cap', async () => {
    const plain = '{"model":"claude-sonnet-5","max_tokens":1,"messages":[]}';
    const cases = [
      {
        body: plain,
        sent: '{"output_config":{"effort":"low"},"model":"claude-sonnet-5","max_tokens":1,"messages":[]}',
      },
      {
        body: plain.replace('{', '{"output_config":{},'),
        sent: plain.replace('{', '{"output_config":{"effort":"low"},'),
      },
      {
        body: plain.replace('{', '{"output_config":null,'),
        sent: plain.replace('{', '{"output_config":{"effort":"low"},'),
      },
      {
        body: plain.replace('{', '{"output_config":{"format":{"type":"json_schema"}},'),
        sent: plain.replace('{', '{"output_config":{"effort":"low","format":{"type":"json_schema"}},'),
      },
    ];
    for (const { body, sent } of cases) {
      const { recorded, forwarded, received } = await stage.ask({ body });
      expect(forwarded, body).toEqual([sent]);
      expect(received.headers['remit-effort']).toBe('low');
      expect(recorded).toMatchObject({
        effect: 'clamp',
        reason: 'default-effort-above-cap',
        effort: { asked: null, used: 'low', cap: 'low' },
      });
    }
  });

  test('a thinking budget on an older model', async () => {
    const of = (budget: number) =>
      `{"model":"claude-sonnet-4-5-20250929","max_tokens":64000,"thinking":{"type":"enabled", "budget_tokens": ${budget} },"messages":[]}`;
    const { recorded, forwarded } = await stage.ask({ body: of(50_000) });
    expect(forwarded).toEqual([of(10_000)]);
    expect(recorded).toMatchObject({ effect: 'clamp', reason: 'thinking-budget-above-cap' });
    expect((await stage.ask({ body: of(9_999) })).forwarded).toEqual([of(9_999)]);
  });

  test('in a count of tokens as in the request itself', async () => {
    const { forwarded } = await stage.ask({
      body: odd('"output_config":{"effort":"max"},'),
      path: '/v1/messages/count_tokens',
    });
    expect(forwarded).toEqual([odd('"output_config":{"effort":"medium"},')]);
  });

  test('but not one within the cap: every byte goes on', async () => {
    for (const member of ['"output_config":{"effort":"medium"},', '"output_config":{"effort":"low"},', '']) {
      const { received, recorded, forwarded } = await stage.ask({ body: odd(member) });
      expect(forwarded).toEqual([odd(member)]);
      expect(received.headers['remit-decision']).toBe('allow');
      expect(recorded.effect).toBe('allow');
    }
  });
});

test('too high an effort is refused where the organisation says so', async () => {
  await stage.setAction('refuse');
  const body = odd('"output_config":{"effort":"max"},');
  for (const [headers, status] of [
    [SDK, 403],
    [CLAUDE_CODE, 451],
  ] as const) {
    const { received, recorded, forwarded } = await stage.ask({ body, headers });
    expect(received.status).toBe(status);
    expect(errorOf(received)).toMatchObject({
      type: 'permission_error',
      message: expect.stringMatching(/up to effort medium, and max was asked for\. Choose medium or lower/),
      details: { error_code: 'effort-above-cap' },
    });
    expect(forwarded).toEqual([]);
    expect(recorded).toMatchObject({
      effect: 'deny',
      outcome: 'refused',
      effort: { asked: 'max', used: null, cap: 'medium' },
    });
  }
});

test('too high an effort passes and is noted where the organisation only observes', async () => {
  await stage.setAction('observe');
  const body = odd('"output_config":{"effort":"max"},');
  const { received, recorded, forwarded } = await stage.ask({ body });
  expect(forwarded).toEqual([body]);
  expect(received.headers).toMatchObject({ 'remit-decision': 'allow', 'remit-effort': 'max' });
  expect(recorded).toMatchObject({
    effect: 'allow',
    reason: 'effort-above-cap',
    effort: { asked: 'max', used: 'max', cap: 'medium' },
  });
});
