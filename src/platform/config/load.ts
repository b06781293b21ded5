import { existsSync, readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { explainIssue } from './explain-issue.ts';
import type { ConfigOf, Section } from './section.ts';

type Sections = Readonly<Record<string, Section>>;

export type LoadedConfig<S extends Sections> = { readonly [Name in keyof S]: ConfigOf<S[Name]> };

export type ConfigProblem = { readonly where: string; readonly problem: string };

/** Every mistake of the configuration at once; `message` lists them one to a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ where, problem }) => `${where}: ${problem}`).join('\n'));
    this.problems = problems;
  }
}

type Raw = { readonly value: unknown; readonly where: string };

/**
 * Reads the configuration: environment variables win over the file, the file over the defaults. Unknown keys in the
 * file are mistakes, and so are variables named `REMIT_…` that no setting knows. Throws {@link ConfigError}.
 */
export const loadConfig = <S extends Sections>(
  sections: S,
  sources: { readonly env: Readonly<Record<string, string | undefined>>; readonly file?: string },
): LoadedConfig<S> => {
  const problems: ConfigProblem[] = [];
  const file = readFile(sources.file, problems);
  const settings = Object.entries(sections).flatMap(([name, { settings }]) =>
    Object.entries(settings).map(([key, setting]) => ({ name, key, setting })),
  );
  reportUnknown(settings, file, sources, problems);

  const config: Record<string, Record<string, unknown>> = {};
  for (const { name, key, setting } of settings) {
    const raw = pick(key, setting.env, file, sources);
    const parsed = setting.schema.safeParse(raw.value);
    if (parsed.success) config[name] = { ...config[name], [key]: parsed.data };
    else
      for (const issue of parsed.error.issues)
        problems.push({ where: [raw.where, ...issue.path].join('.'), problem: explainIssue(issue) });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config as LoadedConfig<S>;
};

const pick = (
  key: string,
  env: string | undefined,
  file: Readonly<Record<string, unknown>>,
  sources: { readonly env: Readonly<Record<string, string | undefined>> },
): Raw => {
  const fromEnv = env === undefined ? undefined : sources.env[env];
  // An empty value is how compose files and shells say "not set", and a key without one how YAML says it.
  if (env !== undefined && fromEnv !== undefined && fromEnv.trim() !== '') return { value: fromEnv, where: env };
  const fromFile = file[key];
  return { value: fromFile === null || fromFile === '' ? undefined : fromFile, where: key };
};

const readFile = (path: string | undefined, problems: ConfigProblem[]): Record<string, unknown> => {
  if (path === undefined || !existsSync(path)) return {};
  try {
    const parsed: unknown = parseYaml(readFileSync(path, 'utf8')) ?? {};
    if (typeof parsed === 'object' && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
    problems.push({ where: path, problem: 'must hold keys and values, such as "port: 8080"' });
  } catch (error) {
    problems.push({ where: path, problem: error instanceof Error ? error.message : String(error) });
  }
  return {};
};

const reportUnknown = (
  settings: readonly { readonly key: string; readonly setting: { readonly env?: string } }[],
  file: Readonly<Record<string, unknown>>,
  sources: { readonly env: Readonly<Record<string, string | undefined>> },
  problems: ConfigProblem[],
): void => {
  const keys = new Set(settings.map(({ key }) => key));
  const variables = new Set(settings.map(({ setting }) => setting.env));
  for (const key of Object.keys(file))
    if (!keys.has(key)) problems.push({ where: key, problem: `is not a setting of Remit${nearest(key, keys)}` });
  for (const name of Object.keys(sources.env))
    if (name.startsWith('REMIT_') && !variables.has(name) && name !== 'REMIT_CONFIG')
      problems.push({ where: name, problem: 'is not a variable that Remit knows' });
};

const nearest = (key: string, known: ReadonlySet<string>): string => {
  const alike = [...known].find((one) => one.includes(key) || key.includes(one));
  return alike === undefined ? '' : ` (did you mean ${alike}?)`;
};
