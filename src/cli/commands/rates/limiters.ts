import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageMistake } from '../../failure.ts';
import { wholeNumber } from '../../options.ts';

/** The word that takes a limit away. */
export const NONE = 'none';

/** The limiters by their options. */
const LIMITERS = {
  requests: 'requests_per_minute',
  input: 'input_tokens_per_minute_cache_aware',
  inputWithCache: 'input_tokens_per_minute',
  output: 'output_tokens_per_minute',
  tokens: 'tokens_per_minute',
  tokensPerDay: 'tokens_per_day',
} as const;

/** Every limiter that can be set for workspaces, groups, members and keys. */
export const LOWER_LIMITERS = Object.values(LIMITERS);

/** What the options of {@link withLimiters} say: a number, or `none` to take one away. */
export type LimiterOptions = { readonly [L in keyof typeof LIMITERS]?: number | typeof NONE };

/** Reads a number, or `none`, which stays a word: the parser of options takes a null for no value. */
export const numberOrNone = (given: string): number | typeof NONE => {
  if (given === NONE) return NONE;
  try {
    return wholeNumber(given);
  } catch {
    throw new InvalidArgumentError(`It is a whole number, or ${NONE}.`);
  }
};

const DESCRIPTIONS: Readonly<Record<keyof typeof LIMITERS, readonly [flag: string, what: string]>> = {
  requests: ['--requests <number>', 'requests a minute'],
  input: ['--input <number>', 'input tokens a minute, without what is read from caches'],
  inputWithCache: ['--input-with-cache <number>', 'input tokens a minute, with what is read from caches'],
  output: ['--output <number>', 'output tokens a minute'],
  tokens: ['--tokens <number>', 'input and output tokens a minute'],
  tokensPerDay: ['--tokens-per-day <number>', 'input and output tokens a day'],
};

/** Gives a command an option for every limiter; each takes a number, or `none`. */
export const withLimiters = (command: Command): Command => {
  for (const [flag, what] of Object.values(DESCRIPTIONS))
    command.addOption(new Option(flag, `${what}, or ${NONE}`).argParser(numberOrNone));
  return command;
};

/** A number as the API takes it: null takes one away. */
export const numberOrNull = (given: number | typeof NONE | undefined): number | null =>
  typeof given === 'number' ? given : null;

/** What is to be set. Throws {@link UsageMistake} where nothing is. */
export const limiterChanges = (options: LimiterOptions) => {
  const names = (Object.keys(LIMITERS) as (keyof typeof LIMITERS)[]).filter((name) => options[name] !== undefined);
  if (names.length === 0)
    throw new UsageMistake(
      `Say what to limit: ${Object.values(DESCRIPTIONS)
        .map(([flag]) => flag.split(' ')[0])
        .join(', ')}.`,
    );
  return names.map((name) => ({ type: LIMITERS[name], value: numberOrNull(options[name]) }));
};
