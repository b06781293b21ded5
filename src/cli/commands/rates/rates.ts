import type { Command } from 'commander';
import type { OpenContext } from '../../context.ts';
import { addLower } from './lower-rates.ts';
import { addTier } from './set-tier.ts';
import { addShow } from './show-rates.ts';

/** `remit rates show`, `tiers`, `tier`, `custom`, `list`, `limit` and `clear`. */
export const addRates = (program: Command, open: OpenContext): void => {
  const rates = program.command('rates').description('show and change how fast requests may come');
  addShow(rates, open);
  addTier(rates, open);
  addLower(rates, open);
};
