import type { IncomingMessage } from 'node:http';
import { type Caller, resolveCaller, type Snapshot, type Unresolved } from '../access/index.ts';
import type { CredentialFacts } from '../directory/index.ts';
import { Refusal } from '../kernel/index.ts';
import { hashSecret } from '../platform/index.ts';

const BEARER = /^bearer +(\S+) *$/i;

/** Header values by name, found in one pass; a repeated credential header is a refusal, not a choice. */
const credentialHeaders = (rawHeaders: readonly string[]): readonly string[] => {
  const keys: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    // The two names differ in length, which spares lower-casing every other header.
    if (name.length === 9 && name.toLowerCase() === 'x-api-key') keys.push(value.trim());
    else if (name.length === 13 && name.toLowerCase() === 'authorization') keys.push(BEARER.exec(value)?.[1] ?? '');
  }
  return keys;
};

/**
 * The one key a request presents, in `x-api-key` or as a bearer token. Clients may send it in both; two different ones
 * are refused, because nobody could say whose rules apply. The sentences leave the header's name out: Claude Code shows
 * “Invalid API key” in place of any message that names it (observed, 2.1.330).
 */
export const presentedSecret = (request: IncomingMessage): string => {
  const keys = credentialHeaders(request.rawHeaders);
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

const REFUSALS: Readonly<Record<Unresolved, string>> = {
  unknown: 'This API key is not known here. Check that it was copied whole, or ask an administrator for a new one.',
  revoked: 'This API key has been revoked or has expired. Ask an administrator for a new one.',
  'owner-removed': 'The member or group this API key belonged to is gone. Ask an administrator for a new one.',
  administrative:
    'An admin key manages the organisation and cannot be used for requests to models. Use a personal or service key.',
};

/** The refusal for a credential that does not resolve. */
export const unresolvedRefusal = (unresolved: Unresolved): Refusal => {
  const code =
    unresolved === 'unknown'
      ? 'unauthenticated'
      : unresolved === 'administrative'
        ? 'permission_denied'
        : 'credential_revoked';
  return new Refusal(code, REFUSALS[unresolved]);
};

/** A credential that is known, whether or not it may still be used. */
export type Recognised =
  | { readonly caller: Caller }
  | { readonly refusal: Refusal; readonly credential: CredentialFacts | undefined; readonly unresolved: Unresolved };

/** Finds out whose request this is under the policy in force. Throws when no single key is presented. */
export const recognise = (request: IncomingMessage, snapshot: Snapshot, now: number): Recognised => {
  const resolution = resolveCaller(snapshot, hashSecret(presentedSecret(request)), now);
  if ('caller' in resolution) return resolution;
  const { unresolved, credential } = resolution;
  return { refusal: unresolvedRefusal(unresolved), credential, unresolved };
};
