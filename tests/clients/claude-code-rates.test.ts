import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setRateLimitOverride } from '../../src/spend/contract.ts';
import type { Member } from './support/organisation.ts';
import { openStage, type Stage } from './support/stage.ts';
import { openTerminal } from './support/terminal.ts';
import type { Exchange } from './support/wiretap.ts';

const SONNET = 'claude-sonnet-5-5';

/** So many requests a minute: one comes back in ten seconds, which Claude Code waits for. */
const PER_MINUTE = 6;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage?.close());

/** A member who may make so many requests. */
const limited = async (name: string): Promise<Member> => {
  const { admin, addMember } = stage.organisation;
  const member = await addMember(name, { [SONNET]: 'max' });
  await admin(setRateLimitOverride, {
    body: {
      scope: { type: 'user', user_id: member.id },
      rate_limit_id: 'rlg_claude_sonnet_5_5',
      limits: [{ type: 'requests_per_minute', value: PER_MINUTE }],
    },
  });
  return member;
};

/** Makes all requests of this minute. */
const exhaust = async (member: Member): Promise<void> => {
  const { url } = stage.organisation;
  const body = JSON.stringify({ model: SONNET, max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] });
  const headers = { 'x-api-key': member.key, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' };
  for (let i = 0; i < PER_MINUTE; i++)
    expect((await fetch(`${url}/v1/messages`, { method: 'POST', headers, body })).status).toBe(200);
};

const messagesOf = ({ exchanges }: { readonly exchanges: readonly Exchange[] }) =>
  exchanges.filter(({ method, url }) => method === 'POST' && url.startsWith('/v1/messages?'));

/** Every refusal says when to come again, and nobody came before that. */
const expectPatience = (exchanges: readonly Exchange[]): void => {
  const refused = exchanges.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const [index, { answerHeaders, answer, arrivedMs }] of exchanges.entries()) {
    if (!answerHeaders['retry-after']) continue;
    const seconds = Number(answerHeaders['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60 / PER_MINUTE);
    expect(JSON.parse(answer.toString())).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
    const next = exchanges[index + 1];
    expect(next, 'it came again').toBeDefined();
    if (next !== undefined) expect(next.arrivedMs - arrivedMs).toBeGreaterThanOrEqual(seconds * 1000 - 250);
  }
};

describe('Claude Code at a rate limit', () => {
  it('waits as long as it is told, and is answered', async () => {
    const member = await limited('Rita Rate');
    await exhaust(member);

    const run = await stage.ask(member, ['hello', '--model', 'sonnet']);

    const messages = messagesOf(run);
    expectPatience(messages);
    expect(messages.at(-1)?.status).toBe(200);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('Simulated answer from claude-sonnet-5-5');
    expect(run.stdout).not.toContain('429');
  });

  it('shows the person that it waits and for how long, and then the answer', async () => {
    const member = await limited('Renzo Screen');
    const place = await stage.claude.openWorkplace({ env: { ANTHROPIC_AUTH_TOKEN: member.key } });
    const terminal = await openTerminal({
      argv: [stage.claude.program, '--model', 'sonnet'],
      folder: place.project,
      env: place.env,
    });
    try {
      await terminal.waitFor('❯');
      await terminal.type('hello');
      await terminal.waitFor('❯ hello');
      await exhaust(member);
      await terminal.pressEnter();
      // It waits a little longer than it is told, and counts down.
      await terminal.waitFor('API error · retrying in');
      await terminal.waitFor('attempt 1/10');
      await terminal.waitFor('Simulated answer from claude-sonnet-5-5');
    } finally {
      await terminal.close();
    }
    expectPatience(messagesOf(place));
  });
});
