import type { AnyEndpoint, BodyOf, Params, PathOf, QueryOf, ReplyOf } from './endpoint.ts';

/** An answer other than 2xx, in the fields of the error envelope. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly type: string;
  readonly details: Record<string, unknown> | undefined;
  readonly requestId: string | null;

  constructor(status: number, envelope: ErrorEnvelope | undefined, requestId: string | null) {
    super(envelope?.error?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.type = envelope?.error?.type ?? 'api_error';
    this.details = envelope?.error?.details;
    this.requestId = requestId;
  }
}

type ErrorEnvelope = { error?: { type?: string; message?: string; details?: Record<string, unknown> } };

type Maybe<Name extends string, Value> = [Value] extends [never]
  ? { readonly [K in Name]?: never }
  : unknown extends Value
    ? { readonly [K in Name]?: undefined }
    : { readonly [K in Name]: Value };

export type CallInput<E extends AnyEndpoint> = (keyof Params<PathOf<E>> extends never
  ? { readonly params?: undefined }
  : { readonly params: Params<PathOf<E>> }) & {
  readonly query?: Partial<QueryOf<E>>;
} & Maybe<'body', BodyOf<E>>;

export type Call = <E extends AnyEndpoint>(endpoint: E, input?: CallInput<E>) => Promise<ReplyOf<E>>;

const fillPath = (path: string, params: Readonly<Record<string, string>> | undefined): string =>
  path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''));

const searchOf = (query: Readonly<Record<string, unknown>> | undefined): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) for (const item of value) search.append(`${name}[]`, String(item));
    else search.append(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
};

/**
 * A client of Remit's own endpoints: one function, typed by the endpoint it is given. Throws {@link ApiError}. What is not
 * JSON is answered in pieces of text.
 */
export const createClient = (options: {
  readonly baseUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
}): Call => {
  const send = options.fetch ?? fetch;
  return async (endpoint, input) => {
    const given = (input ?? {}) as { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };
    const url = (options.baseUrl ?? '') + fillPath(endpoint.path, given.params) + searchOf(given.query);
    const hasBody = given.body !== undefined;
    const response = await send(url, {
      method: endpoint.method,
      headers: {
        ...options.headers,
        ...(endpoint.beta === undefined ? {} : { 'anthropic-beta': endpoint.beta }),
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(given.body) } : {}),
      credentials: 'same-origin',
    });
    if (endpoint.produces !== undefined && response.ok) return piecesOf(response) as never;
    const text = await response.text();
    const json = parseJson(text);
    if (!response.ok) throw new ApiError(response.status, json as ErrorEnvelope, response.headers.get('request-id'));
    return json as never;
  };
};

/** The text of a reply, in pieces as they arrive. */
async function* piecesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) break;
    yield decoder.decode(value, { stream: true });
  }
  yield decoder.decode();
}

const parseJson = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};
