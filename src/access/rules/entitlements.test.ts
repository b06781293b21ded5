import { describe, expect, test } from 'vitest';
import type { Effort } from '../../kernel/index.ts';
import { effectiveAccess } from './effective-access.ts';
import { effortsLeft, permittedEffort } from './entitlements.ts';
import {
  FABLE,
  HAIKU,
  HAIKU_4_5,
  INDEX,
  member,
  OPUS,
  OPUS_4_5,
  OPUS_4_6,
  OPUS_5,
  organisation,
  type Row,
  type Rows,
  rights,
  role,
  SONNET,
  SONNET_4_5,
  SONNET_5,
  service,
} from './test-facts.ts';
import type { OrganisationAccess, OrganisationRole, RoleAccess } from './types.ts';

type AccessCase = {
  readonly name: string;
  readonly organisation?: Rows;
  readonly newModels?: 'on' | 'off';
  readonly roles: readonly RoleAccess[];
  readonly as?: OrganisationRole | 'service';
  readonly model: string;
  readonly wanted: { readonly row: Row; readonly sentence: RegExp };
};

const OPUS_UP_TO = (row: Row) => role('Engineers', { [OPUS]: row });

const ACCESS: readonly AccessCase[] = [
  {
    name: 'without any setting every model is on, at its highest level',
    roles: [],
    as: 'user',
    model: OPUS,
    wanted: { row: 'max', sentence: /may be used at any effort up to max\.$/ },
  },
  {
    name: 'a model the organisation switched off is off for the primary owner too',
    organisation: { [OPUS]: 'off' },
    roles: [],
    as: 'primary_owner',
    model: OPUS,
    wanted: { row: 'off', sentence: /switched off for the whole organisation/ },
  },
  {
    name: 'the organisation’s cap binds an owner',
    organisation: { [OPUS]: 'medium' },
    roles: [],
    as: 'owner',
    model: OPUS,
    wanted: { row: 'medium', sentence: /up to effort medium, a limit set by the organisation/ },
  },
  {
    name: 'roles have no effect on an administrator of the membership, who is not Custom',
    roles: [role('Nothing', {})],
    as: 'membership_admin',
    model: OPUS,
    wanted: { row: 'max', sentence: /at any effort/ },
  },
  {
    name: 'a Custom member has what a role grants',
    roles: [OPUS_UP_TO('on')],
    model: OPUS,
    wanted: { row: 'max', sentence: /granted by the role “Engineers” \(through the group “Engineers people”\)/ },
  },
  {
    name: 'a Custom member does not have what no role grants',
    roles: [OPUS_UP_TO('on')],
    model: SONNET,
    wanted: { row: 'off', sentence: /No role that applies grants Claude Sonnet 5\.5/ },
  },
  {
    name: 'a role cannot grant what the organisation switched off',
    organisation: { [OPUS]: 'off' },
    roles: [OPUS_UP_TO('on')],
    model: OPUS,
    wanted: { row: 'off', sentence: /whole organisation/ },
  },
  {
    name: 'a role cannot lift the organisation’s cap',
    organisation: { [OPUS]: 'medium' },
    roles: [OPUS_UP_TO('max')],
    model: OPUS,
    wanted: { row: 'medium', sentence: /limit set by the organisation/ },
  },
  {
    name: 'an untouched role grants every model of the organisation at any effort',
    roles: [role('Everything', 'all')],
    model: FABLE,
    wanted: { row: 'max', sentence: /granted by the role “Everything”/ },
  },
  {
    name: 'several roles add up: the models are their union',
    roles: [role('A', { [SONNET]: 'on' }), role('B', { [OPUS]: 'on' })],
    model: SONNET,
    wanted: { row: 'max', sentence: /“A”/ },
  },
  {
    name: 'of several roles the highest cap holds',
    roles: [role('A', { [OPUS]: 'low' }), role('B', { [OPUS]: 'xhigh' }), role('C', { [OPUS]: 'medium' })],
    model: OPUS,
    wanted: {
      row: 'xhigh',
      sentence: /up to effort xhigh, a limit set by the role “B”; granted by the role “A”.*“B”.*“C”/,
    },
  },
  {
    name: 'the highest of the roles’ caps is clipped by the organisation',
    organisation: { [OPUS]: 'high' },
    roles: [role('A', { [OPUS]: 'low' }), role('B', { [OPUS]: 'max' })],
    model: OPUS,
    wanted: { row: 'high', sentence: /set by the organisation/ },
  },
  {
    name: 'a role that does not grant a model does not lend its cap to it',
    roles: [role('A', { [OPUS]: 'low' }), role('B', { [SONNET]: 'max' })],
    model: OPUS,
    wanted: { row: 'low', sentence: /set by the role “A”/ },
  },
  {
    name: 'a role cannot take away what another grants',
    roles: [OPUS_UP_TO('on'), role('Strict', { [OPUS]: 'off' })],
    model: OPUS,
    wanted: { row: 'max', sentence: /granted by the role “Engineers”/ },
  },
  {
    name: 'Haiku is on although the organisation’s row says off',
    organisation: { [HAIKU]: 'off' },
    roles: [],
    as: 'user',
    model: HAIKU,
    wanted: { row: 'max', sentence: /always available/ },
  },
  {
    name: 'Haiku is on although the role’s row says off',
    roles: [role('Strict', { [HAIKU]: 'off' })],
    model: HAIKU,
    wanted: { row: 'max', sentence: /always available/ },
  },
  {
    name: 'Haiku is there for a Custom member without any role',
    roles: [],
    model: HAIKU,
    wanted: { row: 'max', sentence: /always available/ },
  },
  {
    name: 'a cap may apply to Haiku',
    organisation: { [HAIKU]: 'high' },
    roles: [role('Thrifty', { [HAIKU]: 'low' })],
    model: HAIKU,
    wanted: { row: 'low', sentence: /set by the role “Thrifty”; Haiku models are always available/ },
  },
  {
    name: 'a model that is new to the organisation arrives as it decided: on',
    newModels: 'on',
    roles: [],
    as: 'user',
    model: FABLE,
    wanted: { row: 'max', sentence: /may be used/ },
  },
  {
    name: 'a model that is new to the organisation arrives as it decided: off',
    newModels: 'off',
    roles: [],
    as: 'user',
    model: FABLE,
    wanted: { row: 'off', sentence: /switched off/ },
  },
  {
    name: 'a new Haiku arrives on even so',
    newModels: 'off',
    roles: [],
    as: 'user',
    model: HAIKU,
    wanted: { row: 'max', sentence: /always available/ },
  },
  {
    name: 'a model that is new to a role with a list is off there',
    newModels: 'on',
    roles: [role('Old list', { [OPUS_5]: 'on' })],
    model: OPUS,
    wanted: { row: 'off', sentence: /No role/ },
  },
  {
    name: 'a service key follows the roles of its owner group',
    roles: [OPUS_UP_TO('medium')],
    as: 'service',
    model: OPUS,
    wanted: { row: 'medium', sentence: /set by the role “Engineers”/ },
  },
  {
    name: 'a cap at a level the model lacks stops at the level below it',
    organisation: { [OPUS_4_6]: 'xhigh' },
    roles: [],
    as: 'user',
    model: OPUS_4_6,
    wanted: { row: 'high', sentence: /up to effort high/ },
  },
  {
    name: 'a model that has no effort setting still has a cap, which bounds its thinking budgets',
    organisation: { [SONNET_4_5]: 'medium' },
    roles: [],
    as: 'user',
    model: SONNET_4_5,
    wanted: { row: 'medium', sentence: /thinking budgets limited to those of effort medium by the organisation/ },
  },
];

const principalOf = ({ roles, as = 'managed' }: Pick<AccessCase, 'roles' | 'as'>) =>
  as === 'service' ? service(roles) : member(roles, as);

describe('model access and caps', () => {
  test.each(ACCESS)('$name', (given) => {
    const ceiling = organisation(given.organisation, { newModels: given.newModels ?? 'on' });
    const principal = principalOf(given);
    const found = rights(ceiling, principal).byModel.get(given.model);
    const explained = effectiveAccess({ index: INDEX, organisation: ceiling, principal });
    const row = explained.models.find(({ model }) => model === given.model);
    expect(found?.allowed === true ? found.cap : 'off').toBe(given.wanted.row);
    expect(row?.sentence).toMatch(given.wanted.sentence);
    expect(row?.allowed).toBe(found?.allowed);
  });

  test('the levels left to a caller stop at the cap and skip what the model lacks', () => {
    const found = rights(organisation({ [OPUS_4_6]: 'xhigh', [OPUS]: 'medium' }), member([], 'user'));
    const left = (id: string) => {
      const one = found.byModel.get(id);
      return one === undefined ? undefined : effortsLeft(one);
    };
    expect(left(OPUS_4_6)).toEqual(['low', 'medium', 'high']);
    expect(left(OPUS)).toEqual(['low', 'medium']);
    expect(left(HAIKU_4_5)).toEqual([]);
  });

  test('an administrator sees every model uncapped, also those the organisation switched off', () => {
    const found = rights(organisation({ [OPUS]: 'off', [SONNET]: 'low' }), { kind: 'administrator' });
    expect(found.all.every((one) => one.allowed && one.limit === 'max')).toBe(true);
  });

  test('observers learn the permitted effort without a decision', () => {
    const found = rights(organisation({ [OPUS]: 'medium', [SONNET]: 'low' }), member([], 'user'));
    const at = (id: string, asked?: string) => {
      const one = found.byModel.get(id);
      return one === undefined ? undefined : permittedEffort(one, asked);
    };
    expect(at(OPUS, 'max')).toBe('medium');
    expect(at(OPUS, 'low')).toBe('low');
    expect(at(SONNET)).toBe('low');
    expect(at(FABLE)).toBe('high');
    expect(at(FABLE, 'ultra')).toBe(null);
    expect(at(OPUS, 'ultra')).toBe('medium');
    expect(at(HAIKU_4_5, 'high')).toBe(null);
  });
});

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
    const found = rights(organisation(rows, more), principalOf({ roles, as }));
    expect([found.defaultModel?.model.id ?? null, found.defaultEffort, found.defaultFrom]).toEqual(wanted);
  });
});
