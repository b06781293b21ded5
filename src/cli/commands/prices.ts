import { type Command, InvalidArgumentError } from 'commander';
import {
  createPriceRule,
  deletePriceRule,
  endPriceRule,
  exportPrices,
  getPrices,
  type ModelPrice,
  type NewPriceRule,
  type PricePreview,
  type PriceRule,
  type PriceScope,
  previewPrices,
} from '../../spend/contract.ts';
import type { OpenContext } from '../context.ts';
import { dollars, today } from '../money.ts';
import { printFile } from '../print-file.ts';
import { type Column, renderTable } from '../table.ts';

const MODEL_COLUMNS: readonly Column<ModelPrice>[] = [
  { heading: 'model', of: ({ model }) => model },
  { heading: 'input', of: ({ prices }) => prices.input, isNumber: true },
  { heading: 'output', of: ({ prices }) => prices.output, isNumber: true },
  { heading: 'write 5m', of: ({ prices }) => prices.cache_write_5m, isNumber: true },
  { heading: 'write 1h', of: ({ prices }) => prices.cache_write_1h, isNumber: true },
  { heading: 'read', of: ({ prices }) => prices.cache_read, isNumber: true },
  { heading: 'list input', of: ({ list_prices }) => list_prices?.input ?? '-', isNumber: true },
];

const aboutOf = ({ scope }: Pick<PriceRule, 'scope'>): string => {
  if (scope.type === 'all') return 'all models';
  return scope.type === 'family' ? `family ${scope.family}` : scope.model;
};

const effectOf = ({ percent, factor }: PriceRule): string => {
  if (percent !== null) return `${percent} % off`;
  return factor === null ? 'own prices' : `${factor} times the price`;
};

const RULE_COLUMNS: readonly Column<PriceRule>[] = [
  { heading: 'rule', of: ({ id }) => id },
  { heading: 'what', of: effectOf },
  { heading: 'about', of: aboutOf },
  { heading: 'from', of: ({ starting_date }) => starting_date },
  { heading: 'until', of: ({ ending_date }) => ending_date ?? '-' },
];

type DayOptions = { readonly from?: string; readonly until?: string };
type RuleOptions = DayOptions & { readonly model?: string; readonly family?: string; readonly preview?: boolean };

const daysOf = ({ from, until }: DayOptions) => ({
  starting_date: from ?? today(),
  ...(until === undefined ? {} : { ending_date: until }),
});

const scopeOf = ({ model, family }: RuleOptions): PriceScope => {
  if (model !== undefined && family !== undefined)
    throw new InvalidArgumentError('Give --model or --family, not both.');
  if (model !== undefined) return { type: 'model', model };
  return family === undefined ? { type: 'all' } : { type: 'family', family };
};

const previewInWords = (preview: PricePreview): string =>
  [
    `The last 30 days (${preview.requests} requests${preview.truncated ? ', the newest' : ''}): ${dollars(preview.before_amount)} now, ${dollars(preview.after_amount)} with this, a difference of ${dollars(preview.difference)}.`,
    ...preview.by_model.map(({ model, difference }) => `  ${model ?? 'unknown models'}: ${dollars(difference)}`),
  ].join('\n');

const addShow = (prices: Command, open: OpenContext): void => {
  prices
    .command('show', { isDefault: true })
    .description('show the prices in force, in US dollars per million tokens, and the rules about them')
    .option('--date <day>', 'on this day (YYYY-MM-DD, UTC) instead of today')
    .option('--csv', 'all prices of it as a CSV file')
    .action(async ({ date, csv }: { readonly date?: string; readonly csv?: true }, command: Command) => {
      const { call, show, terminal } = open(command);
      if (csv === true) return printFile(terminal, await call(exportPrices, { query: { date } }));
      show(await call(getPrices, { query: { date } }), (book) =>
        [
          `Price book ${book.version}, on ${book.date}`,
          '',
          renderTable(
            book.models.filter(({ retired }) => !retired),
            MODEL_COLUMNS,
            'No model has a price.',
          ),
          '',
          renderTable(book.rules, RULE_COLUMNS, 'There are no rules of your own: these are list prices.'),
        ].join('\n'),
      );
    });
};

/** Makes a rule, or with --preview says what it would have done to the last 30 days. */
const makeRule = async (open: OpenContext, command: Command, rule: NewPriceRule): Promise<void> => {
  const { call, show } = open(command);
  if (command.opts<RuleOptions>().preview === true)
    return show(await call(previewPrices, { body: { add: rule } }), previewInWords);
  show(await call(createPriceRule, { body: { rule } }), (made) => `${made.id}: ${effectOf(made)} ${aboutOf(made)}`);
};

const withDays = (command: Command): Command =>
  command
    .option('--from <day>', 'the first day (YYYY-MM-DD, UTC; today when left out)')
    .option('--until <day>', 'the day after the last; without end when left out')
    .option('--preview', 'only say what it would have done to the last 30 days');

const addRules = (prices: Command, open: OpenContext): void => {
  const scoped = (command: Command) =>
    withDays(command)
      .option('--model <id>', 'for this model only')
      .option('--family <name>', 'for this family, such as opus');
  scoped(prices.command('discount <percent>').description('agree on a discount of the list prices')).action(
    (percent: string, options: RuleOptions, command: Command) =>
      makeRule(open, command, { kind: 'discount', percent, scope: scopeOf(options), ...daysOf(options) }),
  );
  scoped(prices.command('multiplier <factor>').description('charge everything so many times its price')).action(
    (factor: string, options: RuleOptions, command: Command) =>
      makeRule(open, command, { kind: 'multiplier', factor, scope: scopeOf(options), ...daysOf(options) }),
  );
};

type OwnOptions = RuleOptions & {
  readonly input: string;
  readonly output: string;
  readonly cacheWrite5m?: string;
  readonly cacheWrite1h?: string;
  readonly cacheRead?: string;
};

const addOwn = (prices: Command, open: OpenContext): void => {
  withDays(prices.command('model <id>').description('give a model prices of its own, in US dollars per million tokens'))
    .requiredOption('--input <usd>', 'for input')
    .requiredOption('--output <usd>', 'for output')
    .option('--cache-write-5m <usd>', 'for writing to the cache for 5 minutes; as input when left out')
    .option('--cache-write-1h <usd>', 'for writing to the cache for an hour; as input when left out')
    .option('--cache-read <usd>', 'for reading from the cache; as input when left out')
    .action((model: string, options: OwnOptions, command: Command) => {
      const { input, output, cacheWrite5m, cacheWrite1h, cacheRead } = options;
      const cache = { cache_write_5m: cacheWrite5m, cache_write_1h: cacheWrite1h, cache_read: cacheRead };
      const own = { input, output, ...cache, geo_premium: false };
      return makeRule(open, command, { kind: 'price', model, prices: own, ...daysOf(options) });
    });
};

const addEnds = (prices: Command, open: OpenContext): void => {
  prices
    .command('end <rule>')
    .description('let a rule end')
    .option('--until <day>', 'the day after its last (YYYY-MM-DD, UTC; today when left out)')
    .action(async (rule_id: string, { until }: DayOptions, command: Command) => {
      const { call, show } = open(command);
      const ended = await call(endPriceRule, { params: { rule_id }, body: { ending_date: until ?? today() } });
      show(ended, ({ id, ending_date }) => `${id} ends on ${ending_date}.`);
    });
  prices
    .command('delete <rule>')
    .description('take a rule back, as if it had never been; what was charged stays charged')
    .action(async (rule_id: string, _, command: Command) => {
      const { call, show } = open(command);
      show(await call(deletePriceRule, { params: { rule_id } }), ({ id }) => `${id} is gone.`);
    });
};

/** `remit prices`: what models cost, and the organisation's own word on it. */
export const addPrices = (program: Command, open: OpenContext): void => {
  const prices = program.command('prices').description('show and change what models cost');
  addShow(prices, open);
  addRules(prices, open);
  addOwn(prices, open);
  addEnds(prices, open);
};
