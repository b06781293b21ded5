import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type CommandLine, commandLineAt } from '../support/cli.ts';
import {
  asSaidAndAsFound,
  groupMoney,
  holderMoney,
  KEYS,
  moneyIn,
  organisationMoney,
  WORKSPACES,
  workspaceMoney,
} from '../support/drawn-money.ts';
import { directory, type Remit, startRemit } from '../support/remit.ts';

// Policies drawn by chance, applied one after the other to one organisation: whatever it has become by then, a plan that
// raises no objection can be applied, leaves nothing to do, and leaves alone what it does not speak of.

/** How many policies are applied; those that meet an objection are drawn beside them, and change nothing. */
const APPLIED = 12;
const APPLIED_ON_MONEY = 20;
const PATIENCE_MS = 240_000;
const MODELS = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-sonnet-4-6', 'claude-haiku-5-5'];
const ROLES = ['A', 'B', 'C', 'D'];
const GROUPS = ['one', 'two', 'three'];
const SLUGS = ['git', 'jira'];
const EMAILS = ['ada@example.com', 'grace@example.com', 'alan@example.com'];

type Part = Readonly<Record<string, unknown>>;
type Policy = {
  readonly organisation?: Part & { readonly models?: Part };
  readonly roles?: Readonly<Record<string, Part>>;
  readonly groups?: Readonly<Record<string, Part & { readonly roles?: readonly string[] }>>;
  readonly members?: Readonly<Record<string, Part & { readonly roles?: readonly string[] }>>;
  readonly connectors?: Readonly<Record<string, Part>>;
  readonly workspaces?: Readonly<Record<string, Part>>;
  readonly keys?: Readonly<Record<string, Part>>;
};

const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const named = <Value>(names: readonly string[], value: fc.Arbitrary<Value>) =>
  fc.dictionary(fc.constantFrom(...names), value, { maxKeys: names.length });

const word = fc.constantFrom('on', 'off', 'low', 'medium', 'high', 'xhigh', 'max');
const models = named([...MODELS, '*'], word);
const roleNames = fc.uniqueArray(fc.constantFrom(...ROLES));
const absent = fc.constant({ absent: true });

const level = fc.constantFrom('always', 'ask', 'blocked');
const tools = named(['read', 'write'], fc.constantFrom('always', 'blocked', 'inherit'));
const grants = fc.oneof(
  level,
  named([...SLUGS, '*'], fc.oneof(level, fc.record({ level: some(level), tools: some(tools) }))),
);
const capabilities = fc.uniqueArray(
  fc.constantFrom('chat', 'web_search', 'bash', 'computer_use', 'all', 'generally_available'),
);
const permissions = named(['analytics', 'users', 'libraries', 'identity'], fc.constantFrom('none', 'view', 'manage'));

const role = fc.oneof(
  { weight: 1, arbitrary: absent },
  {
    weight: 6,
    arbitrary: fc.record({
      models: some(models),
      default_model: some(fc.constantFrom('inherit', ...MODELS)),
      default_effort: some(fc.constantFrom('inherit', 'low', 'high')),
      capabilities: some(capabilities),
      permissions: some(permissions),
      connectors: some(grants),
    }),
  },
);
const group = fc.oneof(
  { weight: 1, arbitrary: absent },
  {
    weight: 5,
    arbitrary: fc.record({ roles: some(roleNames), members: some(fc.uniqueArray(fc.constantFrom(...EMAILS))) }),
  },
);
const organisation = fc.record({
  models: some(models),
  default_model: some(fc.constantFrom('recommended', ...MODELS)),
  new_models: some(fc.constantFrom('on', 'off')),
  capabilities: some(named(['chat', 'bash', 'cowork'], fc.constantFrom('on', 'off'))),
  effort_action: some(fc.constantFrom('clamp', 'refuse', 'observe')),
});
const connector = fc.record({
  url: fc.constantFrom('https://mcp.example/x', 'https://mcp.example/y', 'https://mcp.example/z'),
  level: some(level),
  tools: some(tools),
});
const policies: fc.Arbitrary<Policy> = fc.record({
  organisation: fc.oneof(fc.constant({}), organisation),
  roles: named(ROLES, role),
  groups: named(GROUPS, group),
  members: named(EMAILS, fc.record({ roles: some(roleNames) })),
  connectors: named(SLUGS, fc.oneof(absent, connector)),
});

/** The same without a word on money, and that word alone. */
const money: fc.Arbitrary<Policy> = fc.record({
  organisation: fc.oneof(fc.constant({}), organisationMoney),
  groups: named(GROUPS, groupMoney),
  members: named(EMAILS, holderMoney),
  workspaces: named(WORKSPACES, workspaceMoney),
  keys: named(KEYS, holderMoney),
});
const together = fc.tuple(policies, money).map(([policy, said]): Policy => {
  const isThere = (name: string): boolean => policy.groups?.[name]?.absent !== true;
  const groups = Object.entries(said.groups ?? {}).filter(([name]) => isThere(name));
  return {
    ...said,
    ...policy,
    organisation: { ...policy.organisation, ...said.organisation },
    groups: {
      ...policy.groups,
      ...Object.fromEntries(groups.map(([name, one]) => [name, { ...policy.groups?.[name], ...one }])),
    },
    members: { ...said.members, ...policy.members },
  };
});

let remit: Remit;
let cli: CommandLine;

beforeAll(async () => {
  remit = await startRemit();
  cli = commandLineAt(remit.url);
  for (const email of EMAILS) await remit.callNow(directory.addUser, { body: { email, role: 'user' } });
  for (const name of WORKSPACES) await remit.callNow(directory.createWorkspace, { body: { name } });
  const owner = await remit.newMember();
  for (const name of KEYS) await remit.callNow(directory.createApiKey, { body: { name, user_id: owner.id } });
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, {}]));
  const connectors = Object.fromEntries(SLUGS.map((slug) => [slug, { url: `https://${slug}.example/mcp` }]));
  const begun = { remit: 'policy/v1', roles: named(ROLES), groups: named(GROUPS), connectors };
  const { complained } = await cli.run(['apply', '--yes', '-f', cli.file('begun.yaml', [stringify(begun)])]);
  expect(complained).toBe('');
});
afterAll(() => remit.stop());

const exported = async (): Promise<{ readonly text: string; readonly policy: Policy }> => {
  const text = (await cli.run(['export'])).printed;
  return { text, policy: parse(text) as Policy };
};

const without = (roles: readonly string[] | undefined, gone: ReadonlySet<string>): readonly string[] =>
  (roles ?? []).filter((name) => !gone.has(name));

const bearsOnRoles = ({ organisation: said, connectors }: Policy): boolean =>
  said?.models !== undefined || said?.default_model !== undefined || Object.keys(connectors ?? {}).length > 0;

/** What nobody spoke of, as it is expected to be found: without the roles that were deleted. */
const untouched = (policy: Policy, said: Policy) => {
  const gone = new Set(Object.keys(said.roles ?? {}).filter((name) => said.roles?.[name]?.absent === true));
  const keep = <Value>(all: Readonly<Record<string, Value>> = {}, spoken: object = {}) =>
    Object.entries(all).filter(([name]) => !(name in spoken));
  return {
    groups: keep(policy.groups, said.groups).map(([name, one]) => [name, { ...one, roles: without(one.roles, gone) }]),
    members: keep(policy.members, said.members)
      .map(([email, { roles }]) => [email, without(roles, gone)] as const)
      .filter(([, roles]) => roles.length > 0),
    settings: keep(policy.organisation, { ...said.organisation, models: true, default_effort: true }),
    connectors: keep(policy.connectors, said.connectors),
    // A lower cap or another default of the organisation lowers what roles say with it, and connectors stand in roles.
    roles: bearsOnRoles(said) ? [] : keep(policy.roles, said.roles),
  };
};

/** Whether a word of the policy, or what it takes away with it, reaches a value about money. */
const reaches = (said: Policy, path: string): boolean => {
  const [section, name = ''] = path.split(' › ');
  const isGone = section === 'groups' && said.groups?.[name]?.absent === true;
  // Numbers of one's own stand only in files of an organisation that is in the tier custom.
  const isOfTier = path.startsWith('organisation › rates › custom') && said.organisation?.rates !== undefined;
  return isGone || isOfTier || moneyIn(said).has(path);
};

/** What of money nobody spoke of. */
const untouchedMoney = (policy: Policy, said: Policy, of: Policy): ReadonlyMap<string, unknown> =>
  new Map([...moneyIn(policy)].filter(([path]) => moneyIn(of).has(path) && !reaches(said, path)));

const NOTHING = { exitCode: 0, printed: 'Nothing to do: the organisation is as the files say.', complained: '' };

const check = async (policy: Policy): Promise<void> => {
  const before = await exported();
  const text = stringify({ remit: 'policy/v1', ...policy }, { keepUndefined: false });
  const file = cli.file('drawn.yaml', [text]);
  const planned = await cli.run(['plan', '-f', file]);
  const ran = await cli.run(['apply', '--yes', '-f', file]);
  const after = await exported();
  if (planned.exitCode !== 0) {
    expect(ran.exitCode, ran.complained).toBe(1);
    expect(after.text).toBe(before.text);
  }
  // Most meet an objection (a role that is not there, a cap above another): others are drawn until enough do not.
  fc.pre(planned.exitCode === 0);
  expect(ran.complained).toBe('');
  expect(await cli.run(['plan', '--detailed-exitcode', '-f', file])).toEqual(NOTHING);
  expect(untouched(after.policy, policy)).toEqual(untouched(before.policy, policy));
  expect(untouchedMoney(after.policy, policy, before.policy)).toEqual(
    untouchedMoney(before.policy, policy, before.policy),
  );
  for (const [path, value] of moneyIn(policy)) {
    const [said, found] = asSaidAndAsFound(path, value, moneyIn(after.policy).get(path));
    expect(found, path).toEqual(said);
  }
  const whole = cli.file('whole.yaml', [after.text]);
  expect(await cli.run(['plan', '--detailed-exitcode', '-f', whole])).toEqual(NOTHING);
};

it(
  'every policy without an objection is applied, leaves nothing to do, and leaves the rest alone',
  {
    timeout: PATIENCE_MS,
  },
  () => fc.assert(fc.asyncProperty(fc.oneof(policies, together), check), { numRuns: APPLIED, endOnFailure: true }),
);

it('every policy about money and rates is applied, whatever it finds; twice is once, and what is exported says it all', {
  timeout: PATIENCE_MS,
}, async () => {
  const applies = async (policy: Policy): Promise<void> => {
    const file = cli.file('money.yaml', [stringify({ remit: 'policy/v1', ...policy }, { keepUndefined: false })]);
    // No drawn policy about money meets an objection.
    expect((await cli.run(['plan', '-f', file])).complained).toBe('');
    await check(policy);
  };
  await fc.assert(fc.asyncProperty(money, applies), { numRuns: APPLIED_ON_MONEY, endOnFailure: true });
});
