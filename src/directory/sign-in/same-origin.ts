import { Refusal } from '../../kernel/index.ts';

/**
 * The header our console sends with every call; the value says whether a person is at it (`active`) or it only keeps
 * itself fresh (`idle`). Another site cannot send it without asking first (Fetch §4.10, preflight), and is never answered.
 */
export const CONSOLE_HEADER = 'remit-console';

const foreign = () =>
  new Refusal('permission_denied', 'Changes made with a session must come from the console itself.');

const isOurs = (origin: string, host: string | null, publicUrl: string): boolean =>
  URL.parse(origin)?.host === host || origin === URL.parse(publicUrl)?.origin;

/**
 * Refuses a change that a page of another site makes a browser send. Browsers name the site of every change, in
 * `Sec-Fetch-Site` or `Origin`: what they say must be ours. With a session one of the two must be there, and the
 * console's own header; whatever comes from a browser is JSON, which no form can send.
 */
export const refuseForeignChange = (request: Request, publicUrl: string, hasSession: boolean): void => {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { headers } = request;
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  const isFromBrowser = origin !== null || site !== null;
  if (!isFromBrowser && !hasSession) return;
  if (!isFromBrowser) throw foreign();
  if (origin !== null && !isOurs(origin, headers.get('host'), publicUrl)) throw foreign();
  if (site !== null && site !== 'same-origin') throw foreign();
  if (hasSession && !headers.has(CONSOLE_HEADER)) throw foreign();
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== 'application/json')
    throw new Refusal('invalid_request', 'Send JSON, with the content type application/json.');
};
