import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setSpendLimit } from '../../src/spend/contract.ts';
import { openStage, type Stage } from './support/stage.ts';
import { openTerminal } from './support/terminal.ts';

const SONNET = 'claude-sonnet-5-5';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage?.close());

const limit = (userId: string, cents: string) =>
  stage.organisation.admin(setSpendLimit, {
    body: { scope: { type: 'user', user_id: userId }, amount: cents, period: 'monthly' },
  });

describe('Claude Code at a spend limit', () => {
  it('prints our sentence, asks once, and nothing reaches the provider', async () => {
    const member = await stage.organisation.addMember('Nora Spent', { [SONNET]: 'max' });
    await limit(member.id, '0');

    const run = await stage.ask(member, ['hello', '--model', 'sonnet']);

    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('You have reached your monthly limit of $0.00.');
    expect(run.stdout).toContain('Ask an administrator for more if you need it sooner.');
    expect(new Set(run.exchanges.map(({ status }) => status))).toEqual(new Set([429]));
    expect(stage.forwarded(run)).toEqual([]);
  });

  it('tells the person on the screen, and goes on as soon as the limit is raised', async () => {
    const member = await stage.organisation.addMember('Otto Screen', { [SONNET]: 'max' });
    await limit(member.id, '0');
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
      await terminal.pressEnter();
      await terminal.waitFor('You have reached your monthly limit of $0.00.');
      await limit(member.id, '100000');
      await terminal.type('hello again');
      await terminal.waitFor('❯ hello again');
      await terminal.pressEnter();
      await terminal.waitFor('Simulated answer from claude-sonnet-5-5');
    } finally {
      await terminal.close();
    }
  });
});
