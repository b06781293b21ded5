import type { Context, Hono } from 'hono';
import { type ClaudeCodeDeps, openClaudeCode } from '../claude-code/index.ts';
import type { ClientFacts } from '../platform/index.ts';

/** Mounts what Claude Code asks of a gateway beside the Messages API. */
export const mountClaudeCode = (app: Hono, deps: ClaudeCodeDeps, clientOf: (context: Context) => ClientFacts): void => {
  for (const [method, path, answer] of openClaudeCode(deps))
    app.on(method, path, (context) => answer(context.req.raw, clientOf(context)));
};
