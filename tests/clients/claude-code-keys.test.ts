import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunOptions } from './support/claude-code.ts';
import { openStage, type Stage, sessionOf } from './support/stage.ts';

const SONNET = 'claude-sonnet-5-5';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage?.close());

describe.concurrent('The key Claude Code presents', () => {
  const CREDENTIALS = [
    { as: 'ANTHROPIC_AUTH_TOKEN', headers: ['authorization'] },
    { as: 'ANTHROPIC_API_KEY', headers: ['x-api-key'] },
    { as: 'apiKeyHelper', headers: ['authorization', 'x-api-key'] },
  ] as const;

  const optionsFor = (as: string, key: string): Omit<RunOptions, 'args'> =>
    as === 'apiKeyHelper' ? { env: {}, settings: { apiKeyHelper: `echo ${key}` } } : { env: { [as]: key } };

  it.for(CREDENTIALS)('is recognised from $as, and none of it goes on to the provider', async ({ as, headers }) => {
    const member = await stage.organisation.addMember(`Key by ${as}`, { [SONNET]: 'high' });

    const run = await stage.claude.run({ args: ['-p', 'hello', '--model', 'sonnet'], ...optionsFor(as, member.key) });

    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('you said “hello”'), askedOutside: [] });
    const [sent] = run.exchanges;
    const carriers = Object.entries(sent?.headers ?? {}).filter(([, value]) => String(value).includes(member.key));
    expect(carriers.map(([name]) => name).toSorted()).toEqual(headers);
    const onwards = stage.organisation.receivedFrom(sessionOf(run));
    expect(onwards).toHaveLength(1);
    expect(JSON.stringify(onwards.map(({ rawHeaders }) => rawHeaders))).not.toContain(member.key);
    expect(await member.decisions()).toMatchObject([{ effect: 'allow', api_key: { name: 'Laptop' } }]);
  });

  it('must be one: two different ones are refused with a sentence that says so', async () => {
    const one = await stage.organisation.addMember('Kim One', { [SONNET]: 'high' });
    const other = await stage.organisation.addMember('Lea Other', { [SONNET]: 'high' });

    const run = await stage.claude.run({
      args: ['-p', 'hello', '--model', 'sonnet'],
      env: { ANTHROPIC_AUTH_TOKEN: one.key },
      settings: { apiKeyHelper: `echo ${other.key}` },
    });

    expect(run).toMatchObject({
      exitCode: 1,
      stdout:
        'Failed to authenticate. API Error: 401 The request carries two different keys, one as the API key and one as a bearer token. Send one of them.\n',
    });
    expect(stage.forwarded(run)).toEqual([]);
  });
});
