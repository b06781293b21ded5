import { ForbiddenAddress } from './guard-address.ts';
import { NotHttps } from './guarded-fetch.ts';
import { signWebhook } from './sign-webhook.ts';
import { Undelivered } from './undelivered.ts';

/** What is posted where. Without `secret` it carries no signature. */
export type WebhookPost = {
  /** Names the delivery: who gets it twice can tell. */
  readonly id: string;
  readonly url: string;
  readonly secret: string | null;
  readonly body: string;
};

export type PostWebhook = (post: WebhookPost) => Promise<string>;

const ANSWER_MS_MAX = 10_000;
const SAID_CHARS_MAX = 200;

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? cause.message || cause.name : error.message;
};

const explain = (host: string, error: unknown): Undelivered => {
  const cause = error instanceof Error ? error.cause : undefined;
  if (error instanceof NotHttps)
    return new Undelivered(`${host} is not on https. Only https is posted to, or origins in private_webhooks.`, {
      isFinal: true,
      cause: error,
    });
  if (error instanceof ForbiddenAddress || cause instanceof ForbiddenAddress)
    return new Undelivered(
      `${host} is inside the network. Remit posts only to public addresses and to origins in private_webhooks (REMIT_PRIVATE_WEBHOOKS).`,
      { cause: error },
    );
  if (error instanceof Error && error.name === 'TimeoutError')
    return new Undelivered(`${host} did not answer within ${ANSWER_MS_MAX / 1000} seconds.`, { cause: error });
  return new Undelivered(`${host} cannot be reached: ${reasonOf(error)}`, { cause: error });
};

/**
 * Posts JSON to an address that an administrator typed. Answers what came back; rejects with {@link Undelivered} unless
 * that is a 2xx. `send` guards which addresses are reached.
 */
export const createPostWebhook =
  (send: typeof globalThis.fetch, now: () => number): PostWebhook =>
  async ({ id, url, secret, body }) => {
    const { host } = new URL(url);
    const timestamp = Math.floor(now() / 1000);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Remit',
      'remit-delivery': id,
      'remit-timestamp': String(timestamp),
      ...(secret === null ? {} : { 'remit-signature': signWebhook(secret, timestamp, body) }),
    };
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    try {
      const response = await send(url, { method: 'POST', headers, body, signal });
      const said = (await response.text()).replace(/\s+/g, ' ').trim().slice(0, SAID_CHARS_MAX);
      const answer = `${host} answered ${response.status}${said === '' ? '' : `: ${said}`}`;
      if (response.ok) return answer;
      throw new Undelivered(answer);
    } catch (error) {
      throw error instanceof Undelivered ? error : explain(host, error);
    }
  };
