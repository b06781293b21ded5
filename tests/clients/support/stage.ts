import { type ClaudeCode, openClaudeCode, type Run, type RunOptions } from './claude-code.ts';
import { type Member, type Organisation, openOrganisation } from './organisation.ts';
import type { Exchange } from './wiretap.ts';

/** Remit, the provider behind it and the real Claude Code in front of it. */
export type Stage = {
  readonly organisation: Organisation;
  readonly claude: ClaudeCode;
  /** Prints the answer to one prompt, with the member's key as the bearer token. */
  ask(member: Member, args: readonly string[], env?: RunOptions['env']): Promise<Run>;
  /** The bodies that reached the provider from this run's session, as text. */
  forwarded(run: Pick<Run, 'exchanges'>): readonly string[];
  close(): Promise<void>;
};

/** The session id that Claude Code sent with a run's first message. */
export const sessionOf = ({ exchanges }: { readonly exchanges: readonly Exchange[] }): string =>
  String(exchanges.find(({ method }) => method === 'POST')?.headers['x-claude-code-session-id']);

/** Opens everything; installs Claude Code on first use. */
export const openStage = async (): Promise<Stage> => {
  const organisation = await openOrganisation();
  const claude = await openClaudeCode(organisation.url).catch(async (error: unknown) => {
    await organisation.close();
    throw error;
  });
  return {
    organisation,
    claude,
    ask: (member, args, env = {}) =>
      claude.run({ args: ['-p', ...args], env: { ANTHROPIC_AUTH_TOKEN: member.key, ...env } }),
    forwarded: (run) => organisation.receivedFrom(sessionOf(run)).map(({ body }) => body.toString()),
    close: async () => {
      await claude.close();
      await organisation.close();
    },
  };
};

/** The sentence a member without Opus sees on asking for it. */
export const opusRefused = (role: string): string =>
  `API Error: 451 Claude Opus 5.5 is not included in your roles (“${role}”). Choose another model, for example Claude Sonnet 5.5, or ask an administrator to grant it.`;

const SHOWN_CHARS = 80;

/** Where two bodies part, and what each has there; null when they are the same. Whole, they are too long to be read. */
export const differenceOf = (sent: string, received: string) => {
  if (sent === received) return null;
  let start = 0;
  while (start < sent.length && sent[start] === received[start]) start += 1;
  return { start, sent: sent.slice(start, start + SHOWN_CHARS), received: received.slice(start, start + SHOWN_CHARS) };
};
