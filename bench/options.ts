import { parseArgs } from 'node:util';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { VARIANTS, type VariantName } from './variants/variant.ts';

/**
 * What a run does: `secondsPerRound` before a scenario's weight, `openStreams` at once, `manyRoles` for `remit-many`. A
 * process is driven for `coldSeconds` before its first scenario is measured, and for `warmUpSeconds` before each later one.
 */
export type Options = {
  mode: 'quick' | 'default' | 'long';
  rounds: number;
  secondsPerRound: number;
  coldSeconds: number;
  warmUpSeconds: number;
  openStreams: number;
  manyRoles: number;
  scenarios: readonly Scenario[];
  variants: readonly VariantName[];
  failOnMissedTarget: boolean;
};

const MODES = {
  quick: { rounds: 1, secondsPerRound: 0.4, coldSeconds: 0.2, warmUpSeconds: 0.2, openStreams: 200, manyRoles: 100 },
  default: { rounds: 3, secondsPerRound: 3, coldSeconds: 25, warmUpSeconds: 5, openStreams: 1000, manyRoles: 1000 },
  long: { rounds: 7, secondsPerRound: 6, coldSeconds: 40, warmUpSeconds: 8, openStreams: 1000, manyRoles: 1000 },
} as const;

const HELP = `npm run bench -- [--quick | --long] [--rounds N] [--seconds N] [--scenarios a,b] [--variants a,b] [--check]
  scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}
  variants:  ${VARIANTS.join(', ')}
  --check    end with status 1 when a target is missed`;

const pick = <Item>(
  text: string | undefined,
  every: readonly Item[],
  nameOf: (item: Item) => string,
): readonly Item[] => {
  if (text === undefined) return every;
  const names = text.split(',');
  const unknown = names.filter((name) => !every.some((item) => nameOf(item) === name));
  if (unknown.length > 0)
    throw new Error(`There is no "${unknown.join('", "')}". Known: ${every.map(nameOf).join(', ')}.`);
  return every.filter((item) => names.includes(nameOf(item)));
};

const positive = (text: string | undefined, otherwise: number): number => {
  const value = text === undefined ? otherwise : Number(text);
  if (!(value > 0)) throw new Error(`"${text}" is not a positive number.`);
  return value;
};

/** Reads the command line; undefined means that help was asked for and printed. Throws a sentence for a mistake. */
export const readOptions = (argv: readonly string[]): Options | undefined => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      scenarios: { type: 'string' },
      variants: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const mode = values.quick ? 'quick' : values.long ? 'long' : 'default';
  return {
    ...MODES[mode],
    mode,
    rounds: Math.ceil(positive(values.rounds, MODES[mode].rounds)),
    secondsPerRound: positive(values.seconds, MODES[mode].secondsPerRound),
    scenarios: pick(values.scenarios, SCENARIOS, ({ name }) => name),
    variants: pick(values.variants, VARIANTS, (name) => name),
    failOnMissedTarget: values.check,
  };
};
