import type { Command } from 'commander';
import { addUser, listUsers, type User } from '../../directory/contract.ts';
import { ORGANISATION_ROLES } from '../../kernel/index.ts';
import type { OpenContext } from '../context.ts';
import { oneOf, pageSize } from '../options.ts';
import { type Column, renderTable } from '../table.ts';

const COLUMNS: readonly Column<User>[] = [
  { heading: 'e-mail', of: ({ email }) => email },
  { heading: 'name', of: ({ name }) => name },
  { heading: 'role', of: ({ role }) => role },
  { heading: 'added', of: ({ added_at }) => added_at.slice(0, 10) },
  { heading: 'id', of: ({ id }) => id },
];

const ASSIGNABLE = ['owner', 'membership_admin', 'user', 'managed'] as const;

/** `remit members list` and `remit members add`. */
export const addMembers = (program: Command, open: OpenContext): void => {
  const members = program.command('members').description('list and add members');
  members
    .command('list')
    .description('list members')
    .option('--search <text>', 'part of a name or an e-mail address')
    .option('--role <role>', 'only members with this organisation role', oneOf(ORGANISATION_ROLES))
    .option('--limit <number>', 'how many at most', pageSize, 100)
    .action(async ({ search, role, limit }, command: Command) => {
      const { call, show } = open(command);
      const reply = await call(listUsers, { query: { search, limit, roles: role === undefined ? [] : [role] } });
      show(reply, ({ data, has_more }) =>
        [renderTable(data, COLUMNS, 'No members.'), ...(has_more ? [`There are more; see --limit.`] : [])].join('\n'),
      );
    });
  members
    .command('add <email>')
    .description('add a member')
    .option('--name <name>', 'how to show them; the e-mail address when left out')
    .option('--role <role>', `organisation role: ${ASSIGNABLE.join(', ')}`, oneOf(ASSIGNABLE), 'user')
    .action(async (email: string, { name, role }, command: Command) => {
      const { call, show } = open(command);
      const user = await call(addUser, { body: { email, role, ...(name === undefined ? {} : { name }) } });
      show(user, ({ id }) => `${email} is a member now, with the role ${role} (${id}).`);
    });
};
