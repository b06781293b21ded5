import { PERMISSION_AREAS, PERMISSION_LEVELS } from '../../../kernel/index.ts';
import { permissionName } from '../../data/session.ts';

/** A permission of a role in words; where it is about a connector, its id and the tool among its tools. */
type Granted = { readonly words: string; readonly connector: string | null; readonly tool: string | null };

const CAPABILITY = 'capability_access_';
const ADMINISTRATION = 'permission_';

const USES: Readonly<Record<string, string>> = {
  use: 'free use of',
  use_with_approval: 'use after approval of',
  blocked: 'the block on',
};

const capabilityInWords = (name: string): string => {
  if (name === 'all') return 'all capabilities';
  return name === 'all_ga'
    ? 'all capabilities that are generally available'
    : `the capability ${name.replaceAll('_', ' ')}`;
};

const administrationInWords = (name: string): string => {
  const [, area, level] = /^(.*)_(\w+)$/.exec(name) ?? [];
  const known = PERMISSION_AREAS.find((one) => one === area);
  const reach = PERMISSION_LEVELS.find((one) => one === level);
  return known === undefined || reach === undefined || reach === 'none' ? name : permissionName(`${known}:${reach}`);
};

/** What a role was given or lost, from the fields of the record (access reference §3.8). */
export const grantedOf = (fields: Readonly<Record<string, unknown>>): Granted => {
  const action = String(fields.action);
  const nothing = { connector: null, tool: null };
  if (action.startsWith(CAPABILITY)) return { ...nothing, words: capabilityInWords(action.slice(CAPABILITY.length)) };
  if (action.startsWith(ADMINISTRATION))
    return { ...nothing, words: `the permission “${administrationInWords(action.slice(ADMINISTRATION.length))}”` };
  const use = USES[action];
  if (use === undefined) return { ...nothing, words: `the permission ${action}` };
  if (fields.resource_type === 'all_connectors') return { ...nothing, words: `${use} all connectors` };
  const [connector = '', ...tool] = String(fields.resource_id).split('/');
  return { words: use, connector, tool: tool.length === 0 ? null : tool.join('/') };
};
