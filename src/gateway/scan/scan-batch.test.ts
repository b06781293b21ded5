import { describe, expect, test } from 'vitest';
import { scanBatch } from './scan-request.ts';

describe('scanBatch', () => {
  const problemInBatch = (body: string): string => {
    const scanned = scanBatch(Buffer.from(body));
    return scanned.ok ? 'no problem' : scanned.problem;
  };

  test('answers every request with its own id and places in the whole body', () => {
    const body = '{"x":1,"requests":[{"custom_id":"a","params":{"model":"one"}},{"params":{"model":"two"}}]}';
    const scanned = scanBatch(Buffer.from(body));
    if (!scanned.ok) throw new Error(scanned.problem);
    expect(scanned.entries.map(({ customId }) => customId)).toEqual(['a', null]);
    expect(scanned.entries.map(({ request: { model } }) => body.slice(model.span.start, model.span.end))).toEqual([
      '"one"',
      '"two"',
    ]);
    expect(body.slice(scanned.entries[1]?.request.objectStart)).toMatch(/^"model":"two"/);
  });

  test.each([
    ['{}', 'requests is missing'],
    ['{"requests":null}', 'requests must be an array'],
    ['{"requests":[1]}', 'requests[] must be an object'],
    ['{"requests":[{"params":{"model":"m"}},{}]}', 'requests[1].params is missing'],
    ['{"requests":[{"params":[]}]}', 'requests[].params must be an object'],
    ['{"requests":[{"params":{}}]}', 'model is missing'],
    ['{"requests":[{"custom_id":1,"params":{"model":"m"}}]}', 'requests[].custom_id must be a string or null'],
    ['{"requests":[{"params":{"model":"m"},"params":{"model":"n"}}]}', 'requests[].params is given twice'],
    ['{"requests":[{"custom_id":"a","custom_id":"b","params":{"model":"m"}}]}', 'requests[].custom_id is given twice'],
    ['{"requests":[],"reque\\u0073ts":[]}', 'requests is given twice'],
    ['{"requests":[{"params":{"model":"m","model":"n"}}]}', 'model is given twice'],
    ['{"requests":[]', 'The request body is not valid JSON: it ends'],
  ])('refuses %s', (body, sentence) => expect(problemInBatch(body)).toContain(sentence));

  test('takes as many entries as the API does, and not one more', () => {
    const bodyOf = (count: number) =>
      `{"requests":[${'{"params":{"model":"m"}},'.repeat(count - 1)}{"params":{"model":"m"}}]}`;
    expect(problemInBatch(bodyOf(100_000))).toBe('no problem');
    expect(problemInBatch(bodyOf(100_001))).toContain('requests has more than 100000 entries');
  });
});
