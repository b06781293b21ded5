import { isAccessToken } from '../directory/index.ts';
import { Refusal } from '../kernel/index.ts';
import type { Unresolved } from './resolve-caller.ts';

const ABOUT_KEYS: Readonly<Record<Unresolved, string>> = {
  unknown: 'This API key is not known here. Check that it was copied whole, or ask an administrator for a new one.',
  revoked: 'This API key has been revoked or has expired. Ask an administrator for a new one.',
  suspended: 'Your access is suspended. Ask an administrator of your organisation to restore it.',
  'owner-removed': 'The member or group this API key belonged to is gone. Ask an administrator for a new one.',
  administrative:
    'An admin key manages the organisation and cannot be used for requests to models. Use a personal or service key.',
};

const ABOUT_DEVICES: Readonly<Record<Unresolved, string>> = {
  ...ABOUT_KEYS,
  unknown: 'This sign-in is not known here any more. Sign in again with /login.',
  revoked: 'This sign-in has ended. Sign in again with /login.',
  'owner-removed': 'You are no longer a member of this organisation. Ask an administrator if you should be.',
};

/** The refusal for a credential that does not resolve; `presented` is the credential, of which nothing is said. */
export const unresolvedRefusal = (unresolved: Unresolved, presented: string): Refusal => {
  const code =
    unresolved === 'unknown'
      ? 'unauthenticated'
      : unresolved === 'administrative'
        ? 'permission_denied'
        : 'credential_revoked';
  return new Refusal(code, (isAccessToken(presented) ? ABOUT_DEVICES : ABOUT_KEYS)[unresolved]);
};
