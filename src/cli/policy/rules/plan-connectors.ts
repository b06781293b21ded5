import { type Declared, type DeclaredConnector, INHERIT } from './declared.ts';
import type { ConnectorState } from './state.ts';
import { type ConnectorFields, type Problem, type Step, step } from './step.ts';

/** Connectors as they will be. */
export type ConnectorsPlan = {
  readonly steps: readonly Step[];
  readonly deletions: readonly Step[];
  readonly problems: readonly Problem[];
};

const toolsOf = ({ tools = {} }: DeclaredConnector, now: ConnectorState['tools']) =>
  Object.entries(tools)
    .map(([name, level]) => ({ name, level: level === INHERIT ? null : level }))
    .filter(({ name, level }) => (now[name] ?? null) !== level);

const changesOf = (declared: DeclaredConnector, now: ConnectorState): ConnectorFields => {
  const tools = toolsOf(declared, now.tools);
  return {
    ...(declared.name === undefined || declared.name === now.name ? {} : { name: declared.name }),
    ...(declared.url === undefined || declared.url === now.url ? {} : { url: declared.url }),
    ...(declared.level === undefined || declared.level === now.level ? {} : { level: declared.level }),
    ...(tools.length === 0 ? {} : { tools }),
  };
};

const inWords = ({ name, url, level, tools = [] }: ConnectorFields): string =>
  [
    ...(name === undefined ? [] : [`name “${name}”`]),
    ...(url === undefined ? [] : [`address ${url}`]),
    ...(level === undefined ? [] : [`tools ${level}`]),
    ...tools.map((tool) => `${tool.name} ${tool.level ?? 'as the others'}`),
  ].join(', ');

const planConnector = (slug: string, declared: DeclaredConnector, now: ConnectorState | undefined): ConnectorsPlan => {
  const nothing = { steps: [], deletions: [], problems: [] };
  if (declared.absent === true) {
    const sentence = `remove the connector “${slug}”: what roles grant on it goes with it`;
    return now === undefined
      ? nothing
      : { ...nothing, deletions: [step('delete', sentence, { kind: 'delete-connector', slug })] };
  }
  if (now !== undefined) {
    const fields = changesOf(declared, now);
    return Object.keys(fields).length === 0
      ? nothing
      : {
          ...nothing,
          steps: [
            step('update', `connector “${slug}”: ${inWords(fields)}`, { kind: 'update-connector', slug, fields }),
          ],
        };
  }
  const { url } = declared;
  if (url === undefined)
    return {
      ...nothing,
      problems: [
        { path: ['connectors', slug], problem: `There is no connector “${slug}” yet; give its url to add it.` },
      ],
    };
  const { name = slug, level } = declared;
  const tools = toolsOf(declared, {});
  const fields = { name, url, ...(level === undefined ? {} : { level }) };
  return {
    ...nothing,
    steps: [
      step('create', `add the connector “${slug}”: ${inWords(fields)}`, { kind: 'create-connector', slug, fields }),
      ...(tools.length === 0
        ? []
        : [
            step('update', `connector “${slug}”: ${inWords({ tools })}`, {
              kind: 'update-connector',
              slug,
              fields: { tools },
            }),
          ]),
    ],
  };
};

/**
 * No two connectors have one address. Addresses change before connectors are added, one after the other: so one that is
 * to be added may take an address that another gives up, and one that is there may not.
 */
const addressProblems = (declared: Declared['connectors'], now: readonly ConnectorState[]): readonly Problem[] => {
  const wanted = Object.entries(declared).flatMap(([slug, { url }]) => (url === undefined ? [] : [{ slug, url }]));
  const kept = now.filter(({ slug }) => declared[slug]?.url === undefined);
  return wanted.flatMap(({ slug, url }) => {
    const own = now.find((one) => one.slug === slug);
    const held = own === undefined ? kept : own.url === url ? [] : now;
    const other = [...wanted, ...held].find((one) => one.url === url && one.slug !== slug);
    return other === undefined
      ? []
      : [{ path: ['connectors', slug, 'url'], problem: `The connector “${other.slug}” has this address already.` }];
  });
};

const isAddition = ({ action }: Step): boolean => action.kind === 'create-connector';

/** Plans the registered MCP servers and the organisation's word on their tools. */
export const planConnectors = (declared: Declared['connectors'], now: readonly ConnectorState[]): ConnectorsPlan => {
  const plans = Object.entries(declared).map(([slug, said]) =>
    planConnector(
      slug,
      said,
      now.find((connector) => connector.slug === slug),
    ),
  );
  const [added = [], changed = []] = [true, false].map((isNew) =>
    plans.filter(({ steps }) => steps.some(isAddition) === isNew).flatMap(({ steps }) => steps),
  );
  return {
    steps: [...changed, ...added],
    deletions: plans.flatMap(({ deletions }) => deletions),
    problems: [...plans.flatMap(({ problems }) => problems), ...addressProblems(declared, now)],
  };
};
