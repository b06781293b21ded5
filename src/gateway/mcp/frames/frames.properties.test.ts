import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hideTools } from './hide-tools.ts';
import { readClientFrames } from './read-client-frames.ts';
import { readServerFrames } from './read-server-frames.ts';

/** Texts near to messages: pieces of them in any order, so that most are broken and some are whole. */
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"jsonrpc"',
  '"2.0"',
  '"id"',
  '1',
  'null',
  '"method"',
  '"tools/call"',
  '"params"',
  '"name"',
  '"add"',
  '"result"',
  '"tools"',
  '"isError"',
  'true',
  '"\\u0061dd"',
  '"Name"',
  ' ',
  '\n',
  '-',
  '1e9',
  '"\\ud800"',
] as const;

const near = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));

const whole = fc
  .record({
    jsonrpc: fc.constantFrom('2.0', '1.0', 2),
    id: fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.constant(undefined)),
    method: fc.oneof(fc.constantFrom('tools/call', 'ping', 'TOOLS/CALL'), fc.string()),
    params: fc.oneof(
      fc.record({ name: fc.oneof(fc.string(), fc.integer()), uri: fc.string() }),
      fc.jsonValue(),
      fc.constant(undefined),
    ),
  })
  .map((message) => JSON.stringify(message));

it('what is passed on as a message is one to every JSON parser, with the same method, id and name', () => {
  fc.assert(
    fc.property(fc.oneof(near, whole), (text) => {
      const read = readClientFrames(Buffer.from(text));
      if ('problem' in read) return;
      const parsed: unknown = JSON.parse(text);
      const messages = (Array.isArray(parsed) ? parsed : [parsed]) as readonly Record<string, unknown>[];
      expect(read.isBatch).toBe(Array.isArray(parsed));
      expect(read.frames.map(({ method }) => method)).toEqual(messages.map(({ method }) => method ?? null));
      for (const [index, { id, name, kind }] of read.frames.entries()) {
        const { id: wanted, params } = messages[index] ?? {};
        if (kind !== 'notification') expect(JSON.parse(String(id))).toEqual(wanted);
        const given = typeof params === 'object' && params !== null ? (params as { name?: unknown }).name : undefined;
        expect(name).toBe(typeof given === 'string' && !Array.isArray(params) ? given : null);
      }
    }),
    { numRuns: 5000 },
  );
});

it('no message a client can read lists a tool that is hidden', () => {
  const tools = fc.array(fc.oneof(fc.record({ name: fc.constantFrom('open', 'shut', 'sh\\ut') }), fc.jsonValue()), {
    maxLength: 6,
  });
  const listed = fc
    .record({ id: fc.integer(), result: fc.record({ tools, nextCursor: fc.string() }) })
    .map((one) => JSON.stringify(one));
  const spelled = listed.map((text) => text.replaceAll('"shut"', '"\\u0073hut"'));
  fc.assert(
    fc.property(fc.oneof(near, listed, spelled), (text) => {
      const bytes = Buffer.from(text);
      const frames = readServerFrames(bytes);
      if ('problem' in frames) return;
      const left: unknown = JSON.parse(hideTools(bytes, frames, (name) => name === 'open').toString());
      const names = (Array.isArray(left) ? left : [left]).flatMap(({ result }) => {
        const list: unknown = result?.tools;
        return Array.isArray(list) ? list.map((tool) => tool?.name as unknown) : [];
      });
      for (const name of names) expect(name).toBe('open');
    }),
    { numRuns: 5000 },
  );
});
