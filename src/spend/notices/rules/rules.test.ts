import { describe, expect, it } from 'vitest';
import { asMail, asSlack } from './render.ts';
import { highestReached, percentUsed } from './threshold.ts';
import { type CrossedFacts, type Holder, tellAdministrators, tellDecision, tellMember, tellPending } from './words.ts';

it.each([
  [0, 100, 0],
  [49_999_999, 100_000_000, 49],
  [99_999_999, 100_000_000, 99],
  [100, 100, 100],
  [250, 100, 100],
  [-5, 100, 0],
  [5, 0, 0],
])('%i of %i is %i percent, and 100 only when it is reached', (spent, amount, percent) => {
  expect(percentUsed(spent, amount)).toBe(percent);
});

it.each([
  [49, undefined],
  [50, 50],
  [74, 50],
  [96, 95],
  [100, 100],
])('at %i percent the highest threshold is %s', (percent, threshold) => {
  expect(highestReached(percent, [50, 75, 90, 95, 100])).toBe(threshold);
});

const AT = Date.UTC(2026, 10, 12);
const facts = (holder: Holder, more: Partial<CrossedFacts> = {}): CrossedFacts => ({
  holder,
  percent: 75,
  spentMicros: 75_120_000,
  amountMicros: 100_000_000,
  period: 'monthly',
  endsAt: Date.UTC(2026, 11, 1),
  at: AT,
  consoleUrl: 'https://remit.test',
  ...more,
});
const ADA: Holder = { kind: 'member', name: 'Ada', email: 'ada@harbour.example' };

describe('says in plain words', () => {
  it('to a member: how much of how much, when it starts again, what to do and where', () => {
    const { subject, lines, link } = tellMember(facts(ADA));
    expect(subject).toBe('You have used 75% of your monthly spend limit');
    expect(lines.slice(0, 2)).toEqual([
      'Spent so far: $75.12 of $100.00 a month.',
      'The count starts again at nothing on 1 December 2026, 00:00 UTC.',
    ]);
    expect(lines[2]).toContain('Nothing is refused');
    expect(link.url).toBe('https://remit.test/me/usage');
  });

  it('to a member whose limit is reached, that requests are refused until when', () => {
    const { subject, lines } = tellMember(facts(ADA, { percent: 100, spentMicros: 100_000_000 }));
    expect(subject).toBe('Your monthly spend limit is reached');
    expect(lines.join(' ')).toContain(
      'Until then, or until the limit is raised, requests that would go beyond it are refused',
    );
  });

  it('that nothing is refused any more where the period has ended meanwhile', () => {
    const { lines } = tellMember(facts(ADA, { percent: 100, at: Date.UTC(2026, 11, 1, 0, 0, 1) }));
    expect(lines.join(' ')).toContain('has started again at nothing');
    expect(lines.join(' ')).not.toContain('are refused');
  });

  it.each<[Holder, string]>([
    [{ kind: 'organization' }, "The organisation's monthly spend limit is used to 75%"],
    [{ kind: 'group', name: 'Research' }, "The group Research's monthly spend limit is used to 75%"],
    [{ kind: 'workspace', name: 'Prod' }, "The workspace Prod's monthly spend limit is used to 75%"],
    [{ kind: 'key', name: 'ci' }, "The key ci's monthly spend limit is used to 75%"],
    [ADA, "Ada's monthly spend limit is used to 75%"],
    [{ kind: 'prepaid' }, 'The prepaid balance is low: $24.88 left'],
  ])('to administrators, whose it is: %#', (holder, subject) => {
    expect(tellAdministrators(facts(holder)).subject).toBe(subject);
  });

  it('what became of a request, and when one may ask again', () => {
    const decision = { amountMicros: 200_000_000, period: 'weekly' as const, mayAskAgainAt: AT, consoleUrl: '' };
    expect(tellDecision({ ...decision, state: 'approved' }).lines.join(' ')).toContain('is $200.00 now');
    expect(tellDecision({ ...decision, state: 'approved', amountMicros: null }).lines.join(' ')).toContain('is lifted');
    expect(tellDecision({ ...decision, state: 'denied' }).lines.join(' ')).toContain('again from 12 November 2026 on');
  });

  it('who waits for an answer', () => {
    const asker = { name: 'Ada', email: 'ada@harbour.example', period: 'daily' as const, since: AT };
    expect(tellPending([asker], '').subject).toBe('One member asks for a higher spend limit');
    expect(tellPending([asker, asker], '').lines[1]).toBe(
      '- Ada (ada@harbour.example), daily limit, since 12 November 2026\n- Ada (ada@harbour.example), daily limit, since 12 November 2026',
    );
  });
});

it('names in Slack are text, never markup, a link or a mention', () => {
  const holder: Holder = { kind: 'group', name: '<!channel> <https://evil.test|x> & co' };
  expect(JSON.stringify(asSlack(tellAdministrators(facts(holder))))).not.toMatch(/<!|<https:\/\/evil/);
});

it('a letter ends with whom it is for', () => {
  expect(asMail(tellMember(facts(ADA)), 'Harbour').text).toMatch(
    /https:\/\/remit\.test\/me\/usage\n\n-- \nRemit, for Harbour$/,
  );
});
