import type { CredentialFacts } from '../../directory/index.ts';
import { hashSecret, type SecretBox } from '../../platform/index.ts';

/** Whose a session is: of one caller with one connector. */
export type SessionOwner = { readonly connectorId: string; readonly credential: CredentialFacts };

/** A session as this node has seen it. */
export type SeenSession = SessionOwner & { readonly serverId: string };

/**
 * MCP sessions (protocol versions up to 2025-11-25). What a client is given is not the server's own id but that id,
 * sealed together with its time and its owner: every node can open it, nobody else can use it, and no table has to be
 * kept for it.
 */
export type Sessions = {
  /** The id to give to the client for the server's own. */
  wrap(serverId: string, owner: SessionOwner): string;
  /** The server's own id; undefined for what is no session, somebody else's, or too old. */
  unwrap(token: string, owner: SessionOwner): string | undefined;
  /** The client has ended it. */
  forget(serverId: string, owner: SessionOwner): void;
  /** Takes out the sessions of this node whose credential no longer counts, so that they can be ended at the server. */
  takeEnded(isOver: (credential: CredentialFacts) => boolean): readonly SeenSession[];
  readonly size: number;
};

/** How many sessions a node remembers in order to end them; the oldest are forgotten, and end when the server likes. */
const SEEN_MAX = 20_000;

const SERVER_ID = /^[\x21-\x7e]{1,1024}$/;

/** A member keeps a session over a new key; a service key's is its own, because other programs share its group. */
const aboutOf = ({ connectorId, credential }: SessionOwner): string =>
  `mcp-session ${connectorId} ${credential.userId ?? credential.id}`;

type Content = readonly [serverId: string, madeAt: number];

const readContent = (text: string): Content | undefined => {
  const content: unknown = JSON.parse(text);
  if (!Array.isArray(content)) return undefined;
  const [serverId, madeAt]: readonly unknown[] = content;
  return typeof serverId === 'string' && typeof madeAt === 'number' ? [serverId, madeAt] : undefined;
};

export const createSessions = (options: {
  readonly secrets: SecretBox;
  readonly now: () => number;
  /** How old a session may get; its client then begins a new one by itself. */
  readonly ageMsMax: number;
}): Sessions => {
  const { secrets, now, ageMsMax } = options;
  const seen = new Map<string, SeenSession>();

  const keyOf = (serverId: string, owner: SessionOwner): string => `${aboutOf(owner)} ${serverId}`;

  const remember = (serverId: string, owner: SessionOwner): void => {
    const key = keyOf(serverId, owner);
    seen.delete(key);
    seen.set(key, { ...owner, serverId });
    if (seen.size <= SEEN_MAX) return;
    for (const oldest of seen.keys()) {
      seen.delete(oldest);
      return;
    }
  };

  const open = (token: string, owner: SessionOwner): Content | undefined => {
    try {
      return readContent(secrets.open(token, aboutOf(owner)));
    } catch {
      return undefined;
    }
  };

  return {
    wrap: (serverId, owner) => {
      remember(serverId, owner);
      return secrets.seal(JSON.stringify([serverId, now()]), aboutOf(owner));
    },
    unwrap: (token, owner) => {
      const [serverId, madeAt] = open(token, owner) ?? [];
      if (serverId === undefined || madeAt === undefined || madeAt + ageMsMax <= now()) return undefined;
      remember(serverId, owner);
      return serverId;
    },
    forget: (serverId, owner) => {
      seen.delete(keyOf(serverId, owner));
    },
    takeEnded: (isOver) => {
      const ended = [...seen].filter(([, { credential }]) => isOver(credential));
      for (const [key] of ended) seen.delete(key);
      return ended.map(([, session]) => session);
    },
    get size() {
      return seen.size;
    },
  };
};

/** Whether a server's session id is one that may go into a header (MCP 2025-11-25: visible ASCII). */
export const isSessionId = (text: string): boolean => SERVER_ID.test(text);

/** A session's name in records, from which nobody can use it. */
export const sessionLabel = (serverId: string): string => hashSecret(serverId).slice(0, 16);
