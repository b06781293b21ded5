import { SESSION_LIFETIME_MS } from './sign-in.ts';

const NAME = 'remit_session';

/** The session secret a request carries in its cookie. */
export const readSessionCookie = (header: string | null): string | undefined =>
  header
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === NAME)?.[1];

/** `Set-Cookie` for a session: out of reach of scripts and of other sites; `Secure` wherever the site is on https. */
export const sessionCookie = (secret: string, isSecure: boolean): string =>
  `${NAME}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${SESSION_LIFETIME_MS / 1000}${isSecure ? '; Secure' : ''}`;

export const expiredSessionCookie = (): string => `${NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
