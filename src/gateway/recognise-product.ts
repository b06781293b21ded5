import type { Product } from '../kernel/index.ts';

/** What of a request's headers tells its product. */
export type ProductSigns = {
  readonly client: string | null;
  readonly app: string | null;
  readonly sessionId: string | null;
  readonly betas: string;
};

const COWORK = /\blocal[-_]agent\b/;

/**
 * The product a request comes from, as its client says. Claude Code names itself in several places (observed, 2.1.330:
 * `user-agent: claude-cli/…`, `x-app: cli`, a session header, a beta of its own), and one of them is enough; Cowork runs
 * Claude Code under the name “local-agent”. Anything else is a client of the API.
 */
export const productOf = ({ client, app, sessionId, betas }: ProductSigns): Product => {
  const isClaudeCode =
    client?.startsWith('claude-cli/') === true ||
    client?.startsWith('claude-code/') === true ||
    app === 'cli' ||
    app === 'cli-bg' ||
    sessionId !== null ||
    betas.includes('claude-code-');
  if (!isClaudeCode) return 'api';
  return client !== null && COWORK.test(client) ? 'cowork' : 'claude_code';
};
