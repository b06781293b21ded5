import type { Doer } from '../../../kernel/index.ts';
import { type ClientFacts, readText } from '../../../platform/index.ts';
import type { ClaudeCodeDeps } from '../../deps.ts';

const FORM_BYTES_MAX = 64 * 1024;
const USER_AGENT_LENGTH_MAX = 512;

/** Thrown for a form that is too large to be one of OAuth's. */
export class FormTooLarge extends Error {}

/** The parameters of a form (RFC 6749 appendix B). Those nobody knows are left alone; an empty one counts as left out. */
export const readForm = async (request: Request): Promise<(name: string) => string | null> => {
  const form = new URLSearchParams(await readText(request, FORM_BYTES_MAX, () => new FormTooLarge()));
  return (name) => form.get(name) || null;
};

/** The request of a device as the cause of what it changes. */
export const doerOf = (deps: Pick<ClaudeCodeDeps, 'newId'>, request: Request, { address }: ClientFacts): Doer => ({
  who: { kind: 'visitor', email: null },
  requestId: deps.newId('request'),
  ipAddress: address,
  userAgent: request.headers.get('user-agent')?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
});
