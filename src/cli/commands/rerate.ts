import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  createRerating,
  getRerating,
  previewRerating,
  type Rerating,
  type ReratingPreview,
} from '../../spend/contract.ts';
import type { Context, OpenContext } from '../context.ts';
import { dollars } from '../money.ts';

const LINES_SHOWN = 10;
const ASKED_EVERY_MS = 500;

type Options = { readonly from: string; readonly until: string; readonly book?: string; readonly confirm?: boolean };

const lineOf = (what: string, difference: string): string => `  ${what}: ${dollars(difference)}`;

const inWords = (found: ReratingPreview): string =>
  [
    `From ${found.starting_date} until ${found.ending_date} by price book ${found.price_book}: ${dollars(found.before_amount)} becomes ${dollars(found.after_amount)}, a difference of ${dollars(found.difference)}.`,
    `${found.requests_changed} of ${found.requests} requests change; ${found.requests_left} stay as they are because nobody can say how their price came about.`,
    ...found.by_model
      .slice(0, LINES_SHOWN)
      .map(({ model, difference }) => lineOf(model ?? 'unknown models', difference)),
    ...found.by_member.slice(0, LINES_SHOWN).map(({ email, name, difference }) => lineOf(email ?? name, difference)),
    'Nothing is booked. Run this again with --confirm to book it.',
  ].join('\n');

const endInWords = ({ id, difference, requests_changed }: Rerating): string =>
  `${id} has ended: ${requests_changed} requests changed, a difference of ${dollars(difference)}.`;

/** Books it and waits for its end, which it reaches on the server whether anybody waits or not. */
const book = async ({ call, show }: Context, body: Parameters<typeof bodyOf>[0]): Promise<void> => {
  let rerating = await call(createRerating, { body: bodyOf(body) });
  while (rerating.state === 'running') {
    await sleep(ASKED_EVERY_MS);
    rerating = await call(getRerating, { params: { rerating_id: rerating.id } });
  }
  show(rerating, endInWords);
};

const bodyOf = ({ from, until, book: price_book }: Options) => ({
  starting_date: from,
  ending_date: until,
  ...(price_book === undefined ? {} : { price_book }),
});

/** `remit rerate`: what a past period would cost by another price book, and with --confirm the booking of it. */
export const addRerate = (program: Command, open: OpenContext): void => {
  program
    .command('rerate')
    .description('show what a past period would cost by the price book in force or another version; --confirm books it')
    .requiredOption('--from <day>', 'the first day (YYYY-MM-DD, UTC)')
    .requiredOption('--until <day>', 'the day after the last')
    .option('--book <version>', 'a version of the price book; the one in force when left out')
    .option('--confirm', 'book the difference')
    .action(async (options: Options, command: Command) => {
      const context = open(command);
      if (options.confirm === true) return book(context, options);
      context.show(await context.call(previewRerating, { body: bodyOf(options) }), inWords);
    });
};
