import type { Command } from 'commander';
import { createApiKey } from '../../directory/contract.ts';
import type { OpenContext } from '../context.ts';
import { UsageMistake } from '../failure.ts';
import { findGroup, findUser } from '../find.ts';

/** `remit keys create`: a personal key of a member, or a service key of a group. */
export const addKeys = (program: Command, open: OpenContext): void => {
  program
    .command('keys')
    .description('create keys')
    .command('create <name>')
    .description('create a personal key of a member or a service key of a group; it is shown this once')
    .option('--user <id|email>', 'the member the key acts as')
    .option('--group <id|name>', 'the group whose rules bind the key')
    .action(async (name: string, { user, group }: { user?: string; group?: string }, command: Command) => {
      if ((user === undefined) === (group === undefined))
        throw new UsageMistake('Give either --user (a personal key) or --group (a service key).');
      const { call, show } = open(command);
      const owner =
        user !== undefined
          ? { user_id: (await findUser(call, user)).id }
          : { rbac_group_id: (await findGroup(call, group ?? '')).id };
      show(await call(createApiKey, { body: { name, ...owner } }), ({ key }) => key);
    });
};
