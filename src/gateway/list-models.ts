import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  effortsLeft,
  type Model,
  resolveCaller,
  resolveName,
  type Snapshot,
  toModelInfo,
  unresolvedRefusal,
} from '../access/index.ts';
import { type Effort, idPage, Refusal } from '../kernel/index.ts';
import { hashSecret } from '../platform/index.ts';
import type { GatewayDeps } from './deps.ts';
import { readLimit } from './objects/read-page.ts';
import { presentedSecret } from './recognise.ts';
import { refuse } from './refuse.ts';

/** What a caller sees of one model: allowed, and with which levels left. An admin key sees all of it. */
type Visible = { readonly model: Model; readonly efforts: readonly Effort[] };

const visibleTo = (snapshot: Snapshot, secret: string, now: number): readonly Visible[] => {
  const resolution = resolveCaller(snapshot, hashSecret(secret), now);
  if ('caller' in resolution)
    return resolution.caller.entitlements.all
      .filter(({ allowed }) => allowed)
      .map((one) => ({ model: one.model, efforts: effortsLeft(one) }));
  if (resolution.unresolved !== 'administrative') throw unresolvedRefusal(resolution.unresolved, secret);
  return snapshot.index.models.map((model) => ({ model, efforts: model.efforts }));
};

const infoOf = ({ model, efforts }: Visible) => toModelInfo(model, efforts);

const listPage = (visible: readonly Visible[], search: URLSearchParams) => {
  const limit = readLimit(search.get('limit'));
  const lifecycles = [...search.getAll('lifecycle[]'), ...search.getAll('lifecycle')];
  const infos = visible
    .map(infoOf)
    .filter(({ lifecycle }) => lifecycles.length === 0 || lifecycles.includes(lifecycle));
  const after = search.get('after_id');
  const before = search.get('before_id');
  const placeOf = (id: string) => {
    const place = infos.findIndex((info) => info.id === id);
    if (place === -1) throw new Refusal('invalid_request', `There is no model ${id} to continue from.`);
    return place;
  };
  if (before !== null) {
    const end = placeOf(before);
    const start = Math.max(0, end - limit);
    return { ...idPage(infos.slice(start, end), limit), has_more: start > 0 };
  }
  return idPage(infos.slice(after === null ? 0 : placeOf(after) + 1), limit);
};

/** The id in a path; one that is not percent-encoded as it should be is no model's, and stays as it is. */
const decodeId = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const findModel = (snapshot: Snapshot, visible: readonly Visible[], asked: string) => {
  const named = resolveName(snapshot.index, asked);
  const found = named.kind === 'model' ? visible.find(({ model }) => model.id === named.model.id) : undefined;
  // As in the API itself, a model that one may not use and one that does not exist look the same.
  if (found === undefined) throw new Refusal('not_found', `model: ${asked}`);
  return infoOf(found);
};

/** `GET /v1/models` and `GET /v1/models/{id}`: the models the caller may use, from the same evaluator as requests. */
export const createServeModels =
  (deps: GatewayDeps) =>
  (served: { readonly request: IncomingMessage; readonly response: ServerResponse }, url: URL): void => {
    const { request, response } = served;
    const requestId = deps.newId('request');
    try {
      const snapshot = deps.policy.current();
      const visible = visibleTo(snapshot, presentedSecret(request), deps.now());
      const asked = url.pathname.slice('/v1/models/'.length);
      const reply = asked === '' ? listPage(visible, url.searchParams) : findModel(snapshot, visible, decodeId(asked));
      const text = JSON.stringify(reply);
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        'request-id': requestId,
      });
      response.end(text);
    } catch (thrown) {
      refuse({ request, response, requestId, log: deps.log }, thrown);
    }
  };
