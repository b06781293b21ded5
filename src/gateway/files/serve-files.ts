import { idPage } from '../../kernel/index.ts';
import type { GatewayDeps } from '../deps.ts';
import {
  headersForPassing,
  headersForReading,
  passOn,
  readWhole,
  sendAnswer,
  sendJson,
} from '../objects/answer-client.ts';
import type { Exchange, Operation } from '../objects/exchange.ts';
import { readObjects } from '../objects/read-objects.ts';
import { cursorAfter, readCursor, readLimit } from '../objects/read-page.ts';
import { objectStore } from '../objects/store.ts';
import type { UpstreamObject } from '../tables.ts';
import { upstreamNamed } from '../upstream/ask.ts';

const pathOf = ({ id }: UpstreamObject): string => `/v1/files/${id}`;

/** With this beta the list has the older form (organisation APIs §6.6). */
const OLD_LIST_BETA = 'files-api-2025-04-14';

const shown = ({ object }: UpstreamObject): { readonly id: string } => JSON.parse(object);

/** The operations on files that exist; each asks the provider that holds the file, and only for its owner. */
export const createFileOperations = (deps: GatewayDeps) => {
  const { database, now } = deps;
  const store = objectStore(database);
  const find = ({ belongings }: Exchange, id: string) => store.find(belongings, id);

  const holderOf = ({ upstream }: UpstreamObject) => upstreamNamed(deps.upstreams, upstream);

  const show = async (exchange: Exchange, file: UpstreamObject, part: '' | '/content'): Promise<void> => {
    const path = pathOf(file) + part + exchange.search;
    const question = { method: 'GET', path, headers: headersForPassing(exchange) };
    await passOn(exchange, await deps.ask(holderOf(file), question, exchange.signal));
  };

  const get: Operation = async (exchange, id) => show(exchange, await find(exchange, id), '');

  const content: Operation = async (exchange, id) => show(exchange, await find(exchange, id), '/content');

  const remove: Operation = async (exchange, id) => {
    const file = await find(exchange, id);
    const { search, signal } = exchange;
    const question = { method: 'DELETE', path: pathOf(file) + search, headers: headersForReading(exchange) };
    const answer = await readWhole(await deps.ask(holderOf(file), question, signal), signal);
    if (answer.status === 200) await store.markDeleted(file.id, now());
    sendAnswer(exchange, answer);
  };

  const listById = async (exchange: Exchange, ids: readonly string[]): Promise<void> => {
    const { belongings, query } = exchange;
    const { rows, limit, direction } = await readObjects(database, belongings, { query, now: now(), ids });
    sendJson(exchange, idPage(rows.map(shown), limit, direction));
  };

  const listByCursor = async (exchange: Exchange, ids: readonly string[]): Promise<void> => {
    const { belongings, query } = exchange;
    const limit = readLimit(query.get('limit'));
    const page = query.get('page');
    const after = page === null || page === '' ? undefined : readCursor(page);
    const rows = await store.list(belongings, { now: now(), limit, after, ids });
    const last = rows[limit - 1];
    const next_page =
      rows.length > limit && last !== undefined ? cursorAfter({ createdAt: last.created_at, id: last.id }) : null;
    sendJson(exchange, { data: rows.slice(0, limit).map(shown), next_page });
  };

  const list: Operation = async (exchange) => {
    const { query, request } = exchange;
    const ids = [...query.getAll('ids[]'), ...query.getAll('ids')];
    const betas = [request.headers['anthropic-beta'] ?? ''].flat().join(',');
    await (betas.includes(OLD_LIST_BETA) ? listById : listByCursor)(exchange, ids);
  };

  return { get, content, remove, list };
};
