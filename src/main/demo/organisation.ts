import type { Effort } from '../../kernel/index.ts';
import { CONTRACTORS, DEEP, EVERYDAY, HAIKU, RESEARCH, SUPPORT } from './roles.ts';

/** The made-up organisation that the demonstration shows: who is in it, in which groups, under which rules. */

export const ORGANISATION_NAME = 'Northwind Robotics';
const MAIL_DOMAIN = 'northwind-robotics.example';

/** How somebody works with Claude; each habit has its own models, efforts and rhythm in `habits.ts`. */
export type HabitName = 'deep' | 'coding' | 'data' | 'research' | 'support' | 'design' | 'contract' | 'leading';

export type DemoMember = {
  readonly name: string;
  readonly email: string;
  /** Null is the primary owner, who is made by the one-time link. */
  readonly role: 'owner' | 'membership_admin' | 'user' | 'managed' | null;
  readonly group: string;
  readonly habit: HabitName;
  /** Hours that the member's clock is ahead of UTC. */
  readonly utcOffset: number;
  /** Custom roles attached to the member directly. */
  readonly ownRoles: readonly string[];
  readonly hasKey: boolean;
};

export type DemoGroup = { readonly name: string; readonly roles: readonly string[]; readonly habit: HabitName };

export const GROUPS: readonly DemoGroup[] = [
  { name: 'Platform', roles: [DEEP], habit: 'deep' },
  { name: 'Product engineering', roles: [EVERYDAY], habit: 'coding' },
  { name: 'Data', roles: [EVERYDAY], habit: 'data' },
  { name: 'Research', roles: [RESEARCH], habit: 'research' },
  { name: 'Security', roles: [DEEP], habit: 'deep' },
  { name: 'Support', roles: [SUPPORT], habit: 'support' },
  { name: 'Design', roles: [EVERYDAY], habit: 'design' },
  { name: 'Contractors', roles: [CONTRACTORS], habit: 'contract' },
];

/** What the organisation has on, with its caps; models that are not named here are switched off for everybody. */
export const ORGANISATION_MODELS: Readonly<Record<string, Effort | null>> = {
  ...HAIKU,
  'claude-fable-5-2': null,
  'claude-fable-5-1': null,
  'claude-opus-5-5': 'xhigh',
  'claude-opus-5': 'high',
  'claude-sonnet-5-5': null,
  'claude-sonnet-5': null,
  'claude-sonnet-4-6': null,
  'claude-sonnet-4-5-20250929': 'medium',
};

export const ORGANISATION_DEFAULT = { model: 'claude-sonnet-5-5', effort: 'medium' } as const;

/** Service keys, each under the rules of a group. */
export const SERVICE_KEYS = [
  { name: 'CI: pull request review', group: 'Product engineering' },
  { name: 'Nightly data pipelines', group: 'Data' },
] as const;

const BERLIN = 1;
const LISBON = 0;
const BOSTON = -5;
const BENGALURU = 5.5;

// Names by group; the first two of a list may lead it, see LEADERS.
const PEOPLE: Readonly<Record<string, readonly (readonly [name: string, utcOffset: number])[]>> = {
  Platform: [
    ['Ingrid Halvorsen', BERLIN],
    ['Tomasz Wierzbicki', BERLIN],
    ['Adaeze Okonkwo', LISBON],
    ['Jun Takahashi', BERLIN],
    ['Marisol Quintero', BOSTON],
    ['Dmitri Vasilenko', BERLIN],
    ['Ananya Krishnan', BENGALURU],
    ['Callum Fraser', LISBON],
  ],
  'Product engineering': [
    ['Sofia Lindqvist', BERLIN],
    ['Mateus Carvalho', LISBON],
    ['Rohan Deshpande', BENGALURU],
    ['Elif Yıldız', BERLIN],
    ['Grace Oyelaran', LISBON],
    ['Henrik Sørensen', BERLIN],
    ['Lucía Ferrer', BERLIN],
    ['Pranav Iyer', BENGALURU],
    ['Noor van der Meer', BERLIN],
    ['Caleb Whitaker', BOSTON],
    ['Meera Nair', BENGALURU],
    ['Julien Moreau', BERLIN],
    ['Zanele Mthembu', BERLIN],
    ['Oskar Nowak', BERLIN],
    ['Hyejin Park', BOSTON],
    ['Tiago Almeida', LISBON],
  ],
  Data: [
    ['Yuki Nakamura', BERLIN],
    ['Farid Rahimi', BERLIN],
    ['Beatriz Sousa', LISBON],
    ['Samuel Adeyemi', LISBON],
    ['Katarína Horváthová', BERLIN],
    ['Divya Menon', BENGALURU],
  ],
  Research: [
    ['Leila Haddad', BERLIN],
    ['Viktor Sokolov', BERLIN],
    ['Mei-Ling Chou', BOSTON],
    ['Emeka Nwosu', BOSTON],
    ['Astrid Bergström', BERLIN],
    ['Arjun Subramanian', BENGALURU],
  ],
  Security: [
    ['Ruth Abramov', BERLIN],
    ['Kwame Boateng', LISBON],
    ['Ines Carvajal', BERLIN],
    ['Patrick O’Rourke', LISBON],
  ],
  Support: [
    ['Fatima Benali', BERLIN],
    ['Jonas Keller', BERLIN],
    ['Chipo Moyo', LISBON],
    ['Isabella Romano', BERLIN],
    ['Nikhil Chatterjee', BENGALURU],
    ['Hannah Goldberg', BOSTON],
    ['Andrei Popescu', BERLIN],
    ['Siobhán Kelly', LISBON],
  ],
  Design: [
    ['Camille Dubois', BERLIN],
    ['Hiroshi Mori', BERLIN],
    ['Valentina Rossi', BERLIN],
    ['Tendai Chikwanda', LISBON],
    ['Saoirse Byrne', LISBON],
  ],
  Contractors: [
    ['Pavel Dvořák', BERLIN],
    ['Aisha Siddiqui', BENGALURU],
    ['Marcus Thompson', BOSTON],
    ['Linh Nguyen', BERLIN],
    ['Goran Petrović', BERLIN],
    ['Naledi Khumalo', BERLIN],
    ['Diego Castillo', BOSTON],
  ],
};

/** Members whom roles do not bind, because they lead or administer. */
const LEADERS: Readonly<Record<string, DemoMember['role']>> = {
  'Ingrid Halvorsen': null,
  'Ruth Abramov': 'owner',
  'Fatima Benali': 'membership_admin',
  'Sofia Lindqvist': 'membership_admin',
  'Yuki Nakamura': 'user',
  'Leila Haddad': 'user',
  'Camille Dubois': 'user',
};

const OWN_ROLES: Readonly<Record<string, readonly string[]>> = {
  'Henrik Sørensen': [DEEP],
  'Hyejin Park': [DEEP],
  'Farid Rahimi': [RESEARCH],
  'Linh Nguyen': [EVERYDAY],
};

/** People who have not asked for a key yet. */
const WITHOUT_KEY: ReadonlySet<string> = new Set([
  'Saoirse Byrne',
  'Andrei Popescu',
  'Naledi Khumalo',
  'Tiago Almeida',
  'Siobhán Kelly',
]);

/** People with a sign-in that the demonstration prints. */
export const SHOWN = { owner: 'Ingrid Halvorsen', admin: 'Fatima Benali', member: 'Rohan Deshpande' } as const;

// Letters that NFD leaves whole.
const PLAIN: Readonly<Record<string, string>> = { ø: 'o', ı: 'i', '’': '' };

const emailOf = (name: string): string => {
  const folded = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const plain = folded.replace(/[øı’]/g, (letter) => PLAIN[letter] ?? '').replace(/\s+/g, '.');
  return `${plain}@${MAIL_DOMAIN}`;
};

const memberOf = (name: string, utcOffset: number, group: DemoGroup): DemoMember => {
  const role = name in LEADERS ? (LEADERS[name] ?? null) : 'managed';
  return {
    name,
    email: emailOf(name),
    role,
    group: group.name,
    habit: role === 'managed' ? group.habit : 'leading',
    utcOffset,
    ownRoles: OWN_ROLES[name] ?? [],
    hasKey: !WITHOUT_KEY.has(name),
  };
};

/** Everybody, the primary owner first. */
export const MEMBERS: readonly DemoMember[] = GROUPS.flatMap((group) =>
  (PEOPLE[group.name] ?? []).map(([name, utcOffset]) => memberOf(name, utcOffset, group)),
);
