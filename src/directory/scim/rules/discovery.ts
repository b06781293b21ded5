import { PAGING } from './paging.ts';
import type { Schema } from './schema/attribute.ts';
import { RESOURCE_TYPES, type ResourceType } from './schema/resource-type.ts';

/** How much one Bulk request may hold. authentik sizes its PATCHes by `maxOperations` too. */
export const BULK_LIMITS = { maxOperations: 100, maxPayloadSize: 1_048_576 } as const;

const CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

/** What the service can do (RFC 7643 §5, RFC 9865 §4). */
export const serviceProviderConfig = (base: string) => ({
  schemas: [CONFIG_SCHEMA],
  patch: { supported: true },
  bulk: { supported: true, ...BULK_LIMITS },
  filter: { supported: true, maxResults: PAGING.maxPageSize },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  pagination: {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: PAGING.defaultPageSize,
    maxPageSize: PAGING.maxPageSize,
    cursorTimeout: PAGING.cursorSeconds,
  },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'The token of the directory, shown once when it was made',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});

/** The two kinds of resource there are (RFC 7643 §6). */
export const resourceTypes = (base: string) => RESOURCE_TYPES.map((type) => resourceTypeOf(type, base));

const resourceTypeOf = (type: ResourceType, base: string) => ({
  schemas: [TYPE_SCHEMA],
  id: type.name,
  name: type.name,
  endpoint: type.endpoint,
  description: type.description,
  schema: type.schema.id,
  schemaExtensions: type.extensions.map(({ id }) => ({ schema: id, required: false })),
  meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${type.name}` },
});

/** Every schema, as true as the code that reads it: it is the same declaration (RFC 7643 §7). */
export const schemas = (base: string) =>
  RESOURCE_TYPES.flatMap(({ schema, extensions }) => [schema, ...extensions]).map((schema) => schemaOf(schema, base));

const schemaOf = (schema: Schema, base: string) => ({
  schemas: [SCHEMA_SCHEMA],
  ...schema,
  meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` },
});
