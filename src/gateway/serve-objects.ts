import { createCreateBatch } from './batches/create-batch.ts';
import type { OpenBatches } from './batches/open-batches.ts';
import { createBatchOperations } from './batches/serve-batches.ts';
import type { GatewayDeps } from './deps.ts';
import { createFileOperations } from './files/serve-files.ts';
import { createUploadFile } from './files/upload-file.ts';
import { type Operation, type OperationName, type ServeOperation, serveOperation } from './objects/exchange.ts';

/** Serves what it was found for; the id in the path is bound already. */
type Serve = (...served: [Parameters<ServeOperation>[0], Parameters<ServeOperation>[1]]) => Promise<void>;

export type FindObjectOperation = (method: string, path: string) => Serve | undefined;

// Ids go into paths at the provider, so they may hold nothing that means something there.
const BATCHES = /^\/v1\/messages\/batches(?:\/([\w-]+)(?:\/(results|cancel))?)?$/;
const FILES = /^\/v1\/files(?:\/([\w-]+)(?:\/(content))?)?$/;

/** Finds the operation on batches or files that a method and a path (without its query) name; undefined for none. */
export const createFindObjectOperation = (deps: GatewayDeps, open: OpenBatches): FindObjectOperation => {
  const batches = createBatchOperations(deps, open);
  const files = createFileOperations(deps);
  const named = (kind: OperationName['kind'], operation: string, operate: Operation) =>
    serveOperation(deps, { kind, operation }, operate);

  const operations: ReadonlyMap<string, ServeOperation> = new Map([
    ['POST batches', named('batch', 'create', createCreateBatch(deps, open))],
    ['GET batches', named('batch', 'list', batches.list)],
    ['GET batches/id', named('batch', 'get', batches.get)],
    ['DELETE batches/id', named('batch', 'delete', batches.remove)],
    ['POST batches/id/cancel', named('batch', 'cancel', batches.cancel)],
    ['GET batches/id/results', named('batch', 'results', batches.results)],
    ['POST files', named('file', 'create', createUploadFile(deps))],
    ['GET files', named('file', 'list', files.list)],
    ['GET files/id', named('file', 'get', files.get)],
    ['DELETE files/id', named('file', 'delete', files.remove)],
    ['GET files/id/content', named('file', 'content', files.content)],
  ]);

  return (method, path) => {
    const isFile = path.startsWith('/v1/files');
    const match = (isFile ? FILES : BATCHES).exec(path);
    if (match === null) return undefined;
    const [, id, part] = match;
    const pattern = [
      isFile ? 'files' : 'batches',
      ...(id === undefined ? [] : ['id']),
      ...(part === undefined ? [] : [part]),
    ];
    const serve = operations.get(`${method} ${pattern.join('/')}`);
    return serve && ((request, response) => serve(request, response, id ?? ''));
  };
};
