import { ApiError } from './api-error.ts';
import { type Call, sendJson, type World } from './call.ts';
import { getModel, listModels } from './list-models.ts';
import { countTokens, createMessage } from './messages.ts';
import { createBatchEndpoints } from './serve-batches.ts';
import { createFileEndpoints } from './serve-files.ts';

/** A path pattern (`:id` stands for one segment) with the handler for each method it answers. */
type Route = {
  readonly pattern: string;
  readonly methods: Readonly<Record<string, (call: Call, id: string) => void | Promise<void>>>;
};

const MIB = 1024 * 1024;

/** The most bytes a body may have on a path; beyond it the API answers 413. */
export const bodyBytesMaxOf = (path: string): number => {
  if (path.startsWith('/v1/messages/batches')) return 256 * MIB;
  if (path.startsWith('/v1/files')) return 500 * MIB;
  return 32 * MIB;
};

const hello = (call: Call): void => sendJson(call, { message: 'hello' });

/** Finds the handler of a call and runs it; 404 for a path the API does not have, 405 for a method it lacks there. */
export const createRouter = (world: World, batchDurationMs: number): ((call: Call) => void | Promise<void>) => {
  const batches = createBatchEndpoints(world, batchDurationMs);
  const files = createFileEndpoints(world);
  const routes: readonly Route[] = [
    { pattern: '/', methods: { GET: hello, HEAD: hello } },
    { pattern: '/api/hello', methods: { GET: hello, HEAD: hello } },
    { pattern: '/v1/messages', methods: { POST: createMessage(world) } },
    { pattern: '/v1/messages/count_tokens', methods: { POST: countTokens } },
    { pattern: '/v1/messages/batches', methods: { POST: batches.create, GET: batches.list } },
    { pattern: '/v1/messages/batches/:id', methods: { GET: batches.get, DELETE: batches.remove } },
    { pattern: '/v1/messages/batches/:id/cancel', methods: { POST: batches.cancel } },
    { pattern: '/v1/messages/batches/:id/results', methods: { GET: batches.results } },
    { pattern: '/v1/models', methods: { GET: listModels } },
    { pattern: '/v1/models/:id', methods: { GET: getModel } },
    { pattern: '/v1/files', methods: { POST: files.upload, GET: files.list } },
    { pattern: '/v1/files/:id', methods: { GET: files.get, DELETE: files.remove } },
    { pattern: '/v1/files/:id/content', methods: { GET: files.content } },
  ];
  const matchers = routes.map(({ pattern, methods }) => ({
    path: new RegExp(`^${pattern.replace(':id', '([^/]+)')}$`),
    methods,
  }));

  return (call) => {
    // Fixed paths stand before patterns that would also match them.
    for (const { path, methods } of matchers) {
      const match = path.exec(call.path);
      if (match === null) continue;
      const handle = methods[call.method];
      if (handle === undefined) throw new ApiError(405, `${call.method} is not allowed on ${call.path}.`);
      return handle(call, match[1] ?? '');
    }
    throw new ApiError(404, `Not found: ${call.method} ${call.path}`);
  };
};
