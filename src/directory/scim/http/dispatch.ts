import { listQueryOf, searchQueryOf } from '../rules/list-query.ts';
import { readBody } from '../rules/read-body.ts';
import type { Stored } from '../rules/render-resource.ts';
import { ScimError } from '../rules/scim-error.ts';

import { answerList } from './answer-list.ts';
import { answerChange, answerCreate, answerDelete, answerGet } from './answer-resource.ts';
import { answerSearch } from './answer-search.ts';
import type { ResourceEndpoint } from './endpoint.ts';
import type { Answer, ChangeDirectory, Exchange } from './exchange.ts';
import { groupsEndpoint } from './groups-endpoint.ts';
import { usersEndpoint } from './users-endpoint.ts';

/** A request after its credential: what is asked of which address. */
export type Asked = {
  readonly method: string;
  /** The parts of the path behind the service's own. */
  readonly segments: readonly string[];
  readonly search: URLSearchParams;
  /** The body as it came; empty without one. */
  readonly text: string;
  readonly change: ChangeDirectory;
};

/** The refusal of a method; `allowed` are those the address takes. */
export const notAllowed = (allowed: string): ScimError =>
  new ScimError(405, `This address takes ${allowed} only.`, { headers: { allow: allowed } });

/** The refusal of an address that there is not. */
export const nothingThere = (segments: readonly string[]): ScimError =>
  new ScimError(404, `There is no /${segments.join('/').slice(0, 200)} in this service.`);

/** Answers everything about people and groups. Names of types may be written in any case. */
export const dispatch = (exchange: Exchange, asked: Asked): Promise<Answer> => {
  const [first = '', ...rest] = asked.segments;
  switch (first.toLowerCase()) {
    case 'users':
      return dispatchType(exchange, usersEndpoint, { ...asked, segments: rest });
    case 'groups':
      return dispatchType(exchange, groupsEndpoint, { ...asked, segments: rest });
    case 'me':
      throw new ScimError(501, 'The token of a directory belongs to no person, so there is nobody at /Me.');
    case '.search':
      if (rest.length > 0) throw nothingThere(asked.segments);
      if (asked.method !== 'POST') throw notAllowed('POST');
      return answerSearch(exchange, searchQueryOf(readBody(asked.text)));
    case '':
      if (asked.method !== 'GET') throw notAllowed('GET');
      return answerSearch(exchange, listQueryOf(asked.search));
    default:
      throw nothingThere(asked.segments);
  }
};

const dispatchType = <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  asked: Asked,
): Promise<Answer> => {
  const [id, ...others] = asked.segments;
  if (others.length > 0) throw nothingThere(asked.segments);
  if (id === undefined) return dispatchList(exchange, endpoint, asked);
  if (id.toLowerCase() === '.search') {
    if (asked.method !== 'POST') throw notAllowed('POST');
    return answerList(exchange, endpoint, searchQueryOf(readBody(asked.text)));
  }
  return dispatchOne(exchange, endpoint, { ...asked, id });
};

const dispatchList = <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  { method, search, text, change }: Asked,
): Promise<Answer> => {
  if (method === 'GET') return answerList(exchange, endpoint, listQueryOf(search));
  if (method === 'POST') return answerCreate(exchange, endpoint, { change, body: readBody(text) });
  throw notAllowed('GET, POST');
};

const dispatchOne = <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  { method, text, change, id }: Asked & { readonly id: string },
): Promise<Answer> => {
  switch (method) {
    case 'GET':
      return answerGet(exchange, endpoint, id);
    case 'PUT':
      return answerChange(exchange, endpoint, { id, change, body: readBody(text), how: 'replace' });
    case 'PATCH':
      return answerChange(exchange, endpoint, { id, change, body: readBody(text), how: 'patch' });
    case 'DELETE':
      return answerDelete(exchange, endpoint, { id, change });
    default:
      throw notAllowed('GET, PUT, PATCH, DELETE');
  }
};
