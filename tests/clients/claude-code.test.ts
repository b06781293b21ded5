import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differenceOf, openStage, opusRefused, type Stage, sessionOf } from './support/stage.ts';

const SONNET = 'claude-sonnet-5-5';
const HAIKU_4_5 = 'claude-haiku-4-5-20251001';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage?.close());

type Body = {
  readonly model: string;
  readonly stream?: boolean;
  readonly output_config?: { readonly effort?: string };
  readonly thinking?: { readonly budget_tokens?: number };
  readonly messages: readonly { readonly output_config?: { readonly effort?: string } }[];
};

const parse = (text: string): Body => JSON.parse(text) as Body;

const effortsOf = ({ output_config, messages }: Body) => ({
  body: output_config?.effort,
  messages: messages.flatMap((message) => message.output_config?.effort ?? []),
});

describe.concurrent('Claude Code in print mode', () => {
  it('runs a tool and shows the answer; every step is recorded with its session, tokens and cost', async () => {
    const member = await stage.organisation.addMember('Ada Tool', { [SONNET]: 'max' });
    const prompt = 'Add up [simulate:tool Bash {"command":"echo sum-$((40+2))","description":"Add"}]';

    const run = await stage.ask(member, [prompt, '--model', 'sonnet', '--allowedTools', 'Bash']);

    expect(run).toMatchObject({ exitCode: 0, stderr: '', askedOutside: [] });
    expect(run.stdout).toContain(`Simulated answer from ${SONNET} at effort medium: the tool answered “sum-42”.`);
    const received = stage.forwarded(run);
    expect(received).toHaveLength(2);
    expect(run.exchanges.map(({ body }, index) => differenceOf(String(body), String(received[index])))).toEqual([
      null,
      null,
    ]);
    const rows = await member.decisions();
    expect(rows.map(({ id }) => id)).toEqual(run.exchanges.map(({ answerHeaders }) => answerHeaders['request-id']));
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({
        effect: 'allow',
        outcome: 'completed',
        status: 200,
        session_id: sessionOf(run),
        client: expect.stringContaining('claude-cli/'),
        model: { asked: SONNET, used: SONNET },
        effort: { asked: 'medium', used: 'medium' },
        cost: { currency: 'USD', estimated: false, priced: true },
      });
      expect(row.usage?.output_tokens).toBeGreaterThan(0);
      expect(Number(row.cost?.amount)).toBeGreaterThan(0);
    }
  });

  it('shows why a model is refused, asks once, and nothing reaches the provider', async () => {
    const member = await stage.organisation.addMember('Ben Refused', { [SONNET]: 'high' });

    const run = await stage.ask(member, ['hello', '--model', 'opus']);

    expect(run).toMatchObject({ exitCode: 1, stderr: '', stdout: `${opusRefused('Role of Ben Refused')}\n` });
    expect(run.exchanges.map(({ status }) => status)).toEqual([451]);
    expect(stage.forwarded(run)).toEqual([]);
    const rows = await member.decisions();
    expect(rows).toMatchObject([
      {
        effect: 'deny',
        reason: 'model-not-granted-by-role',
        outcome: 'refused',
        cost: null,
        session_id: sessionOf(run),
      },
    ]);
  });

  it('goes on with the fallback model when the first one is refused', async () => {
    const member = await stage.organisation.addMember('Cleo Fallback', { [SONNET]: 'high' });

    const run = await stage.ask(member, ['hello', '--model', 'opus', '--fallback-model', 'sonnet']);

    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`Simulated answer from ${SONNET} `) });
    expect(run.exchanges.map(({ status }) => status)).toEqual([451, 200]);
    expect(stage.forwarded(run).map((body) => parse(body).model)).toEqual([SONNET]);
  });

  it('runs at the cap when more effort is asked for; only the efforts change on the way', async () => {
    const member = await stage.organisation.addMember('Dan Clamped', { [SONNET]: 'low' });

    const run = await stage.ask(member, ['hello', '--model', 'sonnet', '--effort', 'max']);

    expect(run).toMatchObject({ exitCode: 0, stderr: '', askedOutside: [] });
    expect(run.stdout).toContain(`Simulated answer from ${SONNET} at effort low: you said “hello”.`);
    const [exchange] = run.exchanges;
    expect(run.exchanges).toHaveLength(1);
    expect(exchange?.answerHeaders).toMatchObject({ 'remit-decision': 'clamp', 'remit-effort': 'low' });
    const sent = String(exchange?.body);
    const [received = ''] = stage.forwarded(run);
    expect(effortsOf(parse(sent))).toEqual({ body: 'max', messages: ['max'] });
    expect(effortsOf(parse(received))).toEqual({ body: 'low', messages: ['low'] });
    const lowered = sent.replaceAll('"output_config":{"effort":"max"}', '"output_config":{"effort":"low"}');
    expect(differenceOf(lowered, received)).toBeNull();
    const [row] = await member.decisions();
    expect(row).toMatchObject({ effect: 'clamp', effort: { asked: 'max', used: 'low', cap: 'low' } });
    const { findings } = await member.decision(String(row?.id));
    expect(findings.filter(({ effect }) => effect === 'clamp')).toMatchObject(
      ['effort', 'message-effort'].map((rule) => ({
        rule,
        reason: 'effort-above-cap',
        explanation:
          'Effort max is above the limit of low on Claude Sonnet 5.5, set by the role “Role of Dan Clamped”; it was lowered.',
      })),
    );
  });

  it('thinks no longer than the cap allows on a model that thinks by budget', async () => {
    const member = await stage.organisation.addMember('Eve Budget', { [HAIKU_4_5]: 'low' });

    const run = await stage.ask(member, ['hello', '--model', 'claude-haiku-4-5']);

    expect(run).toMatchObject({ exitCode: 0, stderr: '', askedOutside: [] });
    expect(run.stdout).toContain(`Simulated answer from ${HAIKU_4_5} without effort levels`);
    const [sent = ''] = run.exchanges.map(({ body }) => body.toString());
    expect(parse(sent).thinking?.budget_tokens).toBe(31_999);
    const [received = ''] = stage.forwarded(run);
    expect(differenceOf(sent.replace('"budget_tokens":31999', '"budget_tokens":4000'), received)).toBeNull();
    expect(await member.decisions()).toMatchObject([{ effect: 'clamp', reason: 'thinking-budget-above-cap' }]);
  });

  it('ends at once when the key has been revoked', async () => {
    const member = await stage.organisation.addMember('Fay Revoked', { [SONNET]: 'high' });
    await member.revokeKey();

    const run = await stage.ask(member, ['hello', '--model', 'sonnet']);

    expect(run).toMatchObject({
      exitCode: 1,
      stdout:
        'Failed to authenticate. API Error: 401 This API key has been revoked or has expired. Ask an administrator for a new one.\n',
    });
    expect(run.seconds).toBeLessThan(20);
    expect(run.exchanges).toMatchObject([{ status: 401, answerHeaders: { 'x-should-retry': 'false' } }]);
    expect(stage.forwarded(run)).toEqual([]);
  });

  it('learns only of the models that are permitted', async () => {
    const member = await stage.organisation.addMember('Gus Models', { [SONNET]: 'high' });
    const permitted = [
      { id: 'claude-haiku-5-5', display_name: 'Claude Haiku 5.5' },
      { id: SONNET, display_name: 'Claude Sonnet 5.5' },
      { id: HAIKU_4_5, display_name: 'Claude Haiku 4.5' },
    ];

    const discover = { CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1' };
    const run = await stage.ask(member, ['hello', '--model', 'sonnet'], discover);

    expect(run.exitCode).toBe(0);
    const [listed] = run.exchanges.filter(({ method }) => method === 'GET');
    expect(listed).toMatchObject({ url: '/v1/models?limit=1000', status: 200 });
    expect(JSON.parse(String(listed?.answer))).toMatchObject({ data: permitted, has_more: false });
    const cached = await readFile(join(run.home, '.claude', 'cache', 'gateway-models.json'), 'utf8');
    expect(JSON.parse(cached)).toMatchObject({ models: permitted });
  });

  it('streams events whose session is the one recorded', async () => {
    const member = await stage.organisation.addMember('Hal Events', { [SONNET]: 'high' });

    const run = await stage.ask(member, ['hello', '--model', 'sonnet', '--output-format', 'stream-json', '--verbose']);

    expect(run).toMatchObject({ exitCode: 0, stderr: '', askedOutside: [] });
    const events: unknown[] = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [row] = await member.decisions();
    const session = { session_id: row?.session_id };
    expect(events[0]).toMatchObject({ type: 'system', subtype: 'init', model: SONNET, ...session });
    expect(events).toContainEqual(expect.objectContaining({ type: 'assistant', request_id: row?.id, ...session }));
    expect(events.at(-1)).toMatchObject({
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: expect.stringContaining('you said “hello”'),
      usage: { output_tokens: row?.usage?.output_tokens },
      ...session,
    });
  });

  it('tells that the provider is overloaded, after the tries it was allowed', async () => {
    const member = await stage.organisation.addMember('Ida Overload', { [SONNET]: 'high' });

    const run = await stage.ask(member, ['[simulate:error 529]', '--model', 'sonnet'], {
      CLAUDE_CODE_MAX_RETRIES: '1',
    });

    expect(run).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(
        /^API Error: 529 Simulated error 529, as asked\. This is a server-side issue, usually temporary — try again in a moment\. If it persists, check your inference gateway \(127\.0\.0\.1:\d+\)\.\n$/,
      ),
    });
    expect(run.exchanges).toMatchObject([1, 2].map(() => ({ status: 529, answerHeaders: { 'retry-after': '1' } })));
    expect(await member.decisions()).toMatchObject([1, 2].map(() => ({ outcome: 'failed', status: 529 })));
  });

  it('asks again in one piece when a stream breaks off, at the same cap', async () => {
    const member = await stage.organisation.addMember('Joe Broken', { [SONNET]: 'low' });

    const run = await stage.ask(member, ['[simulate:error-midstream]', '--model', 'sonnet', '--effort', 'high']);

    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('at effort low') });
    expect(run.exchanges.map(({ body }) => parse(String(body)).stream)).toEqual([true, false]);
    expect(stage.forwarded(run).map((body) => effortsOf(parse(body)).body)).toEqual(['low', 'low']);
    expect(await member.decisions()).toMatchObject([
      { effect: 'clamp', stream: true, outcome: 'failed' },
      { effect: 'clamp', stream: false, outcome: 'completed' },
    ]);
  });
});
