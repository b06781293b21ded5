import { formatUsd, type Micros, type Period } from '../../../kernel/index.ts';

/** What is told, in plain words. `lines` are paragraphs; `link` is where to act. */
export type Words = {
  readonly subject: string;
  readonly lines: readonly string[];
  readonly link: { readonly label: string; readonly url: string };
};

/** Whose limit it is. */
export type Holder =
  | { readonly kind: 'organization' }
  | { readonly kind: 'prepaid' }
  | { readonly kind: 'member'; readonly name: string; readonly email: string }
  | { readonly kind: 'group' | 'workspace' | 'key'; readonly name: string };

/** A threshold of a limit that is reached. `endsAt`: when the period ends (epoch ms); null for a limit over all time. */
export type CrossedFacts = {
  readonly holder: Holder;
  readonly percent: number;
  readonly spentMicros: Micros;
  readonly amountMicros: Micros;
  readonly period: Period | null;
  readonly endsAt: number | null;
  readonly at: number;
  readonly consoleUrl: string;
};

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `1 December 2026`, in UTC. */
export const dateWords = (at: number): string => {
  const date = new Date(at);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`;
};

const PER: Readonly<Record<Period, string>> = { daily: 'a day', weekly: 'a week', monthly: 'a month' };

const possessive = (holder: Holder): string => {
  switch (holder.kind) {
    case 'organization':
      return "The organisation's";
    case 'prepaid':
      return 'The prepaid';
    case 'member':
      return `${holder.name}'s`;
    case 'group':
      return `The group ${holder.name}'s`;
    case 'workspace':
      return `The workspace ${holder.name}'s`;
    case 'key':
      return `The key ${holder.name}'s`;
    default:
      return holder satisfies never;
  }
};

const limitWords = (period: Period | null): string => (period === null ? 'spend limit' : `${period} spend limit`);

const amountWords = ({ spentMicros, amountMicros, period }: CrossedFacts): string =>
  `Spent so far: ${formatUsd(spentMicros)} of ${formatUsd(amountMicros)}${period === null ? '' : ` ${PER[period]}`}.`;

const resetWords = ({ endsAt, at }: CrossedFacts): string => {
  if (endsAt === null) return 'This limit does not start again by itself.';
  if (endsAt <= at)
    return `That period ended on ${dateWords(endsAt)}, 00:00 UTC; the count has started again at nothing.`;
  return `The count starts again at nothing on ${dateWords(endsAt)}, 00:00 UTC.`;
};

const isStopped = ({ percent, endsAt, at }: CrossedFacts): boolean =>
  percent >= 100 && (endsAt === null || endsAt > at);

const untilWords = (endsAt: number | null): string =>
  endsAt === null ? 'Until the limit is raised' : 'Until then, or until the limit is raised,';

/** What a member is told of a limit of their own. */
export const tellMember = (facts: CrossedFacts): Words => {
  const { percent, period, endsAt, consoleUrl, holder } = facts;
  const limit = holder.kind === 'key' ? `${limitWords(period)} of your key ${holder.name}` : limitWords(period);
  return {
    subject: percent >= 100 ? `Your ${limit} is reached` : `You have used ${percent}% of your ${limit}`,
    lines: [
      amountWords(facts),
      resetWords(facts),
      isStopped(facts)
        ? `${untilWords(endsAt)} requests that would go beyond it are refused. What your seat includes, if anything, goes on. If you need more, ask for it in the console.`
        : 'Nothing is refused because of this now. If you will need more, ask for it in the console in good time.',
    ],
    link: { label: 'See what you have used, and ask for more', url: `${consoleUrl}/me/usage` },
  };
};

const consequence = (facts: CrossedFacts): string => {
  if (!isStopped(facts)) return 'Nothing is refused because of this now.';
  const { holder, endsAt } = facts;
  const who = holder.kind === 'organization' || holder.kind === 'prepaid' ? 'everybody' : 'everybody who shares it';
  const whose = holder.kind === 'member' ? holder.name : holder.kind === 'key' ? 'whoever uses it' : who;
  return `${untilWords(endsAt)} requests of ${whose} that would go beyond it are refused. A raised limit holds from the next request on.`;
};

const tellBalance = (facts: CrossedFacts): Words => {
  const { spentMicros, amountMicros, consoleUrl, percent } = facts;
  const left = formatUsd(Math.max(0, amountMicros - spentMicros));
  return {
    subject: percent >= 100 ? 'The prepaid balance is used up' : `The prepaid balance is low: ${left} left`,
    lines: [
      `Left: ${left} of the ${formatUsd(amountMicros)} that were paid for (${percent}% used).`,
      percent >= 100
        ? 'Requests beyond what seats include are refused until the balance is filled up.'
        : 'At nothing, requests beyond what seats include are refused.',
    ],
    link: { label: 'Fill it up', url: `${consoleUrl}/spend?tab=prepaid` },
  };
};

/** What administrators are told of a limit that is reached, or nearly. */
export const tellAdministrators = (facts: CrossedFacts): Words => {
  const { holder, percent, period, consoleUrl } = facts;
  if (holder.kind === 'prepaid') return tellBalance(facts);
  const whose = `${possessive(holder)} ${limitWords(period)}`;
  return {
    subject: percent >= 100 ? `${whose} is reached` : `${whose} is used to ${percent}%`,
    lines: [amountWords(facts), resetWords(facts), consequence(facts)],
    link: { label: 'See who is near a limit', url: `${consoleUrl}/spend?tab=near` },
  };
};

/** A member who asks for more, and since when. */
export type Asker = {
  readonly name: string;
  readonly email: string;
  readonly period: Period | null;
  readonly since: number;
};

/** The daily digest: who waits for an answer. */
export const tellPending = (askers: readonly Asker[], consoleUrl: string): Words => ({
  subject:
    askers.length === 1
      ? 'One member asks for a higher spend limit'
      : `${askers.length} members ask for higher spend limits`,
  lines: [
    'They wait for an answer:',
    askers
      .map(({ name, email, period, since }) => {
        const what = period === null ? '' : `, ${period} limit`;
        return `- ${name} (${email})${what}, since ${dateWords(since)}`;
      })
      .join('\n'),
    'Approving a request takes the amount you give as the member’s own limit; it holds from their next request on.',
  ],
  link: { label: 'Decide', url: `${consoleUrl}/spend?tab=requests` },
});

/** What became of a member's request; an amount of null is unlimited. */
export type Decision = {
  readonly state: 'approved' | 'denied';
  readonly amountMicros: Micros | null;
  readonly period: Period;
  /** When the member may ask again after a denial (epoch ms). */
  readonly mayAskAgainAt: number;
  readonly consoleUrl: string;
};

/** What the member is told of it. */
export const tellDecision = ({ state, amountMicros, period, mayAskAgainAt, consoleUrl }: Decision): Words => ({
  subject:
    state === 'approved' ? 'You may use more: your request is approved' : 'Your request for more usage is denied',
  lines:
    state === 'approved'
      ? [
          amountMicros === null
            ? `Your ${limitWords(period)} is lifted. Limits that you share with others still hold.`
            : `Your ${limitWords(period)} is ${formatUsd(amountMicros)} now, from your next request on. Limits that you share with others still hold.`,
        ]
      : [
          `An administrator has denied your request for a higher ${limitWords(period)}; it stays as it is.`,
          `You can ask again from ${dateWords(mayAskAgainAt)} on.`,
        ],
  link: { label: 'See your limit', url: `${consoleUrl}/me/usage` },
});

/** An order of prepaid usage. */
export type Order = {
  readonly amountMicros: Micros;
  readonly kind: 'auto_reload' | 'purchase';
  readonly consoleUrl: string;
};

/** What administrators are told of an order. */
export const tellOrder = ({ amountMicros, kind, consoleUrl }: Order): Words => ({
  subject:
    kind === 'auto_reload'
      ? `Auto-reload has ordered ${formatUsd(amountMicros)}`
      : `${formatUsd(amountMicros)} of prepaid usage ordered`,
  lines: [
    kind === 'auto_reload'
      ? `The prepaid balance fell to where auto-reload is set, and ${formatUsd(amountMicros)} were ordered.`
      : `${formatUsd(amountMicros)} were added to the prepaid balance.`,
    'Remit keeps the order; it charges no card. Settle it with whoever bills you.',
  ],
  link: { label: 'See orders and balance', url: `${consoleUrl}/spend?tab=prepaid` },
});
