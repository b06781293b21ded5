import type { Command } from 'commander';
import {
  exportSpend,
  getSpend,
  getSpendForecast,
  listSpend,
  SPEND_KINDS,
  type SpendKind,
  type SpendLine,
} from '../../spend/contract.ts';
import type { OpenContext } from '../context.ts';
import { dollars } from '../money.ts';
import { oneOf, pageSize } from '../options.ts';
import { printFile } from '../print-file.ts';
import { type Column, renderTable } from '../table.ts';

const PERCENT_DIGITS = 1;

const COLUMNS: readonly Column<SpendLine>[] = [
  { heading: 'name', of: ({ name, email }) => email ?? name },
  { heading: 'id', of: ({ id }) => id },
  { heading: 'spent', of: ({ amount }) => dollars(amount), isNumber: true },
  { heading: 'share', of: ({ share }) => `${(share * 100).toFixed(PERCENT_DIGITS)} %`, isNumber: true },
];

type Options = {
  readonly by?: SpendKind;
  readonly from?: string;
  readonly until?: string;
  readonly limit: number;
  readonly csv?: true;
};

/** `remit spend`: what was spent, who spent it, and where the month is heading. */
export const addSpend = (program: Command, open: OpenContext): void => {
  program
    .command('spend')
    .description(
      'show what was spent this month or in a range of days, in all or by member, group, model, workspace or key',
    )
    .option('--by <what>', `one of ${SPEND_KINDS.join(', ')}`, oneOf(SPEND_KINDS))
    .option('--from <day>', 'the first day (YYYY-MM-DD, UTC)')
    .option('--until <day>', 'the day after the last')
    .option('--limit <rows>', 'how many lines', pageSize, 20)
    .option('--csv', 'every line as a CSV file, by day when --by is left out')
    .action(async ({ by, from, until, limit, csv }: Options, command: Command) => {
      const { call, show, terminal } = open(command);
      const range = { starting_date: from, ending_date: until };
      if (csv === true) return printFile(terminal, await call(exportSpend, { query: { by: by ?? 'day', ...range } }));
      if (by !== undefined)
        return show(await call(listSpend, { query: { by, limit, ...range } }), ({ data, count, total_amount }) =>
          [
            renderTable(data, COLUMNS, 'Nothing was spent.'),
            ...(count > data.length ? [`… and ${count - data.length} more`] : []),
            `Spent in all: ${dollars(total_amount)}`,
          ].join('\n'),
        );
      const [spend, { forecast, method }] = await Promise.all([
        call(getSpend, { query: range }),
        call(getSpendForecast, {}),
      ]);
      show({ spend, forecast }, () =>
        [
          `Spent from ${spend.starting_date} until ${spend.ending_date}: ${dollars(spend.amount)} (as many days before: ${dollars(spend.previous_amount)})`,
          forecast === null
            ? method
            : `This month is expected to come to ${dollars(forecast.expected_amount)} (${dollars(forecast.low_amount)} to ${dollars(forecast.high_amount)}). ${method}`,
        ].join('\n'),
      );
    });
};
