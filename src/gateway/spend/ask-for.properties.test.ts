import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../access/index.ts';
import {
  type Bounds,
  createPricing,
  createTypicalOutput,
  DEFAULT_PRICE_BOOK,
  type Reserve,
} from '../../spend/index.ts';
import { Body } from '../body.ts';
import { wantedOf } from '../messages/wanted.ts';
import { scanRequest } from '../scan/index.ts';
import { draws, type Written, wellTypedRequest, writeBody } from '../scan/testing/arbitrary-body.ts';
import { askFor } from './ask-for.ts';

/** What a strict limit holds must not depend on how the same JSON is written down. */

const MODEL = 'claude-sonnet-5-5';
const PRICING = createPricing(DEFAULT_PRICE_BOOK);

const STRICT: Bounds = {
  ceilings: [
    {
      ...{ limitId: 'spl_1', scope: { type: 'user', userId: 'user_1' }, account: 'user:user_1', ladder: [] },
      ...{ period: 'monthly', amountMicros: 1_000_000, mode: 'strict' },
    },
  ],
  included: null,
};

const decision: Decision = {
  effect: 'allow',
  model: { asked: MODEL, used: MODEL, id: MODEL },
  effort: { asked: null, used: null, cap: null },
  changes: {},
  findings: [],
  policyVersion: 1,
};

/** What is asked of the ledger for a body, with the length of another one of the same meaning; undefined when it is refused. */
const askOf = (body: Buffer, bodyBytes: number): Reserve | undefined => {
  const scanned = scanRequest(body);
  if (!scanned.ok) return undefined;
  const { request } = scanned;
  const at = Date.UTC(2026, 10, 2);
  const when = { requestId: 'req_1', startedAt: at, expiresAt: at + 1, bounds: STRICT };
  return askFor(
    {
      ...when,
      scanned: request,
      wanted: wantedOf(request, 'api'),
      decision,
      body: Body.of([body]),
      bodyBytes,
      isBatch: false,
    },
    PRICING,
    createTypicalOutput(),
  );
};

const boundOf = (ask: Reserve | undefined): number | 'unbounded' | undefined => {
  if (ask === undefined) return undefined;
  return ask.worst === 'unbounded' ? 'unbounded' : ask.worst.fixedMicros;
};

/** Every letter, digit and underscore as an escape, or as it is. */
const escaped = (text: string): string =>
  `"${Array.from(text, (unit) => (/\w/.test(unit) ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : JSON.stringify(unit).slice(1, -1))).join('')}"`;

const writeEscaped = (value: unknown): string => {
  if (typeof value === 'string') return escaped(value);
  if (Array.isArray(value)) return `[${value.map(writeEscaped).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, item]) => `${escaped(name)}:${writeEscaped(item)}`)
    .join(',')}}`;
};

const cached: fc.Arbitrary<Written> = fc.constantFrom<Written>(
  { object: [['cache_control', { object: [['type', 'ephemeral']] }]] },
  {
    object: [
      [
        'cache_control',
        {
          object: [
            ['type', 'ephemeral'],
            ['ttl', '1h'],
          ],
        },
      ],
    ],
  },
  'nothing to keep',
);

/** A request with and without what a bound depends on besides its length. */
const anyRequest = fc.tuple(wellTypedRequest, cached, draws).map(([request, system, draw]) => {
  if (typeof request !== 'object' || request === null || !('object' in request)) throw new Error('no object');
  const others = request.object.filter(([name]) => name !== 'system');
  return writeBody({ object: [...others, ['system', { array: [system] }]] }, draw);
});

describe('the bound of a request under a strict limit', () => {
  test('is that of its meaning, whatever white space and escapes it is written with', () => {
    let unbounded = 0;
    fc.assert(
      fc.property(anyRequest, (text) => {
        const parsed: unknown = JSON.parse(text);
        const plain = JSON.stringify(parsed);
        const wanted = boundOf(askOf(Buffer.from(plain), plain.length));
        expect(wanted).toBeDefined();
        if (wanted === 'unbounded') unbounded += 1;
        for (const written of [text, writeEscaped(parsed)]) {
          const bound = boundOf(askOf(Buffer.from(written), plain.length));
          // With letters that may be hidden the dearest cache is assumed: never less than what is meant.
          if (wanted === 'unbounded' || bound === 'unbounded') expect(bound).toBe(wanted);
          else expect(bound).toBeGreaterThanOrEqual(Number(wanted));
        }
      }),
      { numRuns: 1000 },
    );
    expect(unbounded).toBeGreaterThan(100);
    expect(unbounded).toBeLessThan(900);
  });

  const bodyWith = (more: string): string =>
    `{"model":"${MODEL}","max_tokens":10,"messages":[{"role":"user","content":"hi"}]${more}}`;
  const boundWith = (more: string) => {
    const body = Buffer.from(bodyWith(more));
    return boundOf(askOf(body, 100));
  };
  const PLAIN = boundWith('');

  test.each([
    ['an edit that compacts', ',"context_management":{"edits":[{"type":"compact_20260112"}]}'],
    ['its name hidden', ',"\\u0063ontext_management":{"edits":[{"type":"compact_20260112"}]}'],
    ['its list hidden', ',"context_management":{"\\u0065dit\\u0073":[{"type":"compact_20260112"}]}'],
    ['its type hidden', ',"context_management":{"edits":[{"type":"c\\u006Fmpact_20260112"}]}'],
    [
      'behind one that does not',
      ',"context_management":{"edits":[{"type":"clear_thinking_20251015"},{"type":"compact_9"}]}',
    ],
    ['compaction by a member of its own', ',"comp\\u0061ction":{}'],
    ['a model that may answer instead', ',"fallb\\u0061cks":["claude-opus-5-5"]'],
  ])('has none for %s', (_, more) => {
    expect(boundWith(more)).toBe('unbounded');
  });

  test.each([
    ['context_management', ',"context_management":{},"context_management":{"edits":[{"type":"compact_1"}]}'],
    ['context_management, once hidden', ',"context_management":{},"context\\u005fmanagement":{"edits":[]}'],
    ['edits', ',"context_management":{"edits":[],"edits":[{"type":"compact_1"}]}'],
    ['max_tokens', ',"max_token\\u0073":100000'],
  ])('is not asked for when %s is given twice: parsers would read two things', (_, more) => {
    expect(boundWith(more)).toBeUndefined();
  });

  test.each([
    ['a prompt that speaks of it', ',"system":"add {\\"type\\": \\"compact_20260112\\"} to context_management.edits"'],
    ['edits that only clear', ',"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]}'],
    ['colours of a terminal', ',"system":"\\u001b[31mred\\u001b[0m \\u003cb\\u003e"'],
  ])('is the usual one for %s', (_, more) => {
    expect(boundWith(more)).toBe(PLAIN);
  });

  test('is that of the dearest cache where a word may be hidden, and of the one that is asked for otherwise', () => {
    const [short, long] = ['"cache_control":{"type":"ephemeral"}', '"cache_control":{"type":"ephemeral","ttl":"1h"}'];
    expect(boundWith(`,${short}`)).toBeGreaterThan(Number(PLAIN));
    expect(boundWith(`,${long}`)).toBeGreaterThan(Number(boundWith(`,${short}`)));
    for (const hidden of ['"c\\u0061che_control":{"ttl":"1h"}', '"cache\\u005fcontrol":{}', '"system":"\\u0031h"'])
      expect(boundWith(`,${hidden}`)).toBe(boundWith(`,${long}`));
  });

  test('is one for an image that is sent, and none for one from elsewhere, whatever tools are called', () => {
    const image = (source: string) =>
      `{"model":"${MODEL}","max_tokens":10,"tools":[{"name":"fetch","input_schema":{"properties":{"url":{},"file_id":{}}}}],"messages":[{"role":"user","content":[{"type":"image","source":${source}}]}]}`;
    const boundFor = (source: string) => boundOf(askOf(Buffer.from(image(source)), 100));
    expect(boundFor('{"type":"base64","data":"iVBOR"}')).toBe(PLAIN);
    expect(boundFor('{"type":"url","url":"https://example.org/a.png"}')).toBe('unbounded');
    expect(boundFor('{"type":"url","u\\u0072l":"https://example.org/a.png"}')).toBe('unbounded');
    expect(boundFor('{"type":"file","fil\\u0065_id":"file_1"}')).toBe('unbounded');
  });
});
