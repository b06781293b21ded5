import { describe, expect, test } from 'vitest';
import { effectiveAccess } from './effective-access.ts';
import { effortsLeft, permittedEffort } from './entitlements.ts';
import {
  FABLE,
  HAIKU,
  HAIKU_4_5,
  INDEX,
  member,
  OPUS,
  OPUS_4_6,
  OPUS_5,
  organisation,
  principalAs,
  type Row,
  type Rows,
  rights,
  role,
  SONNET,
  SONNET_4_5,
} from './test-facts.ts';
import type { OrganisationRole, RoleAccess } from './types.ts';

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

describe('model access and caps', () => {
  test.each(ACCESS)('$name', (given) => {
    const ceiling = organisation(given.organisation, { newModels: given.newModels ?? 'on' });
    const principal = principalAs(given.as ?? 'managed', given.roles);
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
