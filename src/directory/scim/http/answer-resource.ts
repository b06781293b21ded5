import { isKnownVersion, refuseOtherVersion } from '../rules/precondition.ts';
import { etagOf, locationOf, type Stored } from '../rules/render-resource.ts';
import type { ResourceType } from '../rules/schema/resource-type.ts';
import { ScimError } from '../rules/scim-error.ts';
import type { JsonObject } from '../rules/value.ts';
import type { Work } from '../sync/context.ts';
import type { ResourceEndpoint } from './endpoint.ts';
import type { Answer, ChangeDirectory, Exchange } from './exchange.ts';

const notFound = (type: string, id: string): ScimError =>
  new ScimError(404, `There is no ${type} with the id ${id.slice(0, 100)} in this directory.`);

const headersOf = ({ base }: Exchange, type: ResourceType, { id, version }: Stored) => ({
  etag: etagOf(version),
  location: locationOf(base, type, id),
});

const isAskedFor = ({ wanted }: Exchange): boolean =>
  wanted.attributes.length > 0 || wanted.excludedAttributes.length > 0;

const show = async <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  found: Found,
): Promise<Omit<Answer, 'status'>> => {
  const [body] = await endpoint.render(exchange, [found]);
  return { body, headers: headersOf(exchange, endpoint.type, found) };
};

/** Answers a GET of one resource; 304 when the client has this version. */
export const answerGet = async <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  id: string,
): Promise<Answer> => {
  const found = await endpoint.find({ sql: exchange.deps.database, directory: exchange.directory }, id);
  if (found === undefined) throw notFound(endpoint.type.name, id);
  const headers = headersOf(exchange, endpoint.type, found);
  if (isKnownVersion(exchange.conditions, found.version)) return { status: 304, headers };
  return { status: 200, ...(await show(exchange, endpoint, found)) };
};

/** Answers a POST: 201 with the resource and where it is. */
export const answerCreate = async <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  { change, body }: { readonly change: ChangeDirectory; readonly body: JsonObject },
): Promise<Answer> => {
  const made = await endpoint.create(change, exchange, body);
  if (made === undefined) throw new Error('A resource was gone as soon as it had been made');
  return { status: 201, ...(await show(exchange, endpoint, made)) };
};

export type Changing = {
  readonly id: string;
  readonly change: ChangeDirectory;
  readonly body: JsonObject;
  readonly how: 'replace' | 'patch';
};

/** Answers a PUT or PATCH: 200 with the resource, or 204 when nobody asked for it back and it is large. */
export const answerChange = async <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  { id, change, body, how }: Changing,
): Promise<Answer> => {
  const after = await change.run(exchange, async (work) =>
    endpoint[how](work, await findToChange(exchange, endpoint, work, id), body),
  );
  if (after === undefined) throw notFound(endpoint.type.name, id);
  const isBrief = how === 'patch' && !isAskedFor(exchange);
  if (isBrief && (exchange.isMinimal || (await endpoint.isLarge(exchange, id))))
    return { status: 204, headers: headersOf(exchange, endpoint.type, after) };
  return { status: 200, ...(await show(exchange, endpoint, after)) };
};

/** Answers a DELETE: 204, and 404 from then on. */
export const answerDelete = async <Found extends Stored>(
  exchange: Exchange,
  endpoint: ResourceEndpoint<Found>,
  { id, change }: Pick<Changing, 'id' | 'change'>,
): Promise<Answer> => {
  await change.run(exchange, async (work) => endpoint.remove(work, await findToChange(exchange, endpoint, work, id)));
  return { status: 204 };
};

const findToChange = async <Found extends Stored>(
  { conditions }: Exchange,
  endpoint: ResourceEndpoint<Found>,
  work: Work,
  id: string,
): Promise<Found> => {
  const found = await endpoint.find(work, id);
  if (found === undefined) throw notFound(endpoint.type.name, id);
  refuseOtherVersion(conditions, found.version);
  return found;
};
