import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type Actor, type Doer, isAdminScope, mayCall, Refusal } from '../../kernel/index.ts';
import type { Log } from '../log.ts';
import type { ClientFacts } from './client-facts.ts';
import { inVersion, readDialect, requireBeta } from './dialect.ts';
import type { AnyEndpoint, BodyOf, Params, PathOf, QueryOf, ReplyOf } from './endpoint.ts';
import { readQuery } from './query.ts';
import { readText } from './read-text.ts';
import { renderError, shouldRetry } from './render-refusal.ts';
import { securityHeaders } from './security-headers.ts';
import { sendText } from './send-text.ts';
import { findUnstorableText } from './unstorable-text.ts';

/** What a handler is given: everything already validated and permitted. */
export type Handled<E extends AnyEndpoint> = {
  readonly params: Params<PathOf<E>>;
  readonly query: QueryOf<E>;
  readonly body: BodyOf<E>;
  readonly actor: Actor;
  /** The caller as the cause of what the operation changes. */
  readonly by: Doer;
  readonly requestId: string;
  readonly request: Request;
  /** Whether the client is on https, so that its cookies can be kept to it. */
  readonly isSecure: boolean;
  /** Headers to send along with the reply, such as `set-cookie`. */
  readonly replyHeaders: Headers;
};

/** An endpoint with the operation that answers it. */
export type Route = {
  readonly endpoint: AnyEndpoint;
  readonly handle: (handled: Handled<AnyEndpoint>) => Promise<unknown>;
};

/** Binds an endpoint to its handler; the handler's argument and result are typed by the declaration. */
export const route = <E extends AnyEndpoint>(
  endpoint: E,
  handle: (handled: Handled<E>) => Promise<ReplyOf<E>>,
): Route => ({ endpoint, handle: handle as Route['handle'] });

export type RouterOptions = {
  readonly routes: readonly Route[];
  /** Resolves the caller; throws a Refusal when a credential is present but not valid. */
  readonly authenticate: (request: Request, client: ClientFacts) => Promise<Actor>;
  readonly newRequestId: () => string;
  /** Where a request came from; left out, nobody knows, and the address of the request says whether it is on https. */
  readonly clientOf?: (context: Context) => ClientFacts;
  /**
   * Throws a Refusal for a request that may not come from where it comes, before anything else of it is looked at. `path` is
   * the one that is routed by, with its percent signs decoded.
   */
  readonly admit?: (client: ClientFacts, request: { readonly path: string; readonly headers: Headers }) => void;
  /** Runs after each change and before its answer, so that whoever has the answer finds the change in force here. */
  readonly afterChange?: () => Promise<void>;
  /** The organisation's id (a UUID), which every answer carries whose caller is known. */
  readonly organizationId?: string;
  /** Says why a path is not served that clients may well expect here; undefined for any other. */
  readonly explainMissing?: (method: string, path: string) => string | undefined;
  readonly log: Log;
};

const USER_AGENT_LENGTH_MAX = 512;

const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** The HTTP application of all endpoints. Replies are parsed by their schema on the way out. */
export const createRouter = (given: RouterOptions): Hono => {
  const options = { ...given, clientOf: given.clientOf ?? clientUnknown };
  const app = new Hono();
  app.use(securityHeaders((context) => options.clientOf(context).isSecure));
  app.use(async (context, next) => {
    try {
      options.admit?.(options.clientOf(context), { path: context.req.path, headers: context.req.raw.headers });
    } catch (refused) {
      return sendError(refused, options.newRequestId());
    }
    return next();
  });
  for (const bound of options.routes)
    app.on(bound.endpoint.method, bound.endpoint.path, (context) => answer(bound, context, options));
  app.notFound((context) => {
    const requestId = options.newRequestId();
    const { method, path } = context.req;
    const message = options.explainMissing?.(method, path) ?? `There is no ${method} ${path} here.`;
    return sendError(new Refusal('not_found', message), requestId);
  });
  // What is mounted beside the endpoints answers its own refusals; this is what it did not plan.
  app.onError((thrown) => {
    const requestId = options.newRequestId();
    if (!(thrown instanceof Refusal))
      options.log.error({ requestId, err: thrown }, 'a request failed in a way nobody planned');
    return sendError(thrown, requestId);
  });
  return app;
};

type Options = RouterOptions & Required<Pick<RouterOptions, 'clientOf'>>;

const clientUnknown = (context: Context): ClientFacts => ({
  address: null,
  isSecure: new URL(context.req.url).protocol === 'https:',
});

const answer = async (bound: Route, context: Context, options: Options): Promise<Response> => {
  const requestId = options.newRequestId();
  const startedAt = performance.now();
  let isKnown = false;
  const actor = async (): Promise<Actor> => {
    const found = await options.authenticate(context.req.raw, options.clientOf(context));
    isKnown = found.kind !== 'anonymous';
    return found;
  };
  const response = await handleBound(bound, context, { ...options, actor, requestId }).catch((thrown: unknown) => {
    if (thrown instanceof Refusal) {
      if (thrown.internal !== undefined) options.log.warn({ requestId, err: thrown.internal }, thrown.message);
    } else options.log.error({ requestId, err: thrown }, 'a request failed in a way nobody planned');
    return sendError(thrown, requestId);
  });
  if (isKnown && options.organizationId !== undefined)
    response.headers.set('anthropic-organization-id', options.organizationId);
  options.log.info(
    {
      requestId,
      method: bound.endpoint.method,
      path: bound.endpoint.path,
      status: response.status,
      ms: Math.round(performance.now() - startedAt),
    },
    'request',
  );
  return response;
};

/** The router's options with what is known of one request. */
type Asking = Options & { readonly actor: () => Promise<Actor>; readonly requestId: string };

const handleBound = async ({ endpoint, handle }: Route, context: Context, options: Asking): Promise<Response> => {
  const request = context.req.raw;
  const { requestId } = options;
  const client = options.clientOf(context);
  const actor = await options.actor();
  permit(actor, endpoint);
  const dialect = readDialect(request.headers);
  requireBeta(endpoint, dialect);
  const query = parse(endpoint.query ?? z.unknown(), readQuery(new URL(request.url).searchParams), 'query');
  const body = endpoint.body === undefined ? undefined : parse(endpoint.body, await readJson(request), 'body');
  const replyHeaders = new Headers({ 'request-id': requestId, 'cache-control': 'no-store' });
  const params = storable(context.req.param() as Params<string>, 'path');
  const by: Doer = {
    who: actor,
    requestId,
    ipAddress: client.address,
    userAgent: request.headers.get('user-agent')?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
  };
  const { isSecure } = client;
  const handled = { params, query, body, actor, by, requestId, request, isSecure, replyHeaders };
  const reply = await handle(handled as Handled<AnyEndpoint>);
  if (endpoint.method !== 'GET') await options.afterChange?.();
  if (endpoint.produces !== undefined) return sendText(reply as AsyncIterable<string>, endpoint.produces, replyHeaders);
  return Response.json(inVersion(endpoint.reply.parse(reply), endpoint, dialect), { headers: replyHeaders });
};

const permit = (actor: Actor, endpoint: AnyEndpoint): void => {
  if (mayCall(actor, endpoint)) return;
  if (actor.kind === 'anonymous')
    throw new Refusal('unauthenticated', 'Sign in, or send an API key in x-api-key or as a bearer token.');
  if (actor.kind === 'member' && actor.permissions.size === 0)
    throw new Refusal(
      'permission_denied',
      'Your organisation asks for a second factor. Set it up in the console first.',
      {
        details: { error_code: 'second_factor_enrolment_required' },
      },
    );
  if (endpoint.permission === 'self')
    throw new Refusal('permission_denied', 'This answers about a member; the key you used does not belong to one.');
  const scopes = actor.kind === 'administrator' ? [...actor.permissions].filter(isAdminScope) : [];
  if (scopes.length > 0) throw missingScope(scopes, endpoint);
  if (endpoint.permission === 'owner')
    throw new Refusal('permission_denied', 'Only an owner of your organisation can do this. Ask one of them.');
  const [area, level] = endpoint.permission.split(':');
  throw new Refusal(
    'permission_denied',
    `This needs the permission to ${level} ${area}. Ask an owner of your organisation for it.`,
  );
};

const missingScope = (held: readonly string[], { scope }: AnyEndpoint): Refusal =>
  new Refusal(
    'permission_denied',
    `This admin key has the scopes ${held.join(', ')}. ${
      scope === undefined
        ? 'This needs an admin key without scopes, or an owner in the console.'
        : `This needs ${scope}.`
    }`,
    { details: { error_code: 'api_key_scope_missing', scopes_held: held, scopes_needed: scope ? [scope] : [] } },
  );

const parse = (schema: z.ZodType, value: unknown, where: 'query' | 'body'): unknown => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return storable(parsed.data, where);
  const problems = parsed.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`,
  );
  throw new Refusal('invalid_request', `The ${where} is not valid. ${problems.join('; ')}.`);
};

const storable = <Value>(value: Value, where: 'path' | 'query' | 'body'): Value => {
  const place = findUnstorableText(value);
  if (place === undefined) return value;
  throw new Refusal(
    'invalid_request',
    `The ${where} is not valid. ${place === '' ? 'It' : place}: Leave out NUL characters and halves of surrogate pairs.`,
  );
};

const readJson = async (request: Request): Promise<unknown> => {
  const text = await readText(request, BODY_BYTES_MAX, tooLarge);
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('invalid_request', 'The body is not valid JSON.');
  }
};

const tooLarge = () => new Refusal('too_large', `The body is larger than ${BODY_BYTES_MAX / 1024 / 1024} MB.`);

const sendError = (thrown: unknown, requestId: string): Response => {
  const { status, body } = renderError(thrown, requestId);
  const retry = shouldRetry(thrown);
  return Response.json(body, {
    status,
    headers: {
      'request-id': requestId,
      'cache-control': 'no-store',
      ...(retry === undefined ? {} : { 'x-should-retry': String(retry) }),
    },
  });
};
