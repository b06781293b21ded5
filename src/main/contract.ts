import * as access from '../access/contract.ts';
import * as activity from '../activity/contract.ts';
import * as claudeCode from '../claude-code/contract.ts';
import * as directory from '../directory/contract.ts';
import * as gateway from '../gateway/contract.ts';
import type { AnyEndpoint } from '../platform/contract.ts';
import * as spend from '../spend/contract.ts';

const isEndpoint = (value: unknown): value is AnyEndpoint =>
  typeof value === 'object' && value !== null && 'permission' in value && 'reply' in value;

/** Every endpoint of the product; what is not in a room's contract does not exist. */
export const ENDPOINTS: readonly AnyEndpoint[] = [activity, directory, access, spend, claudeCode, gateway].flatMap(
  (room) => Object.values(room).filter(isEndpoint),
);
