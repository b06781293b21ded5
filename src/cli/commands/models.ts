import { type Command, Option } from 'commander';
import { listModelAccess, type ModelAccess, setModelAccess } from '../../access/contract.ts';
import { EFFORTS } from '../../kernel/index.ts';
import type { OpenContext } from '../context.ts';
import { UsageMistake } from '../failure.ts';
import { oneOf } from '../options.ts';
import { type Column, renderTable } from '../table.ts';

const COLUMNS: readonly Column<ModelAccess>[] = [
  { heading: 'model', of: ({ model }) => model },
  { heading: 'name', of: ({ display_name }) => display_name },
  { heading: 'on', of: ({ enabled, always_available }) => (always_available ? 'always' : enabled ? 'yes' : 'no') },
  { heading: 'max effort', of: ({ max_effort }) => max_effort ?? 'no cap' },
  { heading: 'its efforts', of: ({ efforts }) => (efforts.length === 0 ? '-' : efforts.join(' ')) },
  { heading: 'lifecycle', of: ({ lifecycle }) => lifecycle },
];

const NO_CAP = 'none';

type SetOptions = {
  readonly enable?: true;
  readonly disable?: true;
  readonly maxEffort?: (typeof EFFORTS)[number] | typeof NO_CAP;
};

const changesOf = ({ enable, disable, maxEffort }: SetOptions) => {
  if (enable === undefined && disable === undefined && maxEffort === undefined)
    throw new UsageMistake('Say what to change: --enable, --disable or --max-effort.');
  return {
    ...(enable === undefined && disable === undefined ? {} : { enabled: enable === true }),
    ...(maxEffort === undefined ? {} : { max_effort: maxEffort === NO_CAP ? null : maxEffort }),
  };
};

const stateOf = ({ display_name, enabled, max_effort }: ModelAccess): string =>
  `${display_name} is ${enabled ? 'on' : 'off'} for the organisation, ${max_effort === null ? 'with no cap on effort' : `at effort ${max_effort} at most`}.`;

/** `remit models list` and `remit models set`: the organisation's level of model access. */
export const addModels = (program: Command, open: OpenContext): void => {
  const models = program.command('models').description("show and change the organisation's models");
  models
    .command('list')
    .description("list every model with the organisation's rule")
    .action(async (_, command: Command) => {
      const { call, show } = open(command);
      show(await call(listModelAccess), ({ data }) => renderTable(data, COLUMNS, 'There are no models.'));
    });
  models
    .command('set <model>')
    .description('switch a model on or off for everyone, or cap its effort')
    .option('--enable', 'switch it on')
    .addOption(new Option('--disable', 'switch it off').conflicts('enable'))
    .option(
      '--max-effort <effort>',
      `highest effort: ${EFFORTS.join(', ')}, or ${NO_CAP} for no cap`,
      oneOf([...EFFORTS, NO_CAP] as const),
    )
    .action(async (model: string, options: SetOptions, command: Command) => {
      const body = changesOf(options);
      const { call, show } = open(command);
      show(await call(setModelAccess, { params: { model }, body }), stateOf);
    });
};
