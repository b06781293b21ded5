import { ApiError, invalid } from './api-error.ts';
import { type Call, headerOf, sendJson, type World } from './call.ts';
import { pageByCursor, pageById } from './pages.ts';

/** The endpoints under `/v1/files`. */
export type FileEndpoints = {
  readonly upload: (call: Call) => Promise<void>;
  readonly list: (call: Call) => void;
  readonly get: (call: Call, id: string) => void;
  readonly content: (call: Call, id: string) => void;
  readonly remove: (call: Call, id: string) => void;
};

type StoredFile = {
  readonly id: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  readonly createdMs: number;
  readonly expiresMs: number | undefined;
};

const QUOTA_BYTES = 64 * 1024 * 1024;
const EXPIRES_SECONDS_MIN = 3600;
const EXPIRES_SECONDS_MAX = 7_776_000;
const OLD_LIST_BETA = 'files-api-2025-04-14';

const readForm = async (call: Call): Promise<FormData> => {
  const type = headerOf(call, 'content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) throw invalid('The body must be multipart/form-data.');
  try {
    const body = new Uint8Array(call.body);
    return await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch {
    throw invalid('The multipart body could not be read.');
  }
};

const readLifeMs = (form: FormData): number | undefined => {
  const sent = form.get('expires_in_seconds');
  if (sent === null) return undefined;
  const seconds = Number(sent);
  if (!Number.isInteger(seconds) || seconds < EXPIRES_SECONDS_MIN || seconds > EXPIRES_SECONDS_MAX) {
    throw invalid(`expires_in_seconds: must be from ${EXPIRES_SECONDS_MIN} to ${EXPIRES_SECONDS_MAX}`);
  }
  return seconds * 1000;
};

// The real API hands out only files that tools have made. Here there are no such tools, so uploads may be downloaded.
const render = (file: StoredFile) => ({
  id: file.id,
  type: 'file' as const,
  filename: file.filename,
  mime_type: file.mimeType,
  size_bytes: file.bytes.length,
  created_at: new Date(file.createdMs).toISOString(),
  downloadable: true,
  expires_at: file.expiresMs === undefined ? null : new Date(file.expiresMs).toISOString(),
});

/** Files kept in memory, {@link QUOTA_BYTES} of them in all; beyond that uploads are refused as the API refuses them. */
export const createFileEndpoints = (world: World): FileEndpoints => {
  const files = new Map<string, StoredFile>();

  const dropExpired = (): void => {
    for (const { id, expiresMs } of files.values())
      if (expiresMs !== undefined && expiresMs <= world.now()) files.delete(id);
  };
  const find = (id: string): StoredFile => {
    dropExpired();
    const file = files.get(id);
    if (file === undefined) throw new ApiError(404, `No file has the id ${id}.`);
    return file;
  };
  const keep = (file: StoredFile): void => {
    dropExpired();
    const used = [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (used + file.bytes.length > QUOTA_BYTES) {
      const errorCode = 'storage_quota_exceeded';
      throw new ApiError(400, `The simulation keeps ${QUOTA_BYTES} bytes of files; delete some.`, { errorCode });
    }
    files.set(file.id, file);
  };

  return {
    upload: async (call) => {
      const form = await readForm(call);
      const part = form.get('file');
      if (part === null || typeof part === 'string') throw invalid('file: Field required');
      const lifeMs = readLifeMs(form);
      const createdMs = world.now();
      const file: StoredFile = {
        id: world.nextId('file_'),
        filename: part.name,
        mimeType: part.type === '' ? 'application/octet-stream' : part.type,
        bytes: new Uint8Array(await part.arrayBuffer()),
        createdMs,
        expiresMs: lifeMs === undefined ? undefined : createdMs + lifeMs,
      };
      keep(file);
      sendJson(call, render(file));
    },
    list: (call) => {
      dropExpired();
      const wanted = [...call.query.getAll('ids[]'), ...call.query.getAll('ids')];
      const shown = [...files.values()].reverse().filter(({ id }) => wanted.length === 0 || wanted.includes(id));
      const isOldList = (headerOf(call, 'anthropic-beta') ?? '').includes(OLD_LIST_BETA);
      sendJson(call, (isOldList ? pageById : pageByCursor)(shown.map(render), call.query));
    },
    get: (call, id) => sendJson(call, render(find(id))),
    content: (call, id) => {
      const { mimeType, bytes } = find(id);
      call.response.writeHead(200, { 'content-type': mimeType, 'content-length': bytes.length });
      call.response.end(bytes);
    },
    remove: (call, id) => {
      files.delete(find(id).id);
      sendJson(call, { id, type: 'file_deleted' });
    },
  };
};
