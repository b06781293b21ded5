import type { RateFacts, Reason } from './decision.ts';
import type { Sentences } from './wording.ts';

const named = (of: string | null): string => (of === null ? '' : ` “${of}”`);

/** Whose limit it is, for the administrator. */
const ownerOf = ({ scope, of }: RateFacts): string => {
  switch (scope) {
    case 'organization':
      return 'the organisation';
    case 'workspace':
      return `the workspace${named(of)}`;
    case 'rbac_group':
      return `each member of the group${named(of)}`;
    case 'user':
      return 'the member';
    case 'api_key':
      return 'the key';
    default: {
      const unexpected: never = scope;
      return unexpected;
    }
  }
};

/** The same for the person refused. */
const yoursOf = ({ scope, of }: RateFacts): string => {
  switch (scope) {
    case 'organization':
      return 'your organisation’s limit';
    case 'workspace':
      return 'the limit of your workspace';
    case 'rbac_group':
      return `the limit for each member of the group${named(of)}`;
    case 'user':
      return 'your own limit';
    case 'api_key':
      return 'the limit of this key';
    default: {
      const unexpected: never = scope;
      return unexpected;
    }
  }
};

const amountOf = ({ limit, noun }: RateFacts): string => `${limit.toLocaleString('en-US')} ${noun}`;

const seconds = (count: number): string => (count === 1 ? 'a second' : `${count} seconds`);

const nextOf = ({ retryAfterSeconds, limiter }: RateFacts): string => {
  if (retryAfterSeconds !== null) return `Try again in ${seconds(retryAfterSeconds)}.`;
  return limiter === 'enqueued_batch_requests'
    ? 'Wait until batches have ended, or send fewer requests.'
    : 'Waiting does not help; ask an administrator to raise it.';
};

/** The sentences about rates. */
export const RATE_SENTENCES = {
  'rate-limit-reached': {
    administrator: (b) => `${b.pool}: the limit of ${amountOf(b)} for ${ownerOf(b)} was used up.`,
    member: (b) => `${b.pool}: ${yoursOf(b)} of ${amountOf(b)} is used up. ${nextOf(b)}`,
  },
} satisfies { readonly [R in Reason]?: Sentences<R> };
