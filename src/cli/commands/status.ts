import type { Command } from 'commander';
import { getOrganization } from '../../directory/contract.ts';
import { getStatus } from '../../gateway/contract.ts';
import type { OpenContext } from '../context.ts';

/** `remit status`: which server this is, where requests go, and what needs attention. */
export const addStatus = (program: Command, open: OpenContext): void => {
  program
    .command('status')
    .description('show which server this is, where requests go and what needs attention')
    .action(async (_, command: Command) => {
      const { call, show } = open(command);
      const [organization, status] = await Promise.all([call(getOrganization), call(getStatus)]);
      show({ organization, ...status }, ({ version, policy_version, upstreams, alerts }) =>
        [
          `${organization.name} (${organization.id})`,
          `Remit ${version}, policy version ${policy_version}`,
          ...upstreams.map(({ name, url, simulated }) =>
            simulated
              ? 'Requests go to the built-in simulation: answers are not real.'
              : `Requests go to ${name}, ${url}`,
          ),
          ...(alerts.length === 0
            ? ['Nothing needs attention.']
            : alerts.map(({ message, since }) => `Needs attention since ${since}: ${message}`)),
        ].join('\n'),
      );
    });
};
