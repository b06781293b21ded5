import { describe, expect, it } from 'vitest';
import { readRequestHead } from './request-head.ts';

const flat = (headers: readonly (readonly [string, string])[]): string[] => headers.flat();

describe('every credential is read, in the order they came', () => {
  it.each<readonly [what: string, headers: readonly string[], keys: readonly string[]]>([
    ['none', [], []],
    ['a key', ['x-api-key', 'sk-1'], ['sk-1']],
    ['a key under a name in capitals, with blanks', ['X-API-KEY', ' sk-1\t'], ['sk-1']],
    ['an empty key', ['x-api-key', ' '], ['']],
    ['a bearer', ['authorization', 'Bearer sk-1'], ['sk-1']],
    ['a bearer in small letters', ['Authorization', 'bearer sk-1'], ['sk-1']],
    ['a bearer with more blanks', ['AUTHORIZATION', 'BEARER   sk-1  '], ['sk-1']],
    ['a bearer without a token', ['authorization', 'Bearer '], ['']],
    ['a bearer of two words', ['authorization', 'Bearer sk-1 sk-2'], ['']],
    ['a token without its scheme', ['authorization', 'sk-1'], ['']],
    ['another scheme', ['authorization', 'Basic c2s6MQ=='], ['']],
    ['both', ['authorization', 'Bearer sk-1', 'x-api-key', 'sk-2'], ['sk-1', 'sk-2']],
    ['both, the other way round', ['x-api-key', 'sk-2', 'authorization', 'Bearer sk-1'], ['sk-2', 'sk-1']],
    ['one of them unreadable', ['x-api-key', 'sk-2', 'authorization', 'Digest x'], ['sk-2', '']],
    ['the same twice', ['x-api-key', 'sk-1', 'x-api-key', 'sk-1'], ['sk-1', 'sk-1']],
  ])('%s', (_, headers, keys) => {
    const head = readRequestHead(headers);
    expect(head.keys).toEqual(keys);
    expect(head.forwarded).toEqual([]);
  });
});

describe('what is forwarded', () => {
  it('keeps order, spelling, repetition and unknown names', () => {
    const sent = flat([
      ['Anthropic-Version', '2023-06-01'],
      ['anthropic-beta', 'a'],
      ['X-Something-Of-Tomorrow', ' 1 '],
      ['User-Agent', 'claude-cli/2.1'],
      ['ANTHROPIC-BETA', 'b'],
      ['X-Claude-Code-Session-Id', 's'],
      ['x-claude-code-agent-id', 'a'],
      ['X-Claude-Code-Parent-Agent-Id', 'p'],
      ['content-type', 'application/json'],
      ['x-empty', ''],
    ]);
    expect(readRequestHead(sent).forwarded).toEqual(sent);
  });

  it.each([
    ['Connection', 'close'],
    ['Connection', 'keep-alive'],
    ['Connection', 'Keep-Alive'],
    ['Keep-Alive', 'timeout=5'],
    ['Transfer-Encoding', 'chunked'],
    ['TE', 'trailers'],
    ['Trailer', 'x'],
    ['Upgrade', 'h2c'],
    ['Expect', '100-continue'],
    ['Proxy-Authorization', 'Basic x'],
    ['Proxy-Authenticate', 'Basic'],
    ['Proxy-Connection', 'keep-alive'],
    ['Host', 'remit.test'],
    ['Content-Length', '5'],
    ['Content-Encoding', 'gzip'],
    ['Authorization', 'Bearer sk-1'],
    ['X-API-Key', 'sk-1'],
    ['Cookie', 'remit_session=1'],
    ['X-Forwarded-For', '10.0.0.1'],
    ['x-forwarded-anything', '1'],
    ['Forwarded', 'for=10.0.0.1'],
    ['Via', '1.1 proxy'],
    ['Remit-Decision', 'allow'],
    ['remit-anything', '1'],
  ])('leaves out %s: %s, in any case', (name, value) => {
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()]) {
      const { forwarded } = readRequestHead(['x-before', '1', spelling, value, 'x-after', '2']);
      expect(forwarded).toEqual(['x-before', '1', 'x-after', '2']);
    }
  });

  it('leaves out what any of several Connection headers names, before and after it, in any case', () => {
    const sent = flat([
      ['X-Hop', '1'],
      ['x-stays', 'x-hop'],
      ['Connection', 'keep-alive'],
      ['connection', 'X-HOP , x-second'],
      ['X-Second', '2'],
      ['User-Agent', 'curl'],
      ['CONNECTION', 'close,x-third,,user-agent'],
      ['x-third', '3'],
      ['x-hop', '4'],
      ['x-hopper', '5'],
    ]);
    expect(readRequestHead(sent).forwarded).toEqual(['x-stays', 'x-hop', 'x-hopper', '5']);
  });

  it('does not let a Connection header hide a credential from us', () => {
    const head = readRequestHead([
      'connection',
      'x-api-key, authorization',
      'x-api-key',
      'a',
      'authorization',
      'Bearer b',
    ]);
    expect(head).toMatchObject({ keys: ['a', 'b'], forwarded: [] });
  });
});

describe('the facts', () => {
  it('are nothing where nothing is said', () => {
    expect(readRequestHead([])).toEqual({
      keys: [],
      forwarded: [],
      contentLength: 0,
      contentEncoding: 'identity',
      client: null,
      workspaceId: null,
      sessionId: null,
      agentId: null,
      parentAgentId: null,
      product: 'api',
    });
  });

  it.each([
    ['client', 'User-Agent'],
    ['sessionId', 'X-Claude-Code-Session-Id'],
    ['agentId', 'X-Claude-Code-Agent-Id'],
    ['parentAgentId', 'X-Claude-Code-Parent-Agent-Id'],
  ] as const)('%s comes from %s, cut at 120 characters, while the header goes on whole', (fact, name) => {
    for (const spelling of [name, name.toLowerCase()]) {
      expect(readRequestHead([spelling, 'one'])[fact]).toBe('one');
      expect(readRequestHead([spelling, ''])[fact]).toBeNull();
      expect(readRequestHead([spelling, 'a'.repeat(120)])[fact]).toBe('a'.repeat(120));
      const long = readRequestHead([spelling, `${'a'.repeat(120)}b`]);
      expect(long[fact]).toBe('a'.repeat(120));
      expect(long.forwarded).toEqual([spelling, `${'a'.repeat(120)}b`]);
    }
  });

  it.each([
    ['api', ['User-Agent', 'Anthropic/JS 1.12.0', 'X-Stainless-Lang', 'js']],
    ['api', ['anthropic-beta', 'files-api-2025-04-14,mcp-client-2025-11-20']],
    ['claude_code', ['User-Agent', 'claude-cli/2.1.330 (external, sdk-cli)']],
    ['claude_code', ['user-agent', 'claude-code/2.1.330']],
    ['claude_code', ['user-agent', 'something else', 'X-App', 'cli']],
    ['claude_code', ['x-claude-code-session-id', '6b22eaa0']],
    ['claude_code', ['Anthropic-Beta', 'effort-2025-11-24', 'anthropic-beta', 'claude-code-20250219']],
    ['cowork', ['user-agent', 'claude-cli/2.1.330 (external, local-agent, agent-sdk/0.3.1)']],
  ])('tell that %s sent %j', (product, headers) => {
    const head = readRequestHead(headers);
    expect(head.product).toBe(product);
    expect(head.forwarded).toEqual(headers);
  });

  it('say how long the body is and how it is packed', () => {
    const head = readRequestHead(['Content-Length', '1234', 'Content-Encoding', ' GZip ']);
    expect(head).toMatchObject({ contentLength: 1234, contentEncoding: 'gzip', forwarded: [] });
  });
});
