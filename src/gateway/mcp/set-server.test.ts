import { describe, expect, it } from 'vitest';
import { Refusal } from '../../kernel/index.ts';
import { NewCredential } from './contract.ts';
import { credentialHeaders } from './set-server.ts';

const headers = (...pairs: readonly (readonly [string, string])[]) => ({
  kind: 'headers' as const,
  headers: pairs.map(([name, value]) => ({ name, value })),
});

describe('a credential', () => {
  it('goes out in the headers it was entered for', () => {
    expect(credentialHeaders({ kind: 'none' })).toEqual([]);
    expect(credentialHeaders({ kind: 'bearer', token: 'abc' })).toEqual(['authorization', 'Bearer abc']);
    expect(credentialHeaders(headers(['X-Key', 'a'], ['X-Other', 'b c']))).toEqual(['x-key', 'a', 'x-other', 'b c']);
  });

  it.each(['Host', 'content-length', 'Transfer-Encoding', 'Mcp-Session-Id', 'Proxy-Authorization', 'Connection'])(
    'is refused under the name %s',
    (name) => {
      expect(() => credentialHeaders(headers([name, 'x']))).toThrow(Refusal);
    },
  );

  it('is refused when it names a header twice', () => {
    expect(() => credentialHeaders(headers(['X-Key', 'a'], ['x-key', 'b']))).toThrow(Refusal);
  });

  it.each(['a\r\nb: c', ' a', 'a ', '', 'é', 'a\0b'])('is refused when its value is %j', (value) => {
    expect(NewCredential.safeParse(headers(['X-Key', value])).success).toBe(false);
    expect(NewCredential.safeParse({ kind: 'bearer', token: value }).success).toBe(false);
  });
});
