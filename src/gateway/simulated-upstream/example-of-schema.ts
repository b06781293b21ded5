import { type JsonObject, listOf, objectOf } from './json.ts';

const DEPTH_MAX = 8;

const firstType = (schema: JsonObject): unknown => (Array.isArray(schema.type) ? schema.type[0] : schema.type);

const exampleOfObject = (schema: JsonObject, text: string, depth: number): JsonObject =>
  Object.fromEntries(
    Object.entries(objectOf(schema.properties)).map(([name, property]) => [
      name,
      exampleOfSchema(objectOf(property), text, depth + 1),
    ]),
  );

/**
 * A value that fits a plain JSON schema (types, properties, items, enum, const, the first of anyOf): `text` for every
 * string, the least for everything else. Formats, patterns and references are not followed.
 */
export const exampleOfSchema = (schema: JsonObject, text: string, depth = 0): unknown => {
  if (depth > DEPTH_MAX) return null;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const alternative = listOf(schema.anyOf)[0] ?? listOf(schema.oneOf)[0];
  if (alternative !== undefined) return exampleOfSchema(objectOf(alternative), text, depth + 1);
  switch (firstType(schema) ?? (schema.properties === undefined ? 'string' : 'object')) {
    case 'object':
      return exampleOfObject(schema, text, depth);
    case 'array': {
      const least = typeof schema.minItems === 'number' ? Math.min(schema.minItems, DEPTH_MAX) : 0;
      return Array.from({ length: least }, () => exampleOfSchema(objectOf(schema.items), text, depth + 1));
    }
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return text;
  }
};
