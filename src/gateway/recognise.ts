import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import {
  type Caller,
  resolveCaller,
  resolveWorkspace,
  type Snapshot,
  type Unresolved,
  unresolvedRefusal,
  type WorkspaceProblem,
} from '../access/index.ts';
import { type CredentialFacts, isAccessToken } from '../directory/index.ts';
import { Refusal } from '../kernel/index.ts';
import { hashSecret } from '../platform/index.ts';
import { readRequestHead } from './request-head.ts';

/**
 * The one key a request presents, in `x-api-key` or as a bearer token. Clients may send it in both; two different ones
 * are refused, because nobody could say whose rules apply. The sentences leave the header's name out: Claude Code shows
 * “Invalid API key” in place of any message that names it (observed, 2.1.330).
 */
export const presentedSecret = (request: IncomingMessage): string => onlyKey(readRequestHead(request.rawHeaders).keys);

const onlyKey = (keys: readonly string[]): string => {
  const [first] = keys;
  if (first === undefined || first === '')
    throw new Refusal(
      'unauthenticated',
      'No API key was sent. Send your Remit key as the API key or as a bearer token.',
    );
  if (keys.some((key) => key !== first))
    throw new Refusal(
      'unauthenticated',
      'The request carries two different keys, one as the API key and one as a bearer token. Send one of them.',
    );
  return first;
};

/** A credential that is known, whether or not it may still be used. */
export type Recognised =
  | { readonly caller: Caller }
  | { readonly refusal: Refusal; readonly credential: CredentialFacts | undefined; readonly unresolved: Unresolved };

/** The keys of a request, the workspace it names, and the connection that brought them. */
export type PresentedKeys = {
  readonly keys: readonly string[];
  readonly workspaceId: string | null;
  readonly socket: Socket;
};

/**
 * The key each connection presented last. Nearly every client sends the same one with each request, and comparing costs a
 * fraction of hashing. It is remembered no longer than the connection lasts, and nothing but its hash is: whether the
 * key still counts is asked anew each time.
 */
const lastPresented = new WeakMap<Socket, { readonly key: string; readonly hash: string }>();

const hashOf = (key: string, socket: Socket): string => {
  const last = lastPresented.get(socket);
  if (last?.key === key) return last.hash;
  const hash = hashSecret(key);
  lastPresented.set(socket, { key, hash });
  return hash;
};

/** Finds out whose request this is under the policy in force. Throws when no single key is presented. */
export const recognise = (request: IncomingMessage, snapshot: Snapshot, now: number): Recognised => {
  const { keys, workspaceId } = readRequestHead(request.rawHeaders);
  return recogniseKeys({ keys, workspaceId, socket: request.socket }, snapshot, now);
};

/** {@link recognise} for a request whose headers have been read: `keys` are all that were presented. */
export const recogniseKeys = (presented: PresentedKeys, snapshot: Snapshot, now: number): Recognised => {
  const { keys, workspaceId, socket } = presented;
  const resolution = resolveCaller(snapshot, hashOf(onlyKey(keys), socket), now);
  if ('caller' in resolution)
    return workspaceId === null ? resolution : inWorkspace(snapshot, resolution.caller, workspaceId);
  const { unresolved, credential } = resolution;
  return { refusal: unresolvedRefusal(unresolved, onlyKey(keys)), credential, unresolved };
};

/**
 * Whether a token may be so new that this node has not heard of it: a device gets its next one from any node, and comes
 * back with it at once.
 */
export const mayBeNew = (recognised: Recognised, keys: readonly string[]): boolean =>
  'refusal' in recognised && recognised.unresolved === 'unknown' && isAccessToken(onlyKey(keys));

const WORKSPACE_REFUSALS: Readonly<Record<WorkspaceProblem, string>> = {
  other: 'This API key belongs to another workspace than anthropic-workspace-id names. Leave the header out.',
  closed: 'There is no open workspace with the id that anthropic-workspace-id names.',
  outside: 'You are not a member of the workspace that anthropic-workspace-id names. Ask an administrator to add you.',
};

/** The caller as counting for the workspace the request names; a workspace that is not theirs is refused. */
const inWorkspace = (snapshot: Snapshot, caller: Caller, named: string): Recognised => {
  const resolved = resolveWorkspace(snapshot, caller, named);
  if ('problem' in resolved) throw new Refusal('permission_denied', WORKSPACE_REFUSALS[resolved.problem]);
  return { caller: { ...caller, workspaceId: resolved.workspaceId } };
};
