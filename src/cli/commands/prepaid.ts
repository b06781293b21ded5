import type { Command } from 'commander';
import type { Call } from '../../platform/contract.ts';
import {
  createPrepaidOrder,
  exportPrepaidOrders,
  getPrepaidBalance,
  listPrepaidOrders,
  type PrepaidBalance,
  type PrepaidOrder,
  updatePrepaidSettings,
} from '../../spend/contract.ts';
import type { Context, OpenContext } from '../context.ts';
import { UsageMistake } from '../failure.ts';
import { centsOfDollars, centsOrUnlimited, dollars, inDollars } from '../money.ts';
import { oneOf, pageSize } from '../options.ts';
import { printFile } from '../print-file.ts';
import { type Column, renderTable } from '../table.ts';

const reloadText = ({ auto_reload: reload, reloaded_this_month: bought }: PrepaidBalance): string =>
  reload.is_enabled
    ? `Below ${dollars(reload.threshold)}, ${dollars(reload.amount)} are bought by themselves, at most ${inDollars(reload.monthly_maximum)} a month (${dollars(bought)} in this one).`
    : 'Nothing is bought by itself.';

const balanceText = (prepaid: PrepaidBalance): string =>
  [
    `Balance: ${dollars(prepaid.balance)} (ordered ${dollars(prepaid.funded)}, spent ${dollars(prepaid.spent)}, held for running requests ${dollars(prepaid.held)})`,
    prepaid.is_enabled
      ? `Spend counts against it (${prepaid.mode}): when it is empty, nothing is spent.`
      : 'Spend does not count against it. “remit prepaid set --on” lets it count.',
    reloadText(prepaid),
  ].join('\n');

const ORDERS: readonly Column<PrepaidOrder>[] = [
  { heading: 'when', of: ({ created_at }) => created_at.slice(0, 16).replace('T', ' ') },
  { heading: 'kind', of: ({ kind }) => kind },
  { heading: 'amount', of: ({ amount }) => dollars(amount), isNumber: true },
  { heading: 'by', of: ({ created_by }) => created_by ?? 'Remit' },
  { heading: 'note', of: ({ note }) => note ?? '' },
  { heading: 'id', of: ({ id }) => id },
];

type Kind = 'purchase' | 'adjustment';

const order = async ({ call, show }: Context, kind: Kind, amount: string, note: string | undefined): Promise<void> => {
  const made = await call(createPrepaidOrder, { body: { kind, amount, ...(note && { note }) } });
  const { balance } = await call(getPrepaidBalance);
  const done =
    kind === 'purchase'
      ? `${dollars(amount)} are added to the balance`
      : `The balance is set right by ${dollars(amount)}`;
  show(made, ({ id }) => `${done} (${id}). It is ${dollars(balance)} now.`);
};

/** Dollars that may be below nothing. */
const signedCents = (given: string): string =>
  given.startsWith('-') ? `-${centsOfDollars(given.slice(1))}` : centsOfDollars(given);

const addOrders = (prepaid: Command, open: OpenContext): void => {
  prepaid
    .command('orders')
    .description('list orders of credit, newest first')
    .option('--limit <number>', 'how many at most', pageSize, 100)
    .option('--csv', 'all of them as a CSV file')
    .action(async ({ limit, csv }: { readonly limit: number; readonly csv?: true }, command: Command) => {
      const { call, show, terminal } = open(command);
      if (csv === true) return printFile(terminal, await call(exportPrepaidOrders));
      show(await call(listPrepaidOrders, { query: { limit } }), ({ data, has_more }) =>
        [renderTable(data, ORDERS, 'Nothing was ordered.'), ...(has_more ? ['There are more; see --limit.'] : [])].join(
          '\n',
        ),
      );
    });
  prepaid
    .command('buy <dollars>')
    .description('record credit that was bought; it can be spent from the next request on')
    .option('--note <text>', 'what is to be remembered of it, such as the number of the invoice')
    .action((given: string, { note }: { readonly note?: string }, command: Command) =>
      order(open(command), 'purchase', centsOfDollars(given), note),
    );
  prepaid
    .command('adjust <dollars>')
    .description('set the balance right, up or down: “remit prepaid adjust -12.50”')
    .option('--note <text>', 'why')
    .action((given: string, { note }: { readonly note?: string }, command: Command) =>
      order(open(command), 'adjustment', signedCents(given), note),
    );
};

type Switch = { readonly on?: true; readonly off?: true };

const switchOf = ({ on, off }: Switch): boolean | undefined => {
  if (on === true && off === true) throw new UsageMistake('Give --on or --off, not both.');
  return on === true ? true : off === true ? false : undefined;
};

type ReloadOptions = Switch & {
  readonly below?: string;
  readonly amount?: string;
  readonly monthlyMaximum?: string;
};

const reload = async (call: Call, options: ReloadOptions): Promise<PrepaidBalance> => {
  const { below, amount, monthlyMaximum } = options;
  const isOn = switchOf(options);
  if (isOn === undefined && below === undefined && amount === undefined && monthlyMaximum === undefined)
    throw new UsageMistake('Say what to change: --on, --off, --below, --amount or --monthly-maximum.');
  const { auto_reload: now } = await call(getPrepaidBalance);
  return call(updatePrepaidSettings, {
    body: {
      auto_reload: {
        is_enabled: isOn ?? now.is_enabled,
        threshold: below === undefined ? now.threshold : centsOfDollars(below),
        amount: amount === undefined ? now.amount : centsOfDollars(amount),
        monthly_maximum: monthlyMaximum === undefined ? now.monthly_maximum : centsOrUnlimited(monthlyMaximum),
      },
    },
  });
};

type SetOptions = Switch & { readonly mode?: PrepaidBalance['mode'] };

const addSettings = (prepaid: Command, open: OpenContext): void => {
  prepaid
    .command('set')
    .description('say whether spend counts against the balance')
    .option('--on', 'it does: when it is empty, nothing is spent')
    .option('--off', 'it does not')
    .option(
      '--mode <mode>',
      'standard: the request that empties it completes; strict: never beyond it',
      oneOf(['standard', 'strict'] as const),
    )
    .action(async (options: SetOptions, command: Command) => {
      const { call, show } = open(command);
      const isOn = switchOf(options);
      const { mode } = options;
      if (isOn === undefined && mode === undefined)
        throw new UsageMistake('Say what to change: --on, --off or --mode.');
      const body = { ...(isOn === undefined ? {} : { is_enabled: isOn }), ...(mode && { mode }) };
      show(await call(updatePrepaidSettings, { body }), balanceText);
    });
  prepaid
    .command('auto-reload')
    .description('say when credit is bought by itself; what is left out stays as it is')
    .option('--on', 'buy')
    .option('--off', 'do not')
    .option('--below <dollars>', 'when the balance falls below this')
    .option('--amount <dollars>', 'how much at a time')
    .option('--monthly-maximum <dollars>', 'the most in a month, or unlimited')
    .action(async (options: ReloadOptions, command: Command) => {
      const { call, show } = open(command);
      show(await reload(call, options), balanceText);
    });
};

/** `remit prepaid show`, `orders`, `buy`, `adjust`, `set` and `auto-reload`. */
export const addPrepaid = (program: Command, open: OpenContext): void => {
  const prepaid = program
    .command('prepaid')
    .description('show the prepaid balance, record credit, and say when it counts');
  prepaid
    .command('show', { isDefault: true })
    .description('show the balance')
    .action(async (_, command: Command) => {
      const { call, show } = open(command);
      show(await call(getPrepaidBalance), balanceText);
    });
  addOrders(prepaid, open);
  addSettings(prepaid, open);
};
