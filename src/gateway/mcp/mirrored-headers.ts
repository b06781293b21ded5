import { Refusal } from '../../kernel/index.ts';
import type { ClientFrames } from './frames/read-client-frames.ts';

const BASE64 = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/;

const decode = (value: string): string => {
  const encoded = BASE64.exec(value)?.[1];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString('utf8');
};

const valuesOf = (rawHeaders: readonly string[], name: string): readonly string[] =>
  rawHeaders.flatMap((one, i) => (i % 2 === 0 && one.toLowerCase() === name ? [rawHeaders[i + 1] ?? ''] : []));

const mismatch = (header: string): Refusal =>
  new Refusal('invalid_request', `The header ${header} says something else than the message it came with.`, {
    details: { error_code: 'mcp_header_mismatch' },
  });

/**
 * Refuses a body that headers describe wrongly (MCP 2026-07-28, server validation): a server that goes by the header would
 * do something else than what was decided about the body. Headers that are not there describe nothing.
 */
export const checkMirroredHeaders = (rawHeaders: readonly string[], { frames, isBatch }: ClientFrames): void => {
  const [frame] = frames;
  const methods = valuesOf(rawHeaders, 'mcp-method');
  if (methods.some((method) => isBatch || decode(method) !== frame?.method)) throw mismatch('Mcp-Method');
  const names = valuesOf(rawHeaders, 'mcp-name');
  const described = frame?.method === 'resources/read' ? frame.uri : (frame?.name ?? null);
  if (names.some((name) => isBatch || decode(name) !== described)) throw mismatch('Mcp-Name');
};
