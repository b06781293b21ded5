import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NOTHING_METERED, usageFromMessage } from '../../spend/index.ts';
import { scanAnswer } from '../scan/index.ts';
import { anything, draws, type Written, writeBody } from '../scan/testing/arbitrary-body.ts';
import { createAnswerMeter } from './answer-meter.ts';

/** What a full parse makes of an answer. */
const byParser = (body: Buffer) => {
  try {
    const message: unknown = JSON.parse(body.toString('utf8'));
    if (typeof message === 'object' && message !== null && 'usage' in message)
      return { metered: usageFromMessage(message), isComplete: true };
  } catch {
    // Damaged: there is nothing to meter.
  }
  return { metered: NOTHING_METERED, isComplete: false };
};

const byMeter = (body: Buffer, cuts: readonly number[]) => {
  const meter = createAnswerMeter('application/json', '');
  const places = [0, ...cuts.map((cut) => cut % (body.length + 1)).sort((a, b) => a - b), body.length];
  places.slice(1).forEach((end, index) => {
    meter.read(Buffer.from(body.subarray(places[index], end)));
  });
  meter.end(() => undefined);
  return { metered: meter.metered, isComplete: meter.isComplete };
};

const UNUSUAL_COUNTS = [-0, -1, 0.5, 1e21, null, 10 ** 15 - 1, 10 ** 15, 2 ** 53 - 1, 2 ** 53];
const count: fc.Arbitrary<Written> = fc.oneof(fc.nat(1_000_000), fc.constantFrom(...UNUSUAL_COUNTS), anything);
const text: fc.Arbitrary<Written> = fc.oneof(
  fc.constantFrom('msg_1', 'claude-opus-5-5', 'end_turn', '', '\0', '\ud800', 'é😀', 'usage', '{"usage":{}}'),
  anything,
);

/** Members of the given names, more often once each than not, some of them twice or in letters of another case. */
const membersOf = (values: Readonly<Record<string, fc.Arbitrary<Written>>>) => {
  const names = Object.keys(values);
  const own = fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), values[name] ?? anything)));
  const others = fc.array(
    fc.tuple(fc.constantFrom(...names, 'Usage', 'MODEL', '__proto__', 'content', 'type', 'ſtop_reason'), anything),
    { maxLength: 3 },
  );
  return fc
    .tuple(own, others)
    .chain(([some, more]) => fc.shuffledSubarray([...some, ...more], { minLength: 0 }))
    .map((object): Written => ({ object }));
};

const tokens = {
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
};
const usage = membersOf({
  ...tokens,
  cache_creation: membersOf({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
  iterations: fc.array(membersOf({ ...tokens, type: text, model: text }), { maxLength: 3 }).map((array) => ({ array })),
  output_tokens_details: membersOf({ thinking_tokens: count }),
  server_tool_use: membersOf({ web_search_requests: count, web_fetch_requests: count }),
  service_tier: text,
  inference_geo: text,
  speed: fc.oneof(fc.constantFrom('fast', 'standard'), text),
});
const content = fc
  .array(membersOf({ text, usage: anything, model: text }), { maxLength: 3 })
  .map((array): Written => ({ array }));
const answer = membersOf({ id: text, model: text, stop_reason: text, content, usage });

/** Deeper than the scanner goes. */
const deep = fc
  .nat(1200)
  .map((depth) => Buffer.from(`{"usage":{"output_tokens":7},"content":${'['.repeat(depth)}${']'.repeat(depth)}}`));
const written = fc
  .tuple(fc.oneof({ weight: 6, arbitrary: answer }, { weight: 1, arbitrary: anything }), draws)
  .map(([value, draw]) => Buffer.from(writeBody(value, draw)));

type Damage = (body: Buffer) => Buffer;
const bytes = fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\{}[]:,0-.eEu/ \n\0'), 0xef, 0xbb, 0xbf, 0xc3));
const splice: fc.Arbitrary<Damage> = fc
  .tuple(fc.nat(), fc.nat(2), fc.array(bytes, { maxLength: 2 }))
  .map(([at, dropped, added]) => (body) => {
    const place = at % (body.length + 1);
    return Buffer.concat([body.subarray(0, place), Buffer.from(added), body.subarray(place + dropped)]);
  });
const damage = fc.oneof(
  splice,
  fc.nat().map(
    (at): Damage =>
      (body) =>
        body.subarray(0, at % (body.length + 1)),
  ),
  fc.constant<Damage>((body: Buffer) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])),
  fc.constant<Damage>((body: Buffer) => Buffer.concat([body, body])),
);
const damaged: fc.Arbitrary<Buffer> = fc
  .tuple(written, fc.array(damage, { minLength: 1, maxLength: 3 }))
  .map(([body, all]) => all.reduce<Buffer>((before, change) => change(before), body));
/** Long enough for an answer to be skipped over natively. */
const SPACE = Buffer.alloc(5000, ' ');
const cuts = fc.array(fc.nat(), { maxLength: 4 });

it.each([
  ['any answer, with members given twice, in other letters or in escapes', written],
  ['a damaged answer', damaged],
  ['an answer of any depth', deep],
])('meters %s as a full parse would', (_kind, bodies) => {
  fc.assert(
    fc.property(bodies, cuts, fc.boolean(), (body, at, isLong) => {
      const whole = isLong ? Buffer.concat([SPACE, body]) : body;
      expect(byMeter(whole, at)).toEqual(byParser(whole));
    }),
    { numRuns: 1500 },
  );
});

it('does not parse an answer whole whose members stand once each and spelled plainly', () => {
  const usageOf = { input_tokens: 3, iterations: [{ type: 'message', output_tokens: 2 }] };
  const value = { id: 'msg_1', model: 'm', content: [{ text: 'a "usage":{} é\n' }], stop_reason: null, usage: usageOf };
  expect(scanAnswer([Buffer.from(JSON.stringify(value, null, 1))])).toEqual({
    model: 'm',
    stop_reason: null,
    usage: usageOf,
  });
});
