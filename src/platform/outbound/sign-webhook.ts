import { createHmac } from 'node:crypto';

/**
 * The signature of a webhook's body: `v1=` and, in hexadecimal, HMAC-SHA256 over `<timestamp>.<body>` under the webhook's
 * secret. `timestamp` is in seconds since 1970 and travels beside it, so that an old body cannot be sent again as new.
 */
export const signWebhook = (secret: string, timestamp: number, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
