import { describe, expect, test } from 'vitest';
import { NOTHING_METERED } from '../../spend/index.ts';
import { endingOf, unseen } from './endings.ts';

const known = { endedAt: 2000, upstream: 'anthropic', totalMs: 1000 };

const ending = (type: string, message: unknown = null) => endingOf({ customId: 'a', type, message }, known);

describe('endingOf', () => {
  test('a message is metered whole, as part of a batch', () => {
    const usage = { input_tokens: 7, output_tokens: 5 };
    expect(
      ending('succeeded', { id: 'msg_1', model: 'claude-sonnet-5-5', stop_reason: 'end_turn', usage }),
    ).toMatchObject({
      ...known,
      outcome: 'completed',
      status: 200,
      isComplete: true,
      batch: true,
      metered: { model: 'claude-sonnet-5-5', stopReason: 'end_turn', usage: { inputTokens: 7, outputTokens: 5 } },
    });
  });

  test('a message that states no counts is charged by estimate', () => {
    const ended = ending('succeeded', { id: 'msg_1', content: [{ type: 'text', text: 'Good morning.' }], usage: null });
    expect(ended).toMatchObject({ outcome: 'completed', isComplete: false });
    expect(ended.textBytes).toBeGreaterThan(0);
  });

  test.each([
    ['errored', 'failed'],
    ['expired', 'failed'],
    ['canceled', 'client_left'],
    ['a type of tomorrow', 'failed'],
  ])('of an entry that is %s nothing is metered, and that is final', (type, outcome) => {
    expect(ending(type, { usage: { input_tokens: 7 } })).toMatchObject({
      outcome,
      status: null,
      isComplete: true,
      metered: NOTHING_METERED,
    });
  });
});

test('an entry whose result nobody saw is left to an estimate', () => {
  expect(unseen(known)).toMatchObject({ outcome: 'interrupted', isComplete: false, batch: true });
});
