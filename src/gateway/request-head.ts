import type { Product } from '../kernel/index.ts';
import { productOf } from './recognise-product.ts';
import { remembering } from './remembering.ts';
import { connectionNames, isForwardedName } from './upstream/headers.ts';

/** What the gateway needs of a request's headers, read in one pass. */
export type RequestHead = {
  /** Every credential that was presented, in the order they came; an unreadable one is empty. */
  readonly keys: readonly string[];
  /** The headers to forward, names and values alternating, in their own order and spelling. */
  readonly forwarded: readonly string[];
  readonly contentLength: number;
  readonly contentEncoding: string;
  /** The workspace the request names, which is our affair and not the provider's. */
  readonly workspaceId: string | null;
  readonly client: string | null;
  readonly product: Product;
  readonly sessionId: string | null;
  readonly agentId: string | null;
  readonly parentAgentId: string | null;
};

const FACT_CHARS_MAX = 120;

const BEARER = /^bearer +(\S+) *$/i;

const factOf = (value: string): string | null => (value === '' ? null : value.slice(0, FACT_CHARS_MAX));

/** The headers that say something to us; of the others, some are forwarded and some end here (`ours`). */
const READ = [
  'x-api-key',
  'authorization',
  'content-length',
  'content-encoding',
  'connection',
  'user-agent',
  'x-app',
  'anthropic-beta',
  'anthropic-workspace-id',
  'x-claude-code-session-id',
  'x-claude-code-agent-id',
  'x-claude-code-parent-agent-id',
] as const;

type Part = (typeof READ)[number] | 'forwarded' | 'ours';

/** What a header is to us, by its name in any spelling. */
const partOf = remembering((name): Part => {
  const lower = name.toLowerCase();
  return READ.find((read) => read === lower) ?? (isForwardedName(lower) ? 'forwarded' : 'ours');
});

/** Reads a request's headers: names and values alternating, as they came. */
export const readRequestHead = (rawHeaders: readonly string[]): RequestHead => {
  const keys: string[] = [];
  let forwarded: string[] = [];
  let contentLength = 0;
  let contentEncoding = 'identity';
  let workspaceId: string | null = null;
  let client: string | null = null;
  let app: string | null = null;
  let betas = '';
  let sessionId: string | null = null;
  let agentId: string | null = null;
  let parentAgentId: string | null = null;
  let ofConnection: ReadonlySet<string> | undefined;

  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    const part = partOf(name);
    switch (part) {
      case 'x-api-key':
        keys.push(value.trim());
        continue;
      case 'authorization':
        keys.push(BEARER.exec(value)?.[1] ?? '');
        continue;
      case 'content-length':
        contentLength = Number(value);
        continue;
      case 'content-encoding':
        // Bodies are unpacked to be read, and go on as they were read.
        contentEncoding = value.trim().toLowerCase();
        continue;
      case 'connection':
        if (value !== 'keep-alive' && value !== 'close') ofConnection = connectionNames(rawHeaders);
        continue;
      case 'anthropic-workspace-id':
        workspaceId = factOf(value.trim());
        continue;
      case 'ours':
        continue;
      case 'user-agent':
        client = factOf(value);
        break;
      case 'x-app':
        app = value;
        break;
      case 'anthropic-beta':
        betas = betas === '' ? value : `${betas},${value}`;
        break;
      case 'x-claude-code-session-id':
        sessionId = factOf(value);
        break;
      case 'x-claude-code-agent-id':
        agentId = factOf(value);
        break;
      case 'x-claude-code-parent-agent-id':
        parentAgentId = factOf(value);
        break;
      case 'forwarded':
        break;
      default:
        part satisfies never;
    }
    forwarded.push(name, value);
  }
  if (ofConnection !== undefined) forwarded = withoutNames(forwarded, ofConnection);
  const product = productOf({ client, app, sessionId, betas });
  const length = { contentLength, contentEncoding };
  return { keys, forwarded, ...length, workspaceId, client, product, sessionId, agentId, parentAgentId };
};

/** Headers as they stand in a request, names and values alternating: one text, made anew where it would be put together each time it is used. */
export const headerLines = (headers: readonly string[]): string => {
  let lines = '';
  for (let i = 0; i < headers.length; i += 2) lines += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return Buffer.from(lines, 'latin1').toString('latin1');
};

/** The values of a header (its name in small letters), in their order. */
export const headerValues = (rawHeaders: readonly string[], name: string): string[] =>
  rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);

const withoutNames = (headers: readonly string[], names: ReadonlySet<string>): string[] =>
  headers.filter((_, i) => !names.has((headers[i - (i % 2)] ?? '').toLowerCase()));

/** The request headers to forward beside a body that is passed on as it comes, or (`dropsEncoding`) has been unpacked. */
export const forwardableRequestHeaders = (rawHeaders: readonly string[], dropsEncoding = false): string[] => {
  const { forwarded, contentEncoding } = readRequestHead(rawHeaders);
  if (dropsEncoding || contentEncoding === 'identity') return [...forwarded];
  const place = rawHeaders.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-encoding');
  return [...forwarded, ...rawHeaders.slice(place, place + 2)];
};
