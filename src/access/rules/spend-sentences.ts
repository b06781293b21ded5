import { formatUsd, type Period } from '../../kernel/index.ts';
import type { LimitFacts, Reason } from './decision.ts';
import type { Sentences } from './wording.ts';

const PERIODS: Readonly<Record<Period, string>> = { daily: 'daily', weekly: 'weekly', monthly: 'monthly' };

const limitWord = ({ period }: LimitFacts): string => (period === null ? 'limit' : `${PERIODS[period]} limit`);

const named = (of: string | null): string => (of === null ? '' : ` “${of}”`);

/** Whose limit it is, for the administrator. */
const ownerOf = (facts: LimitFacts): string => {
  const { scope, of } = facts;
  const limit = `${limitWord(facts)} of ${formatUsd(facts.amountMicros)}`;
  switch (scope) {
    case 'organization_total':
      return `the organisation’s ${limit}`;
    case 'organization':
      return `the ${limit} that the organisation sets for each member`;
    case 'seat_tier':
      return `the ${limit} of the seat type${named(of)}`;
    case 'rbac_group':
      return `the ${limit} for each member of the group${named(of)}`;
    case 'rbac_group_pool':
      return `the ${limit} that the group${named(of)} shares`;
    case 'user':
      return `the member’s own ${limit}`;
    case 'workspace':
      return `the ${limit} of the workspace${named(of)}`;
    case 'api_key':
      return `the ${limit} of the key${named(of)}`;
    case 'session':
      return `the ${limit} of a session`;
    case 'prepaid':
      return 'the prepaid balance';
    case 'usage_tier':
      return `the ${limit} of the organisation’s rate tier`;
    default: {
      const unexpected: never = scope;
      return unexpected;
    }
  }
};

/** The same for the person refused: their own limits are theirs, those of others have no amounts. */
const yoursOf = (facts: LimitFacts): string => {
  const amount = formatUsd(facts.amountMicros);
  switch (facts.scope) {
    case 'organization_total':
      return `your organisation’s ${limitWord(facts)}`;
    case 'rbac_group_pool':
      return `the ${limitWord(facts)} your group${named(facts.of)} shares`;
    case 'workspace':
      return `the ${limitWord(facts)} of the workspace${named(facts.of)}`;
    case 'prepaid':
      return 'your organisation’s prepaid balance';
    case 'usage_tier':
      return `the ${limitWord(facts)} of your organisation’s rate tier`;
    case 'api_key':
      return `the ${limitWord(facts)} of ${amount} on this key`;
    case 'session':
      return `the limit of ${amount} for one session`;
    default:
      return `your ${limitWord(facts)} of ${amount}`;
  }
};

const whenOf = ({ resetsAt }: LimitFacts): string =>
  resetsAt === null ? '' : ` It starts again on ${new Date(resetsAt).toISOString().slice(0, 10)} at 00:00 UTC.`;

const heldOf = ({ openMicros }: LimitFacts): string =>
  openMicros > 0 ? ` (${formatUsd(openMicros)} of it held for requests that are running)` : '';

const usedOf = (facts: LimitFacts): string => `${formatUsd(facts.spentMicros + facts.openMicros)}${heldOf(facts)}`;

/** The sentences about money. */
export const SPEND_SENTENCES = {
  'model-closed-by-spend': {
    administrator: (b) =>
      `A spend limit is ${b.percent} % used, and from there on ${b.name} is closed until its period ends.`,
    member: (b) =>
      `${b.name} is closed to you for now, because ${b.percent} % of a spend limit is used. ${b.instead === null ? 'Ask an administrator for a higher limit.' : `Use ${b.instead} instead, or ask an administrator for a higher limit.`}`,
  },
  'spend-limit-reached': {
    administrator: (b) => `${usedOf(b)} is spent of ${ownerOf(b)}, so nothing is left.${whenOf(b)}`,
    member: (b) => `You have reached ${yoursOf(b)}.${whenOf(b)} Ask an administrator for more if you need it sooner.`,
  },
  'spend-remainder-too-small': {
    administrator: (b) =>
      `What is left of ${ownerOf(b)} (${usedOf(b)} is spent) does not pay for this request at its dearest, and the limit is strict.${whenOf(b)}`,
    member: (b) =>
      `What is left of ${yoursOf(b)} is too little for a request of this size.${whenOf(b)} Send a shorter one, or ask an administrator for more.`,
  },
  'spend-cost-unbounded': {
    administrator: (b) =>
      `${ownerOf(b)[0]?.toUpperCase()}${ownerOf(b).slice(1)} is strict, and nobody can say beforehand what this request costs: it brings searches, connectors, other models or files from elsewhere.`,
    member: (b) =>
      `${yoursOf(b)[0]?.toUpperCase()}${yoursOf(b).slice(1)} allows only requests whose price is known beforehand. Leave out web search, connectors, fallback models and files from elsewhere, or ask an administrator.`,
  },
  'spend-max-tokens-lowered': {
    administrator: (b) =>
      `What is left of ${ownerOf(b)} pays for ${b.to} tokens of answer, so max_tokens was lowered from ${b.asked}.`,
    member: (b) => `What is left of ${yoursOf(b)} pays for ${b.to} tokens of answer instead of ${b.asked}.`,
  },
  'spend-ledger-unreachable': {
    administrator: () => 'The ledger could not be reached, and the settings say that nothing is spent meanwhile.',
    member: () => 'Spending cannot be checked at the moment, so nothing is let through. Try again in a minute.',
  },
} satisfies { readonly [R in Reason]?: Sentences<R> };
