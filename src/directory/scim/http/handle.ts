import type { Doer } from '../../../kernel/index.ts';
import { createRateLimit, readText } from '../../../platform/index.ts';
import { BULK_LIMITS } from '../rules/discovery.ts';
import { wantedAttributesOf } from '../rules/list-query.ts';
import { readBody } from '../rules/read-body.ts';
import { ScimError } from '../rules/scim-error.ts';
import type { Directory } from '../store/directory-store.ts';
import { answerBulk } from './answer-bulk.ts';
import { answerDiscovery, isDiscovery } from './answer-discovery.ts';
import { answerFailure } from './answer-failure.ts';
import { createChangeTogether } from './change-together.ts';
import { type Asked, dispatch, notAllowed } from './dispatch.ts';
import type { Answer, Exchange, ScimDeps } from './exchange.ts';
import { createFindDirectory } from './find-directory.ts';
import { logRequest } from './request-log.ts';
import { segmentsOf } from './segments.ts';

/** Where the service is mounted. */
export const SCIM_PATH = '/scim/v2';

/** Room for a group of 50,000 members in one PUT. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

// Entra ID's gallery asks for 25 requests a second; a first sync and bursts of assignments are more.
const RATE = { perSecond: 500, burst: 2000 };

const JSON_TYPES = ['application/scim+json', 'application/json'];

/** Answers requests under {@link SCIM_PATH} from an identity provider at an address (null when nobody knows it). */
export type HandleScim = (request: Request, ipAddress: string | null) => Promise<Response>;

/** A request as far as it has been read, for the log. */
type Read = { directory?: Directory; text: string };

/**
 * The SCIM service (RFC 7644). It speaks SCIM's own errors and media type and tolerates what identity providers do with
 * slashes, case and parameters, so it stands beside the router of the other endpoints.
 */
export const createHandleScim = (deps: ScimDeps): HandleScim => {
  const findDirectory = createFindDirectory(deps);
  const rate = createRateLimit(RATE, deps.now);
  const change = createChangeTogether(deps);

  const answer = async (request: Request, read: Read, from: Omit<Doer, 'who'>): Promise<Answer> => {
    const url = new URL(request.url);
    const segments = segmentsOf(url.pathname.slice(SCIM_PATH.length));
    const base = `${deps.publicUrl()}${SCIM_PATH}`;
    if (isDiscovery(segments)) {
      if (request.method !== 'GET') throw notAllowed('GET');
      return answerDiscovery({ base, segments, search: url.searchParams });
    }
    const directory = await findDirectory(request);
    read.directory = directory;
    refuseHurry(rate.take(directory.id));
    read.text = await readBodyText(request);
    const exchange: Exchange = {
      deps,
      directory,
      by: { ...from, who: { kind: 'directory', directoryId: directory.id, connectionType: null } },
      base,
      wanted: wantedAttributesOf(url.searchParams),
      conditions: {
        ifMatch: request.headers.get('if-match') ?? undefined,
        ifNoneMatch: request.headers.get('if-none-match') ?? undefined,
      },
      isMinimal: /\breturn=minimal\b/i.test(request.headers.get('prefer') ?? ''),
    };
    const asked: Asked = { method: request.method, segments, search: url.searchParams, text: read.text, change };
    return isBulk(segments) ? bulk(exchange, asked) : dispatch(exchange, asked);
  };

  const bulk = async (exchange: Exchange, asked: Asked): Promise<Answer> => {
    if (asked.method !== 'POST') throw notAllowed('POST');
    if (asked.text.length > BULK_LIMITS.maxPayloadSize)
      throw new ScimError(413, `A Bulk request can have ${BULK_LIMITS.maxPayloadSize} bytes (maxPayloadSize).`);
    const refuse = answerFailure(deps.log, exchange.by.requestId ?? '');
    return answerBulk(exchange, { body: readBody(asked.text), asked, refuse });
  };

  return async (request, ipAddress) => {
    const requestId = deps.newId('request');
    const at = deps.now();
    const startedAt = performance.now();
    const userAgent = request.headers.get('user-agent')?.slice(0, 512) ?? null;
    const read: Read = { text: '' };
    const answered = await answer(request, read, { requestId, ipAddress, userAgent }).catch(
      answerFailure(deps.log, requestId),
    );
    const responseText = answered.body === undefined ? '' : JSON.stringify(answered.body);
    const { directory } = read;
    const durationMs = Math.round(performance.now() - startedAt);
    deps.log.info({ requestId, method: request.method, status: answered.status, ms: durationMs }, 'SCIM request');
    if (directory !== undefined)
      logRequest(deps.database.journal, {
        id: requestId,
        directoryId: directory.id,
        at,
        method: request.method,
        path: pathOf(request.url),
        status: answered.status,
        durationMs,
        userAgent,
        requestText: read.text,
        responseText,
      });
    return toResponse(answered, responseText, requestId);
  };
};

const isBulk = ([first = '', ...others]: readonly string[]): boolean =>
  others.length === 0 && first.toLowerCase() === 'bulk';

const refuseHurry = (waitSeconds: number): void => {
  if (waitSeconds > 0)
    throw new ScimError(429, 'Too many requests; wait a moment.', { headers: { 'retry-after': String(waitSeconds) } });
};

const readBodyText = async (request: Request): Promise<string> => {
  if (request.method === 'GET' || request.method === 'DELETE') return '';
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== '' && !JSON_TYPES.includes(type))
    throw new ScimError(415, `The body has to be ${JSON_TYPES.join(' or ')}, not ${type.slice(0, 80)}.`);
  return readText(request, BODY_BYTES_MAX, () => new ScimError(413, `A body can have ${BODY_BYTES_MAX} bytes.`));
};

const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url);
  return pathname.slice(SCIM_PATH.length) + search;
};

const toResponse = ({ status, headers }: Answer, text: string, requestId: string): Response =>
  new Response(text === '' ? null : text, {
    status,
    headers: {
      ...(text === '' ? {} : { 'content-type': 'application/scim+json' }),
      'cache-control': 'no-store',
      'request-id': requestId,
      ...headers,
    },
  });
