import Anthropic from '@anthropic-ai/sdk';
import { ENDPOINTS } from '../src/main/contract.ts';
import { type NotServed, notServed } from '../src/main/not-served.ts';
import type { AnyEndpoint } from '../src/platform/contract.ts';

/** A method of the official client's `organization` namespace, with the request it makes. */
export type AdminMethod = {
  /** As it is written in a program: `organization.users.list`, `beta.organization.users.signOut`. */
  readonly name: string;
  readonly method: string;
  /** With `{}` in place of ids. */
  readonly path: string;
  readonly beta: string | null;
  /** The endpoint that answers it; undefined when none does. */
  readonly endpoint: AnyEndpoint | undefined;
  /** Why none does. */
  readonly missing: NotServed | undefined;
};

const ID = '{}';

/** Stands for whatever parameters a method takes: every one is an id, and none goes into the body. */
const anyParameters = (id: string): Record<string, string> =>
  new Proxy({}, { get: (_, name) => (name === 'betas' || typeof name === 'symbol' ? undefined : id) });

/** Calls a method whose parameters nobody looked up: by an id and parameters, or by parameters alone. */
export const callAnyhow = async (call: Callable, id: string): Promise<unknown> => {
  let asking: unknown;
  try {
    asking = call(id, anyParameters(id));
  } catch {
    asking = call(anyParameters(id));
  }
  return asking;
};

type Callable = (...parameters: unknown[]) => unknown;

/** Every method below a resource of the client, by its name. */
export const methodsOf = (resource: object, name: string): (readonly [string, Callable])[] => {
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter((method) => method !== 'constructor');
  const methods = own.map((method): readonly [string, Callable] => {
    const found: unknown = Reflect.get(resource, method);
    return [`${name}.${method}`, (found as Callable).bind(resource)];
  });
  const below = Object.entries(resource).filter(([key, value]) => key !== '_client' && isObject(value));
  return [...methods, ...below.flatMap(([key, value]) => methodsOf(value as object, `${name}.${key}`))];
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The namespaces of the official client that speak to the Admin API. */
export const adminNamespaces = (client: Anthropic): (readonly [string, Callable])[] => [
  ...methodsOf(client.organization, 'organization'),
  ...methodsOf(client.beta.organization, 'beta.organization'),
];

const samePath = (template: string, path: string): boolean =>
  template.replace(/:\w+/g, ID) === path.replace(/%7B%7D/gi, ID);

/** Lists every method by letting the official client make its request, which goes nowhere. */
export const listAdminMethods = async (): Promise<readonly AdminMethod[]> => {
  let asked: { url: URL; method: string; beta: string | null } | undefined;
  const client = new Anthropic({
    apiKey: 'none',
    baseURL: 'http://remit.test',
    maxRetries: 0,
    fetch: async (url, init) => {
      const beta = new Headers(init?.headers).get('anthropic-beta');
      asked = { url: new URL(String(url)), method: init?.method ?? 'GET', beta };
      return Response.json({ data: [] });
    },
  });
  const listed: AdminMethod[] = [];
  for (const [name, call] of adminNamespaces(client)) {
    asked = undefined;
    await callAnyhow(call, ID).catch(() => undefined);
    // A method that reads a file before it asks cannot be made to ask this way.
    if (asked === undefined) continue;
    const { method, beta } = asked as { method: string; beta: string | null };
    const path = decodeURIComponent((asked as { url: URL }).url.pathname);
    const endpoint = ENDPOINTS.find((one) => one.method === method.toUpperCase() && samePath(one.path, path));
    listed.push({ name, method: method.toUpperCase(), path, beta, endpoint, missing: notServed(path) });
  }
  return listed;
};
