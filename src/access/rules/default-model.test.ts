import { describe, expect, test } from 'vitest';
import type { Effort } from '../../kernel/index.ts';
import {
  FABLE,
  HAIKU,
  HAIKU_4_5,
  OPUS,
  OPUS_4_5,
  OPUS_4_6,
  OPUS_5,
  organisation,
  principalAs,
  type Rows,
  rights,
  role,
  SONNET,
  SONNET_5,
} from './test-facts.ts';
import type { OrganisationAccess, OrganisationRole, RoleAccess } from './types.ts';

type DefaultCase = {
  readonly name: string;
  readonly rows?: Rows;
  readonly more?: Partial<OrganisationAccess>;
  readonly roles?: readonly RoleAccess[];
  readonly as?: OrganisationRole | 'service';
  readonly wanted: readonly [model: string | null, effort: Effort | null, from: string];
};

const DEFAULTS: readonly DefaultCase[] = [
  { name: 'without a setting the newest Opus is recommended', wanted: [OPUS, null, 'recommended'], as: 'user' },
  {
    name: 'the recommendation keeps to what is permitted, within Opus',
    rows: { [OPUS]: 'off' },
    as: 'user',
    wanted: [OPUS_5, null, 'recommended'],
  },
  {
    name: 'without any Opus the newest Sonnet is recommended',
    roles: [role('A', { [SONNET_5]: 'on', [FABLE]: 'on' })],
    wanted: [SONNET_5, null, 'recommended'],
  },
  { name: 'without any role Haiku is what is left to begin with', roles: [], wanted: [HAIKU, null, 'recommended'] },
  {
    name: 'the organisation’s default holds for everybody',
    more: { defaultModel: SONNET },
    as: 'owner',
    wanted: [SONNET, null, 'organisation'],
  },
  {
    name: 'a role’s default beats the organisation’s',
    more: { defaultModel: SONNET },
    roles: [role('A', 'all', { defaultModel: OPUS_5 })],
    wanted: [OPUS_5, null, 'role'],
  },
  {
    name: 'a role’s default does not touch members who are not Custom',
    more: { defaultModel: SONNET },
    roles: [role('A', 'all', { defaultModel: OPUS_5 })],
    as: 'user',
    wanted: [SONNET, null, 'organisation'],
  },
  {
    name: 'a service key begins where its group’s role says',
    roles: [role('A', 'all', { defaultModel: SONNET_5 })],
    as: 'service',
    wanted: [SONNET_5, null, 'role'],
  },
  {
    name: 'of several roles’ defaults the higher family wins, although the other is newer',
    roles: [role('A', 'all', { defaultModel: SONNET }), role('B', 'all', { defaultModel: OPUS_4_5 })],
    wanted: [OPUS_4_5, null, 'role'],
  },
  {
    name: 'within a family the newest release wins',
    roles: [role('A', 'all', { defaultModel: OPUS_5 }), role('B', 'all', { defaultModel: OPUS })],
    wanted: [OPUS, null, 'role'],
  },
  {
    name: 'Fable ranks above Opus',
    roles: [role('A', 'all', { defaultModel: OPUS }), role('B', 'all', { defaultModel: FABLE })],
    wanted: [FABLE, null, 'role'],
  },
  {
    name: 'a denied default gives way to the newest permitted model of its family',
    more: { defaultModel: OPUS },
    roles: [role('A', { [OPUS_5]: 'on', [OPUS_4_6]: 'on', [SONNET]: 'on' })],
    wanted: [OPUS_5, null, 'organisation'],
  },
  {
    name: 'and where the family is denied, to a cheaper one, never a dearer one',
    more: { defaultModel: OPUS },
    roles: [role('A', { [FABLE]: 'on', [SONNET_5]: 'on' })],
    wanted: [SONNET_5, null, 'organisation'],
  },
  {
    name: 'a default the catalogue does not have is passed over',
    more: { defaultModel: 'claude-opus-9' },
    as: 'user',
    wanted: [OPUS, null, 'recommended'],
  },
  {
    name: 'the organisation’s default effort goes with its default model',
    more: { defaultModel: SONNET, defaultEffort: 'low' },
    as: 'user',
    wanted: [SONNET, 'low', 'organisation'],
  },
  {
    name: 'a default effort above a member’s cap starts at the cap',
    more: { defaultModel: OPUS, defaultEffort: 'xhigh' },
    roles: [role('A', { [OPUS]: 'medium' })],
    wanted: [OPUS, 'medium', 'organisation'],
  },
  {
    name: 'a role’s default effort goes with the role’s default model',
    more: { defaultModel: SONNET, defaultEffort: 'low' },
    roles: [role('A', 'all', { defaultModel: OPUS, defaultEffort: 'xhigh' })],
    wanted: [OPUS, 'xhigh', 'role'],
  },
  {
    name: 'the organisation’s default effort does not apply to a role’s default model',
    more: { defaultModel: SONNET, defaultEffort: 'low' },
    roles: [role('A', 'all', { defaultModel: OPUS })],
    wanted: [OPUS, null, 'role'],
  },
  {
    name: 'a role that names only an effort adjusts the organisation’s default',
    more: { defaultModel: SONNET, defaultEffort: 'low' },
    roles: [role('A', 'all', { defaultEffort: 'high' }), role('B', 'all', { defaultEffort: 'medium' })],
    wanted: [SONNET, 'high', 'organisation'],
  },
  {
    name: 'a default effort the model lacks starts at the level below it',
    more: { defaultModel: OPUS_4_6, defaultEffort: 'xhigh' },
    as: 'user',
    wanted: [OPUS_4_6, 'high', 'organisation'],
  },
  {
    name: 'a default model without an effort setting has no default effort',
    more: { defaultModel: HAIKU_4_5, defaultEffort: 'high' },
    as: 'user',
    wanted: [HAIKU_4_5, null, 'organisation'],
  },
];

describe('default model and effort', () => {
  test.each(DEFAULTS)('$name', ({ rows, more, roles = [], as = 'managed', wanted }) => {
    const found = rights(organisation(rows, more), principalAs(as, roles));
    expect([found.defaultModel?.model.id ?? null, found.defaultEffort, found.defaultFrom]).toEqual(wanted);
  });
});
