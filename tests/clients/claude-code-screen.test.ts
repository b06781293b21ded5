import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, opusRefused, type Stage } from './support/stage.ts';
import { openTerminal } from './support/terminal.ts';

const SONNET = 'claude-sonnet-5-5';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage?.close());

describe('Claude Code on a screen', () => {
  it('shows the person why a model is refused', async () => {
    const member = await stage.organisation.addMember('Max Screen', { [SONNET]: 'high' });
    const place = await stage.claude.openWorkplace({ env: { ANTHROPIC_AUTH_TOKEN: member.key } });
    const terminal = await openTerminal({
      argv: [stage.claude.program, '--model', 'opus'],
      folder: place.project,
      env: place.env,
    });
    try {
      await terminal.waitFor('❯');
      await terminal.type('hello');
      await terminal.waitFor('❯ hello');
      await terminal.pressEnter();
      await terminal.waitFor(opusRefused('Role of Max Screen'));
    } finally {
      await terminal.close();
    }
    expect(new Set(place.exchanges.map(({ status }) => status))).toEqual(new Set([451]));
    expect(stage.forwarded(place)).toEqual([]);
  });
});
