import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, type Edit } from './apply-edits.ts';
import { scanBatch, scanRequest } from './scan-request.ts';
import type { ScannedRequest, Span } from './scanned-request.ts';
import { anything, draws, type Written, wellTypedRequest, writeBody } from './testing/arbitrary-body.ts';
import { readByParser, withoutPlaces } from './testing/read-by-parser.ts';

const parseOrUndefined = (text: string) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Whatever the scanner lets pass, a strict parser must accept and read alike, and each place must hold the value named. */
const expectAgreement = (body: Buffer): ScannedRequest | undefined => {
  const scanned = scanRequest(body);
  if (!scanned.ok) return undefined;
  const parsed = parseOrUndefined(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  expect(parsed).toBeDefined();
  expect(withoutPlaces(scanned.request)).toEqual(readByParser(parsed));
  for (const [span, value] of placesOf(scanned.request)) {
    expect(JSON.parse(body.subarray(span.start, span.end).toString())).toEqual(value);
  }
  return scanned.request;
};

const placesOf = (request: ScannedRequest): (readonly [Span, unknown])[] => {
  const sites = [request.model, request.effort, ...request.messageEfforts, ...request.toolModels];
  const inside = request.fallbackModels.flatMap((entry) => [entry, entry.effort, entry.thinking?.budget]);
  return [
    ...[...sites, ...inside, request.thinking?.budget].flatMap((site) =>
      site ? [[site.span, site.value] as const] : [],
    ),
    ...(request.maxTokensSpan ? [[request.maxTokensSpan, request.maxTokens] as const] : []),
    ...(request.outputConfigNull ? [[request.outputConfigNull, null] as const] : []),
  ];
};

const bodies = (value: fc.Arbitrary<Written>) =>
  fc.tuple(value, draws).map(([written, draw]) => Buffer.from(writeBody(written, draw)));

type Mutation = { readonly at: number; readonly byte: number; readonly kind: 'set' | 'insert' | 'drop' };

const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    at: fc.nat(2000),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\{}[]:,0-.eEtnu/\' \n'))),
    kind: fc.constantFrom('set', 'insert', 'drop'),
  }),
  { minLength: 1, maxLength: 3 },
);

const mutate = (body: Buffer, { at, byte, kind }: Mutation): Buffer => {
  const place = at % (body.length + 1);
  const after = body.subarray(kind === 'insert' ? place : place + 1);
  return Buffer.concat([body.subarray(0, place), Buffer.from(kind === 'drop' ? [] : [byte]), after]);
};

describe('scanRequest beside a strict parser', () => {
  test('reads every request of the expected types as the parser does, whatever its white space, escapes and order', () => {
    fc.assert(
      fc.property(bodies(wellTypedRequest), (body) => {
        expect(scanRequest(body)).toMatchObject({ ok: true });
        expectAgreement(body);
      }),
      { numRuns: 600 },
    );
  });

  test('agrees with the parser on any JSON that it lets pass', () => {
    const member = fc.tuple(
      fc.constantFrom('model', 'tools', 'messages', 'effort', 'thinking', 'stream', 'é'),
      anything,
    );
    const odd = fc.array(member, { maxLength: 5 }).map((object) => ({ object: [['model', 'm'] as const, ...object] }));
    fc.assert(fc.property(bodies(fc.oneof(anything, odd)), expectAgreementOnly), { numRuns: 600 });
  });

  test('never throws on a damaged body, and lets pass only what the parser accepts and reads alike', () => {
    fc.assert(
      fc.property(bodies(wellTypedRequest), mutations, (body, changes) => {
        expectAgreement(changes.reduce(mutate, body));
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses every beginning of a body that ends too early', () => {
    fc.assert(
      fc.property(bodies(wellTypedRequest), fc.nat(), (body, cut) => {
        expect(scanRequest(body.subarray(0, cut % body.toString().trimEnd().length)).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

const expectAgreementOnly = (body: Buffer): void => {
  expectAgreement(body);
};

describe('edits at the places that a scan answers', () => {
  test('change the efforts and the model, and nothing else that a parser reads', () => {
    fc.assert(
      fc.property(bodies(wellTypedRequest), (body) => {
        const scanned = scanRequest(body);
        if (!scanned.ok) throw new Error(scanned.problem);
        const { effort, messageEfforts, model } = scanned.request;
        const edit = ({ span }: { span: Span }): Edit => ({ ...span, text: '"é"' });
        const after = applyEdits(body, [...messageEfforts, ...(effort ? [effort] : []), model].map(edit));
        const wanted = JSON.parse(body.toString());
        wanted.model = 'é';
        for (const holder of [wanted, ...(wanted.messages ?? [])]) {
          if (holder.output_config && 'effort' in holder.output_config) holder.output_config.effort = 'é';
        }
        expect(JSON.parse(after.toString())).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  test('add a member at objectStart', () => {
    fc.assert(
      fc.property(bodies(wellTypedRequest), (body) => {
        const scanned = scanRequest(body);
        if (!scanned.ok) throw new Error(scanned.problem);
        const start = scanned.request.objectStart;
        const after = applyEdits(body, [{ start, end: start, text: '"added":{"effort":"low"},' }]);
        expect(JSON.parse(after.toString())).toEqual({ ...JSON.parse(body.toString()), added: { effort: 'low' } });
      }),
      { numRuns: 200 },
    );
  });
});

describe('scanBatch beside scanRequest', () => {
  test('reads each request of a batch as it would alone, with places that count from the start of the body', () => {
    const entries = fc.array(fc.tuple(fc.stringMatching(/^[a-z0-9]{1,8}$/), bodies(wellTypedRequest)), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(entries, (requests) => {
        const parts = requests.map(([id, params]) => `{"custom_id":"${id}", "params":${params.toString()}}`);
        const body = Buffer.from(`{"requests":[${parts.join(',')}]}`);
        const scanned = scanBatch(body);
        if (!scanned.ok) throw new Error(scanned.problem);
        expect(scanned.entries.map(({ customId }) => customId)).toEqual(requests.map(([id]) => id));
        scanned.entries.forEach(({ request }, index) => {
          expect(withoutPlaces(request)).toEqual(readByParser(JSON.parse(requests[index]?.[1].toString() ?? '')));
          for (const [span, value] of placesOf(request)) {
            expect(JSON.parse(body.subarray(span.start, span.end).toString())).toEqual(value);
          }
        });
      }),
      { numRuns: 200 },
    );
  });
});
