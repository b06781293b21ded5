import type { Command } from 'commander';
import { type EffectiveAccess, getUserAccess } from '../../access/contract.ts';
import type { OpenContext } from '../context.ts';
import { findUser } from '../find.ts';
import { type Column, renderTable } from '../table.ts';

type Model = EffectiveAccess['models'][number];

const COLUMNS: readonly Column<Model>[] = [
  { heading: 'model', of: ({ model }) => model },
  { heading: 'allowed', of: ({ allowed }) => (allowed ? 'yes' : 'no') },
  { heading: 'max effort', of: ({ allowed, max_effort }) => (allowed ? (max_effort ?? '-') : '-') },
  { heading: 'why', of: ({ explanation }) => explanation },
];

const inWords = (access: EffectiveAccess): string =>
  [
    `${access.subject.name}: ${access.explanation}`,
    `Default model: ${access.default_model ?? 'none'}${access.default_effort === null ? '' : ` at effort ${access.default_effort}`}`,
    '',
    renderTable(access.models, COLUMNS, 'There are no models.'),
  ].join('\n');

/** `remit access`: what a member may use, and why. */
export const addAccess = (program: Command, open: OpenContext): void => {
  program
    .command('access <member>')
    .description('show what a member (id or e-mail address) may use, and why')
    .action(async (asked: string, _, command: Command) => {
      const { call, show } = open(command);
      const { id } = await findUser(call, asked);
      show(await call(getUserAccess, { params: { user_id: id } }), inWords);
    });
};
