import { resourceTypes, schemas, serviceProviderConfig } from '../rules/discovery.ts';
import { parameterOf } from '../rules/list-query.ts';
import { ScimError } from '../rules/scim-error.ts';
import type { JsonObject } from '../rules/value.ts';
import { listBody } from './answer-list.ts';
import type { Answer } from './exchange.ts';

type Discovery = { readonly base: string; readonly segments: readonly string[]; readonly search: URLSearchParams };

/** Two of the three addresses that say what the service can do, in small letters. */
const LISTS = new Map<string, (base: string) => readonly JsonObject[]>([
  ['resourcetypes', resourceTypes],
  ['schemas', schemas],
]);

/** Whether an address asks what the service can do; that is no secret and needs no token. */
export const isDiscovery = ([first = '']: readonly string[]): boolean =>
  first.toLowerCase() === 'serviceproviderconfig' || LISTS.has(first.toLowerCase());

/** Answers what the service can do (RFC 7644 §4); filters are refused there with 403. */
export const answerDiscovery = ({ base, segments, search }: Discovery): Answer => {
  const [first = '', id, ...others] = segments;
  if (parameterOf(search)('filter') !== undefined)
    throw new ScimError(403, 'What the service can do cannot be filtered.');
  const list = LISTS.get(first.toLowerCase())?.(base);
  if (others.length > 0 || (list === undefined && id !== undefined)) throw new ScimError(404, 'There is nothing here.');
  if (list === undefined) return { status: 200, body: serviceProviderConfig(base) };
  if (id === undefined) return { status: 200, body: listBody(list.length, list, { startIndex: 1 }) };
  const found = list.find((one) => String(one.id).toLowerCase() === id.toLowerCase());
  if (found === undefined) throw new ScimError(404, `There is no ${id.slice(0, 100)} here.`);
  return { status: 200, body: found };
};
