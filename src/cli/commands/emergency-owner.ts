import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

type Options = { readonly email?: string; readonly liftAllowList?: true };

/** `remit emergency-owner`: works on the database itself, for when nobody can sign in any more. */
export const addEmergencyOwner = (program: Command, { print }: Terminal): void => {
  program
    .command('emergency-owner')
    .description('make a one-time link that lets an owner in, on the machine Remit runs on (settings as for serve)')
    .option('--email <address>', 'the member to let in; without it, the link adds a new owner')
    .option('--lift-allow-list', 'also switch the list of allowed addresses off')
    .action(async ({ email, liftAllowList }: Options) => {
      const { runEmergencyOwner } = await import('../../main/emergency-owner.ts');
      const { url, expiresAt } = await runEmergencyOwner({ email, liftsAllowList: liftAllowList === true });
      print(`Open this link once, until ${expiresAt.toISOString()}:\n  ${url}`);
      print('Whoever opens it becomes an owner with a password of their own. It has been recorded.');
    });
};
