import type { Command } from 'commander';
import { PERIODS, type Period } from '../../../kernel/index.ts';
import type { Call } from '../../../platform/contract.ts';
import {
  deleteSpendLimit,
  getSpendLimit,
  type LadderStep,
  readStep,
  type SpendLimit,
  type SpendScope,
  STEP_FORM,
  setSpendLimit,
  stepText,
} from '../../../spend/contract.ts';
import type { Context, OpenContext } from '../../context.ts';
import { UsageMistake } from '../../failure.ts';
import { findGroup, findKey, findUser, findWorkspace } from '../../find.ts';
import { centsOrUnlimited, inDollars } from '../../money.ts';
import { nameScopes } from '../../names.ts';
import { oneOf, several } from '../../options.ts';

type Whose = {
  readonly organisation?: true;
  readonly eachMember?: true;
  readonly eachSession?: true;
  readonly seatTier?: string;
  readonly group?: string;
  readonly pool?: string;
  readonly member?: string;
  readonly workspace?: string;
  readonly apiKey?: string;
};

type ReadScope = (given: string) => Promise<SpendScope> | SpendScope;

const wantedScopes = (call: Call): Readonly<Record<keyof Whose, ReadScope>> => ({
  organisation: () => ({ type: 'organization_total' }),
  eachMember: () => ({ type: 'organization' }),
  eachSession: () => ({ type: 'session' }),
  seatTier: (seat_tier) => ({ type: 'seat_tier', seat_tier }),
  group: async (asked) => ({ type: 'rbac_group', rbac_group_id: (await findGroup(call, asked)).id }),
  pool: async (asked) => ({ type: 'rbac_group_pool', rbac_group_id: (await findGroup(call, asked)).id }),
  member: async (asked) => ({ type: 'user', user_id: (await findUser(call, asked)).id }),
  workspace: async (asked) => ({ type: 'workspace', workspace_id: (await findWorkspace(call, asked)).id }),
  apiKey: async (asked) => ({ type: 'api_key', api_key_id: (await findKey(call, asked)).id }),
});

const readScope = async (call: Call, whose: Whose): Promise<SpendScope> => {
  const scopes = wantedScopes(call);
  const [name, ...others] = (Object.keys(scopes) as (keyof Whose)[]).filter((one) => whose[one] !== undefined);
  if (name === undefined || others.length > 0)
    throw new UsageMistake('Say whose limit it is with one of the options; “remit limits set --help” lists them.');
  return scopes[name](String(whose[name]));
};

const NONE = 'none';

/** All steps before a limit; `none` for no steps, undefined to leave them as they are. */
const readSteps = (given: readonly string[] | undefined): LadderStep[] | undefined => {
  if (given === undefined) return undefined;
  if (given.length === 1 && given[0] === NONE) return [];
  return given.map((text) => {
    const step = readStep(text);
    if (step === undefined) throw new UsageMistake(`“${text}” is no step. A step is ${STEP_FORM}.`);
    return step;
  });
};

const describe = async ({ call, show }: Context, limit: SpendLimit): Promise<void> => {
  const nameOf = await nameScopes(call, [limit.scope]);
  const steps = limit.ladder.length === 0 ? '' : `, with steps ${limit.ladder.map(stepText).join(' ')}`;
  const ending = limit.is_enabled ? 'from the next request on' : 'and switched off';
  show(
    limit,
    ({ period, scope, amount, mode, id }) =>
      `The ${period === null ? '' : `${period} `}limit of ${nameOf(scope)} is ${inDollars(amount)}, ${mode}${steps}, ${ending} (${id}).`,
  );
};

type SetOptions = Whose & {
  readonly period?: Period;
  readonly mode?: 'standard' | 'strict';
  readonly step?: readonly string[];
  readonly on?: true;
  readonly off?: true;
};

const setIt = async (context: Context, dollars: string, options: SetOptions): Promise<void> => {
  const { period, mode, step, on, off, ...whose } = options;
  if (on === true && off === true) throw new UsageMistake('Give --on or --off, not both.');
  const [amount, ladder] = [centsOrUnlimited(dollars), readSteps(step)];
  const body = {
    ...{ scope: await readScope(context.call, whose), amount },
    ...(period && { period }),
    ...(mode && { mode }),
    ...(ladder && { ladder }),
    ...(on === undefined && off === undefined ? {} : { is_enabled: on === true }),
  };
  await describe(context, await context.call(setSpendLimit, { body }));
};

/** Switches a limit on or off and leaves everything else of it as it is. */
const switchIt = async (context: Context, spend_limit_id: string, isOn: boolean): Promise<void> => {
  const { scope, period, amount } = await context.call(getSpendLimit, { params: { spend_limit_id } });
  const body = { scope, period, amount, is_enabled: isOn };
  await describe(context, await context.call(setSpendLimit, { body }));
};

const addSwitches = (limits: Command, open: OpenContext): void => {
  const switches = [
    ['on', 'switch a limit on again'],
    ['off', 'switch a limit off: it is kept and counts as if it were not there'],
  ] as const;
  for (const [word, description] of switches)
    limits
      .command(`${word} <limit-id>`)
      .description(description)
      .action((id: string, _, command: Command) => switchIt(open(command), id, word === 'on'));
};

/** `remit limits set`, `on`, `off` and `remove`. */
export const addSet = (limits: Command, open: OpenContext): void => {
  limits
    .command('set <dollars>')
    .description('set a limit, in dollars or unlimited; of one that is there, what is left out stays as it is')
    .option('--organisation', 'what everybody may spend together')
    .option('--each-member', 'what each member may spend who has no nearer limit')
    .option('--each-session', 'what one session of a client may spend')
    .option('--seat-tier <name>', 'each member with this seat')
    .option('--group <id|name>', 'each member of this group')
    .option('--pool <id|name>', 'all members of this group together')
    .option('--member <id|email>', 'one member')
    .option('--workspace <id|name>', 'all keys of this workspace together')
    .option('--api-key <id|name>', 'one key')
    .option('--period <period>', `${PERIODS.join(', ')}; monthly when left out`, oneOf(PERIODS))
    .option(
      '--mode <mode>',
      'standard: the request that crosses it completes; strict: never beyond it',
      oneOf(['standard', 'strict'] as const),
    )
    .option('--step <step>', `before the limit: ${STEP_FORM}; all there are, or ${NONE}`, several)
    .option('--off', 'keep it and let it count as if it were not there')
    .option('--on', 'let it count again')
    .action((dollars: string, options: SetOptions, command: Command) => setIt(open(command), dollars, options));
  addSwitches(limits, open);
  limits
    .command('remove <limit-id>')
    .description('delete a limit; whom it bound falls back to the next one')
    .action(async (spend_limit_id: string, _, command: Command) => {
      const { call, show } = open(command);
      show(await call(deleteSpendLimit, { params: { spend_limit_id } }), ({ id }) => `The limit ${id} is gone.`);
    });
};
