import { Refusal } from '../../kernel/index.ts';
import { callerOf, refuseWithoutProduct } from '../caller.ts';
import type { ClaudeCodeDeps } from '../deps.ts';

/**
 * `GET /managed/settings`, which Claude Code asks at every start: 401 for whoever is signed out, 403 with the reason for
 * members whose roles do not include Claude Code, and otherwise 404: no policy is managed here, which is not the same as
 * an empty one.
 */
export const answerManagedSettings = async (
  deps: Pick<ClaudeCodeDeps, 'policy' | 'now'>,
  request: Request,
): Promise<Response> => {
  refuseWithoutProduct(await callerOf(deps, request));
  throw new Refusal('not_found', 'No settings are managed here.');
};
