import { ScimError } from './scim-error.ts';

/** The conditions of a request: what `If-Match` and `If-None-Match` say. */
export type Conditions = { readonly ifMatch?: string | undefined; readonly ifNoneMatch?: string | undefined };

/** Refuses with 412 when `If-Match` names other versions than the resource has (RFC 7644 §3.14). */
export const refuseOtherVersion = ({ ifMatch }: Conditions, version: number): void => {
  if (ifMatch === undefined || names(ifMatch, version)) return;
  throw new ScimError(412, 'The resource has changed since that version; read it again and decide anew.');
};

/** Whether `If-None-Match` names the version the resource has, so that a GET is answered with 304. */
export const isKnownVersion = ({ ifNoneMatch }: Conditions, version: number): boolean =>
  ifNoneMatch !== undefined && names(ifNoneMatch, version);

// Versions count changes, so the weak and the strong comparison are the same.
const names = (header: string, version: number): boolean =>
  header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//i, '') === `"${version}"`);
