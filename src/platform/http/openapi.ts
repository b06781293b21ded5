import { z } from 'zod';
import type { AnyEndpoint } from './endpoint.ts';

type JsonObject = Record<string, unknown>;

const ERROR_SCHEMA: JsonObject = {
  type: 'object',
  required: ['type', 'error'],
  properties: {
    type: { const: 'error' },
    error: {
      type: 'object',
      required: ['type', 'message'],
      properties: { type: { type: 'string' }, message: { type: 'string' }, details: { type: 'object' } },
    },
    request_id: { type: ['string', 'null'] },
  },
};

const DESCRIPTION =
  'The administration of Remit. The Messages API with its models, batches and files, SCIM and MCP are served beside it, as their own specifications describe them.';

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonObject => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonObject;
  return rest;
};

/** The OpenAPI 3.1 document of the given endpoints, complete enough to generate a client from. */
export const describeEndpoints = (endpoints: readonly AnyEndpoint[], version: string): JsonObject => {
  const paths: Record<string, JsonObject> = {};
  for (const one of endpoints) {
    const path = one.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: describe(one) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Remit',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Error: ERROR_SCHEMA },
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
    security: [{ apiKey: [] }, { bearer: [] }],
  };
};

const describe = (one: AnyEndpoint): JsonObject => ({
  summary: one.summary,
  operationId: operationId(one),
  'x-remit-permission': one.permission,
  ...(one.scope === undefined ? {} : { 'x-remit-scope': one.scope }),
  parameters: [...pathParameters(one.path), ...queryParameters(one.query), ...betaHeader(one.beta)],
  ...(one.body === undefined
    ? {}
    : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(one.body, 'input') } } } }),
  responses: {
    200: {
      description: 'The reply',
      content: contentOf(one),
    },
    default: {
      description: ['An error', ...(one.errors ?? [])].join(' · '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  },
  ...(one.permission === 'public' ? { security: [] } : {}),
});

const contentOf = (one: AnyEndpoint): JsonObject =>
  one.produces === undefined
    ? { 'application/json': { schema: jsonSchema(one.reply, 'output') } }
    : { [one.produces]: { schema: { type: 'string' } } };

const operationId = (one: AnyEndpoint): string =>
  `${one.method.toLowerCase()}_${one.path.replace(/^\/v1\//, '').replace(/[/:]+/g, '_')}`;

const pathParameters = (path: string): JsonObject[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const betaHeader = (beta: string | undefined): JsonObject[] =>
  beta === undefined ? [] : [{ name: 'anthropic-beta', in: 'header', required: true, schema: { const: beta } }];

const queryParameters = (query: z.ZodType | undefined): JsonObject[] => {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name: schema.type === 'array' ? `${name}[]` : name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
};
