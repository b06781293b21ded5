import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Judgement, packDecision } from './judgement.ts';
import { Judgements } from './judgements.ts';
import type { Decision } from './rules/decision.ts';
import type { Wanted } from './rules/types.ts';

/** Few values each, so that wants meet others that differ in one thing only. */
const wants: fc.Arbitrary<Wanted> = fc.record({
  model: fc.constantFrom('opus', 'opus api', 'haiku', ''),
  effort: fc.constantFrom('high', 'null', '', null, undefined),
  messageEfforts: fc.constantFrom([], [], [null], ['high']),
  thinkingBudget: fc.constantFrom(null, 0, 1024),
  fallbackModels: fc.constantFrom([], [], ['haiku'], ['haiku', 'opus']),
  product: fc.constantFrom('api', 'claude_code'),
  capabilities: fc.constantFrom<Wanted['capabilities'][]>([], [], ['web_search']),
  servers: fc.constantFrom<Wanted['servers'][]>([], [], [{ name: 'a', url: 'b', tools: null, except: [] }]),
  tools: fc.constantFrom<Wanted['tools'][]>([], [], [{ server: 'a', tool: 'b' }]),
});

const answerTo = (wanted: Wanted): Judgement => {
  const decision = { findings: [], wanted } as unknown as Decision;
  return { decision, packed: packDecision(decision, wanted) };
};

test('what is remembered is the answer to the same want, however many others there were', () => {
  fc.assert(
    fc.property(fc.array(wants, { maxLength: 60 }), (asked) => {
      const judgements = new Judgements();
      for (const wanted of asked) {
        const known = judgements.find(structuredClone(wanted));
        if (known === undefined) judgements.keep(wanted, answerTo(wanted));
        else expect(known.decision).toEqual(answerTo(wanted).decision);
        expect(judgements.find(structuredClone(wanted))?.decision).toEqual(answerTo(wanted).decision);
      }
    }),
  );
});

test('an answer is worked out once for many askers, and those of hundreds of wants do not pile up', () => {
  const judgements = new Judgements();
  const asked = (budget: number): Wanted => ({
    model: 'opus',
    effort: 'high',
    messageEfforts: [],
    thinkingBudget: budget,
    fallbackModels: [],
    product: 'api',
    capabilities: [],
    servers: [],
    tools: [],
  });
  for (let budget = 0; budget < 500; budget++) judgements.keep(asked(budget), answerTo(asked(budget)));
  for (let budget = 0; budget < 500; budget++) expect(judgements.find(asked(budget))).toBeDefined();
  judgements.keep(asked(500), answerTo(asked(500)));
  expect(judgements.find(asked(3))).toBeUndefined();
  expect(judgements.find(asked(500))).toBeDefined();
});
