import { z } from 'zod';
import type { Section, Setting } from './section.ts';

/** The reference page of all settings, as Markdown, from the schemas that read them. */
export const describeConfig = (sections: readonly Section[]): string =>
  sections
    .map(({ title, settings }) =>
      [
        `## ${title}`,
        '',
        '| key in `remit.yaml` | variable | value | default | what it does |',
        '|---|---|---|---|---|',
        ...Object.entries(settings).map(([key, setting]) => row(key, setting)),
      ].join('\n'),
    )
    .join('\n\n');

const row = (key: string, setting: Setting): string => {
  const { type, fallback } = describeSchema(setting.schema);
  const variable = setting.env === undefined ? '' : `\`${setting.env}\``;
  return `| \`${key}\` | ${variable} | ${type}${setting.secret === true ? ' (secret)' : ''} | ${fallback} | ${setting.help} |`;
};

const describeSchema = (schema: z.ZodType): { type: string; fallback: string } => {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    type?: string;
    enum?: readonly string[];
    default?: unknown;
  };
  const type = json.enum === undefined ? (json.type ?? 'text') : json.enum.map((one) => `\`${one}\``).join(', ');
  return { type, fallback: json.default === undefined ? '' : `\`${JSON.stringify(json.default)}\`` };
};

/** The settings in force with secrets as `***`, for the log at start-up. */
export const printableConfig = (
  sections: Readonly<Record<string, Section>>,
  config: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(sections).flatMap(([name, { settings }]) =>
      Object.entries(settings).map(([key, setting]) => {
        const value = config[name]?.[key];
        return [key, setting.secret === true && value !== undefined ? '***' : withoutSecrets(value)];
      }),
    ),
  );

const SECRET_FIELDS: ReadonlySet<string> = new Set(['key', 'password', 'secret', 'token']);

/** A setting that is a list of things, such as providers, can have secrets among their fields. */
const withoutSecrets = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      SECRET_FIELDS.has(name) && field != null ? '***' : withoutSecrets(field),
    ]),
  );
};
