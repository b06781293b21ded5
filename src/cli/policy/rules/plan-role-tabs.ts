import type { Capability, CapabilityAccess, ToolLevel } from '../../../kernel/index.ts';
import { type DeclaredGrant, type DeclaredRole, INHERIT, OTHERS, type Path } from './declared.ts';
import { didYouMean } from './nearest.ts';
import type { GrantState, RoleTabs } from './state.ts';
import type { ConnectorGrant, Line, Problem, Step } from './step.ts';

/** A role beside its models: what it is called, what is said of it, and what its tabs say now. */
type Role = { readonly name: string; readonly declared: DeclaredRole; readonly tabs: RoleTabs; readonly path: Path };

/** What a role grants that has just been created: Chat, and connectors after approval. */
export const NEW_TABS: RoleTabs = {
  capabilities: { version: null, access: 'generally_available', selected: ['chat'] },
  permissions: { version: null, levels: {} },
  connectors: { version: null, all: 'ask', bySlug: {} },
};

type Part = { readonly steps: readonly Step[]; readonly problems: readonly Problem[] };

const NOTHING: Part = { steps: [], problems: [] };

const update = (sentence: string): Line => ({ change: 'update', sentence });

const accessIn = (words: readonly string[]): CapabilityAccess =>
  words.includes('all') ? 'all' : words.includes('generally_available') ? 'generally_available' : 'selected';

const isCapability = (word: Capability | CapabilityAccess): word is Capability =>
  word !== 'all' && word !== 'generally_available' && word !== 'selected';

const ACCESS_WORDS: Readonly<Record<CapabilityAccess, string>> = {
  selected: 'only those selected',
  generally_available: 'all that are generally available',
  all: 'all of them',
};

const planCapabilities = ({ name, declared: { capabilities: said }, tabs: { capabilities: now } }: Role): Part => {
  if (said === undefined || now === null) return NOTHING;
  const access = accessIn(said);
  const wanted = said.filter(isCapability);
  const added = [...new Set(wanted)].filter((one) => !now.selected.includes(one));
  const removed = now.selected.filter((one) => !wanted.includes(one));
  const lines: Line[] = [
    ...(access === now.access
      ? []
      : [update(`capabilities of the role “${name}”: ${ACCESS_WORDS[access]} (was ${ACCESS_WORDS[now.access]})`)]),
    ...(added.length === 0
      ? []
      : [{ change: 'create' as const, sentence: `grant ${added.join(', ')} to the role “${name}”` }]),
    ...(removed.length === 0
      ? []
      : [{ change: 'delete' as const, sentence: `take ${removed.join(', ')} from the role “${name}”` }]),
  ];
  if (lines.length === 0) return NOTHING;
  const capabilities = Object.fromEntries([
    ...added.map((one) => [one, true] as const),
    ...removed.map((one) => [one, false] as const),
  ]);
  const action = {
    kind: 'set-role-capabilities' as const,
    role: name,
    ...(access === now.access ? {} : { access }),
    capabilities,
    ifVersion: now.version,
  };
  return { ...NOTHING, steps: [{ action, lines }] };
};

const planPermissions = ({ name, declared: { permissions: said = {} }, tabs: { permissions: now } }: Role): Part => {
  if (now === null) return NOTHING;
  const areas = Object.keys(said) as (keyof typeof said)[];
  const changed = areas.flatMap((area) => {
    const level = said[area];
    const before = now.levels[area] ?? 'none';
    return level === undefined || level === before ? [] : [{ area, level, before }];
  });
  if (changed.length === 0) return NOTHING;
  const lines = changed.map(({ area, level, before }) =>
    update(`administration by the role “${name}”: ${area} ${level} (was ${before})`),
  );
  const permissions = Object.fromEntries(changed.map(({ area, level }) => [area, level]));
  return {
    ...NOTHING,
    steps: [{ action: { kind: 'set-role-permissions', role: name, permissions, ifVersion: now.version }, lines }],
  };
};

type Tab = NonNullable<RoleTabs['connectors']>;

const grantNow = (slug: string, { all, bySlug }: Tab): GrantState =>
  all === 'custom' ? (bySlug[slug] ?? { level: 'blocked', tools: {} }) : { level: all, tools: {} };

const grantEdit = (slug: string, said: DeclaredGrant, now: GrantState): ConnectorGrant | undefined => {
  const { level, tools = {} } = typeof said === 'string' ? { level: said } : said;
  const changed = Object.entries(tools)
    .map(([name, own]) => ({ name, level: own === INHERIT ? null : own }))
    .filter(({ name, level: own }) => (now.tools[name] ?? null) !== own);
  if ((level === undefined || level === now.level) && changed.length === 0) return undefined;
  return {
    slug,
    ...(level === undefined || level === now.level ? {} : { level }),
    ...(changed.length === 0 ? {} : { tools: changed }),
  };
};

const grantInWords = ({ slug, level, tools = [] }: ConnectorGrant, name: string, now: GrantState): string => {
  const words = [
    ...(level === undefined ? [] : [`${level} (was ${now.level})`]),
    ...tools.map((tool) => `${tool.name} ${tool.level ?? 'as the others'}`),
  ];
  return `connector “${slug}” for the role “${name}”: ${words.join(', ')}`;
};

const planLevelForAll = (level: ToolLevel, name: string, now: Tab): Part =>
  level === now.all
    ? NOTHING
    : {
        ...NOTHING,
        steps: [
          {
            action: { kind: 'set-role-connectors', role: name, all: level, connectors: [], ifVersion: now.version },
            lines: [update(`all connectors for the role “${name}”: ${level} (was ${now.all})`)],
          },
        ],
      };

const planConnectors = (role: Role, slugs: readonly string[]): Part => {
  const { name, path } = role;
  const { connectors: said } = role.declared;
  const { connectors: now } = role.tabs;
  if (said === undefined || now === null) return NOTHING;
  if (typeof said === 'string') return planLevelForAll(said, name, now);
  const { [OTHERS]: others, ...named } = said;
  const words = others === undefined ? named : { ...Object.fromEntries(slugs.map((slug) => [slug, others])), ...named };
  const edits = Object.entries(words).flatMap(([slug, word]) => grantEdit(slug, word, grantNow(slug, now)) ?? []);
  const problems = Object.keys(named)
    .filter((slug) => !slugs.includes(slug))
    .map((slug) => ({
      path: [...path, 'connectors', slug],
      problem: `There is no connector “${slug}”, and the files add none.${didYouMean(slug, slugs)}`,
    }));
  if (edits.length === 0) return { ...NOTHING, problems };
  const lines = edits.map((edit) => update(grantInWords(edit, name, grantNow(edit.slug, now))));
  const action = { kind: 'set-role-connectors' as const, role: name, connectors: edits, ifVersion: now.version };
  return { steps: [{ action, lines }], problems };
};

/** Plans what a role grants beside models: capabilities, administration, and the connectors there will be. */
export const planRoleTabs = (role: Role, slugs: readonly string[]): Part => {
  const parts = [planCapabilities(role), planPermissions(role), planConnectors(role, slugs)];
  return { steps: parts.flatMap(({ steps }) => steps), problems: parts.flatMap(({ problems }) => problems) };
};
