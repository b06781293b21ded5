import { type BulkOperation, orderOf, readBulk, resolved } from '../rules/bulk.ts';
import { errorBody, ScimError } from '../rules/scim-error.ts';
import type { JsonObject } from '../rules/value.ts';
import { type Asked, dispatch } from './dispatch.ts';
import type { Answer, Exchange } from './exchange.ts';
import { segmentsOf } from './segments.ts';

const RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/**
 * Answers a Bulk request (RFC 7644 §3.7): each operation by itself, in its own transaction, those first that others refer
 * to. `refuse` says how an operation that failed is answered.
 */
export const answerBulk = async (
  exchange: Exchange,
  {
    body,
    asked,
    refuse,
  }: { readonly body: JsonObject; readonly asked: Asked; readonly refuse: (error: unknown) => Answer },
): Promise<Answer> => {
  const { operations, failOnErrors = Number.POSITIVE_INFINITY } = readBulk(body);
  const ids = new Map<string, string>();
  const answers = new Map<number, Answer>();
  let failures = 0;
  const order = orderOf(operations);
  const impossible = operations.keys().filter((at) => !order.includes(at));
  for (const at of [...order, ...impossible]) {
    if (failures >= failOnErrors) break;
    const operation = operations[at];
    if (operation === undefined) continue;
    const answer = await answerOperation(exchange, resolved(operation, ids), asked).catch(refuse);
    answers.set(at, answer);
    if (answer.status >= 400) failures += 1;
    else if (operation.bulkId !== undefined && typeof answer.body?.id === 'string')
      ids.set(operation.bulkId, answer.body.id);
  }
  const results = operations.flatMap((operation, at) => {
    const answer = answers.get(at);
    return answer === undefined ? [] : [resultOf(operation, answer)];
  });
  return { status: 200, body: { schemas: [RESPONSE_SCHEMA], Operations: results } };
};

const answerOperation = async (exchange: Exchange, operation: BulkOperation, asked: Asked): Promise<Answer> => {
  const { method, path, version, data } = operation;
  if (JSON.stringify([path, data ?? {}]).includes('bulkId:'))
    throw new ScimError(409, 'It refers to a bulkId that nothing was made under.');
  const segments = segmentsOf(path.split('?')[0] ?? '');
  if (!['users', 'groups'].includes(segments[0]?.toLowerCase() ?? ''))
    throw new ScimError(400, 'Within Bulk, only Users and Groups can be changed.', { scimType: 'invalidPath' });
  return dispatch(
    { ...exchange, conditions: { ifMatch: version } },
    { ...asked, method, segments, search: new URLSearchParams(), text: data === undefined ? '' : JSON.stringify(data) },
  );
};

const resultOf = (
  { method, path, bulkId }: BulkOperation,
  { status, body, headers, scimType }: Answer,
): JsonObject => ({
  method,
  ...(bulkId === undefined ? {} : { bulkId }),
  ...(headers?.location === undefined ? (method === 'POST' ? {} : { location: path }) : { location: headers.location }),
  ...(headers?.etag === undefined ? {} : { version: headers.etag }),
  status: String(status),
  ...(status >= 400 ? { response: body ?? errorBody(status, 'It failed.', scimType) } : {}),
});
