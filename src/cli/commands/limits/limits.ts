import type { Command } from 'commander';
import type { OpenContext } from '../../context.ts';
import { addRequests } from './decide-requests.ts';
import { addImport } from './import-limits.ts';
import { addSettings } from './limit-settings.ts';
import { addLists } from './list-limits.ts';
import { addSet } from './set-limit.ts';

/** `remit limits list`, `effective`, `set`, `on`, `off`, `remove`, `requests`, `approve`, `deny`, `settings`, `included` and `import`. */
export const addLimits = (program: Command, open: OpenContext): void => {
  const limits = program.command('limits').description('list and set spend limits, and decide what members ask for');
  addLists(limits, open);
  addSet(limits, open);
  addRequests(limits, open);
  addSettings(limits, open);
  addImport(limits, open);
};
