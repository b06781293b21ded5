/**
 * What of a client's headers a server gets: those of MCP itself, and what says who asks and how it is traced. The list is
 * closed, unlike that for providers: servers inside a network take headers that proxies set for the truth about people.
 */
const FORWARDED: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'baggage',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'traceparent',
  'tracestate',
  'user-agent',
]);

/** Copies of a tool's arguments, which MCP has clients send (2026-07-28, custom headers). */
const PARAMETER = /^mcp-param-[\w.-]+$/;

/** The client's headers that go on, names and values alternating, as they came. */
export const forwardedHeaders = (rawHeaders: readonly string[], ofConnection: ReadonlySet<string>): string[] => {
  const passed: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    if (ofConnection.has(name) || !(FORWARDED.has(name) || PARAMETER.test(name))) continue;
    passed.push(name, rawHeaders[i + 1] ?? '');
  }
  return passed;
};

const ANSWERED: readonly string[] = [
  'allow',
  'cache-control',
  'mcp-protocol-version',
  'retry-after',
  'x-accel-buffering',
];

/** A server's headers that go back, names and values alternating; the type and the session are set by the gateway. */
export const answeredHeaders = (headers: Readonly<Record<string, string>>): string[] =>
  ANSWERED.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [name, value];
  });
