import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { NextId } from './ids.ts';
import type { PromptCache } from './prompt-cache.ts';

/** One request with its whole body, and where its answer goes. */
export type Call = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly requestId: string;
  readonly response: ServerResponse;
  /** Scheme and authority under which this server is reached, for URLs in answers. */
  readonly origin: string;
};

/** What every endpoint of the simulation may use. */
export type World = {
  readonly now: () => number;
  readonly nextId: NextId;
  readonly cache: PromptCache;
  readonly chunkDelayMs: number;
};

/** Answers a call; an {@link ApiError} thrown before the first byte becomes the error envelope. */
export type Handler = (call: Call) => void | Promise<void>;

/** The first value of a header; undefined when absent. */
export const headerOf = (call: Call, name: string): string | undefined => {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Answers with a JSON body. */
export const sendJson = ({ response }: Call, body: unknown, status = 200): void => {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
};
