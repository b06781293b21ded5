import { describe, expect, it } from 'vitest';
import { linesOf } from '../show-plan.ts';
import type { Declared } from './declared.ts';
import { makePlan } from './plan.ts';
import type { State } from './state.ts';
import { connector, declared, group, limit, member, model, role, state } from './test-state.ts';

type Case = { readonly name: string; readonly said: Partial<Declared>; readonly is?: State };
type Planned = Case & { readonly plan: readonly string[] };

const SIGNS = { create: '+', update: '~', delete: '-' } as const;

const planOf = ({ said, is = state() }: Case) => {
  const plan = makePlan(declared(said), is);
  return { ...plan, words: linesOf(plan).map(({ change, sentence }) => `${SIGNS[change]} ${sentence}`) };
};

const DEEP = role('Deep', { mode: 'selected', models: { opus: { enabled: true, maxEffort: 'high' } } });
const PLATFORM = group('Platform', { roleIds: [DEEP.id], members: [{ id: 'id of ada@x.org', email: 'ada@x.org' }] });
const ADA = member('ada@x.org');
const GRACE = member('grace@x.org');
const FULL = state({ roles: [DEEP, role('Wide')], groups: [PLATFORM], members: [ADA, GRACE] });

describe('what has to be done', () => {
  it.each<Planned>([
    { name: 'nothing, where nothing is said', said: {}, is: FULL, plan: [] },
    {
      name: 'nothing, where everything is so already',
      said: {
        organisation: { models: { opus: 'on', '*': 'on' }, new_models: 'on', default_model: 'recommended' },
        roles: { Deep: { models: { opus: 'high', '*': 'off' }, default_model: 'inherit' }, Wide: { models: 'all' } },
        groups: { Platform: { members: ['ADA@x.org'], roles: ['Deep'] }, Gone: { absent: true } },
      },
      is: FULL,
      plan: [],
    },
    {
      name: 'the organisation’s models and settings, only where they differ',
      said: {
        organisation: {
          models: { opus: 'high', sonnet: 'off' },
          effort_action: 'refuse',
          new_models: 'on',
          default_model: 'opus',
          default_effort: 'medium',
        },
      },
      plan: [
        '~ OPUS for the organisation: highest effort high (was no cap)',
        '~ switch SONNET off for the organisation',
        '~ default model of the organisation: opus (was recommended)',
        '~ default effort of the organisation: medium (was recommended)',
        '~ too high an effort of the organisation: refuse (was clamp)',
      ],
    },
    {
      name: 'a new role is restricted before anybody has it',
      said: {
        roles: { Night: { models: { sonnet: 'low', '*': 'off' }, default_model: 'sonnet' } },
        groups: { Platform: { roles: ['Deep', 'Night'] } },
        members: { 'grace@x.org': { roles: ['Night'] } },
      },
      is: FULL,
      plan: [
        '+ create the role “Night”',
        '~ switch OPUS off for the role “Night”',
        '~ SONNET for the role “Night”: highest effort low (was no cap)',
        '~ default model of the role “Night”: sonnet (was inherit)',
        '+ attach the role “Night” to the group “Platform”',
        '+ attach the role “Night” to grace@x.org',
      ],
    },
    {
      name: 'a list of members is the whole list',
      said: { groups: { Platform: { members: ['grace@x.org', 'Grace@x.org'] } } },
      is: FULL,
      plan: ['+ add grace@x.org to the group “Platform”', '- take ada@x.org out of the group “Platform”'],
    },
    {
      name: 'an empty list of roles takes all of them off; what goes, goes last',
      said: { groups: { Platform: { roles: [] }, Old: { absent: true } }, roles: { Wide: { absent: true } } },
      is: { ...FULL, groups: [PLATFORM, group('Old')] },
      plan: [
        '- take the role “Deep” off the group “Platform”',
        '- delete the group “Old”: its members stay, its service keys are revoked',
        '- delete the role “Wide”: it comes off every group and member',
      ],
    },
    {
      name: 'a role that is deleted need not be taken off first',
      said: { groups: { Platform: { roles: [] } }, roles: { Deep: { absent: true } } },
      is: FULL,
      plan: ['- delete the role “Deep”: it comes off every group and member'],
    },
    {
      name: 'a new name keeps what there is',
      said: {
        roles: { Deeper: { renamed_from: 'Deep', models: { opus: 'max' } } },
        groups: { Base: { renamed_from: 'Platform', roles: ['Deeper'] } },
      },
      is: FULL,
      plan: [
        '~ rename the role “Deep” to “Deeper”',
        '~ OPUS for the role “Deeper”: highest effort max (was high)',
        '~ rename the group “Platform” to “Base”',
      ],
    },
    {
      name: 'a new name that was given already is nothing to do',
      said: { roles: { Deep: { renamed_from: 'Shallow' } }, groups: { Platform: { renamed_from: 'Base' } } },
      is: FULL,
      plan: [],
    },
    {
      name: 'the word for all others bends to the organisation, and never touches Haiku',
      said: {
        organisation: { models: { opus: 'medium' } },
        roles: { Deep: { models: { '*': 'high' } } },
      },
      is: state({
        organisation: { models: [model('opus'), model('sonnet', { enabled: false }), model('haiku')] },
        roles: [DEEP],
      }),
      plan: [
        '~ OPUS for the organisation: highest effort medium (was no cap)',
        '~ OPUS for the role “Deep”: highest effort medium (was high)',
        '~ HAIKU for the role “Deep”: highest effort high (was no cap)',
      ],
    },
    {
      name: 'a deleted role does not keep its default model on',
      said: { organisation: { models: { opus: 'off' } }, roles: { Deep: { absent: true } } },
      is: state({ roles: [{ ...DEEP, defaultModel: 'opus' }] }),
      plan: ['~ switch OPUS off for the organisation', '- delete the role “Deep”: it comes off every group and member'],
    },
    {
      name: 'an organisation role',
      said: {
        members: { 'ada@x.org': { organisation_role: 'user' }, 'grace@x.org': { organisation_role: 'managed' } },
      },
      is: FULL,
      plan: ['~ make ada@x.org User (was Custom (managed))'],
    },
    {
      name: 'limits, each period on its own, before anybody comes into a new group; what is not named stays',
      said: {
        organisation: {
          limits: {
            total: { monthly: { amount: 5000, mode: 'strict' }, daily: 'none' },
            each_member: { monthly: 50 },
            each_session: 2.5,
            seat_tiers: { premium: { weekly: 'unlimited' } },
          },
        },
        groups: {
          Night: { members: ['grace@x.org'], limits: { each_member: { daily: 1 }, together: { daily: 10 } } },
        },
        members: {
          'ADA@x.org': { limits: { monthly: { amount: 100, ladder: [{ at_percent: 80, action: 'notify' }] } } },
        },
      },
      is: state({
        ...FULL,
        limits: [
          limit('organization_total', '', { amount: '400000' }),
          limit('organization_total', '', { period: 'daily' }),
          limit('organization', '', { amount: '5000', mode: 'strict' }),
          limit('user', ADA.id, { amount: '10000' }),
          limit('user', GRACE.id, { amount: '1' }),
        ],
      }),
      plan: [
        '+ create the group “Night”',
        '- take away the daily limit of the whole organisation ($10.00)',
        '~ monthly limit of the whole organisation: $5,000.00, strict (was $4,000.00)',
        '+ limit of each session: $2.50',
        '+ weekly limit of each member with the seat “premium”: unlimited',
        '+ daily limit of the group “Night” together: $10.00',
        '+ daily limit of each member of the group “Night”: $1.00',
        '~ monthly limit of ada@x.org: $100.00, 1 step before it (was $100.00)',
        '+ add grace@x.org to the group “Night”',
      ],
    },
    {
      name: 'connectors and the word on their tools',
      said: {
        connectors: {
          github: { level: 'ask', tools: { read: 'always', write: 'inherit' } },
          jira: { url: 'https://jira.example/mcp', tools: { delete: 'blocked' } },
          old: { absent: true },
          gone: { absent: true },
        },
      },
      is: state({ connectors: [connector('github', { tools: { write: 'blocked', list: 'ask' } }), connector('old')] }),
      plan: [
        '~ connector “github”: tools ask, read always, write as the others',
        '+ add the connector “jira”: name “jira”, address https://jira.example/mcp',
        '~ connector “jira”: delete blocked',
        '- remove the connector “old”: what roles grant on it goes with it',
      ],
    },
    {
      name: 'what a role grants beside models: whole lists of capabilities, areas and connectors as they are named',
      said: {
        roles: {
          Deep: {
            capabilities: ['generally_available', 'computer_use'],
            permissions: { users: 'view', identity: 'none' },
            connectors: { github: { level: 'always', tools: { write: 'blocked' } }, '*': 'blocked' },
          },
          Wide: { connectors: 'blocked', capabilities: ['chat'] },
        },
        organisation: { capabilities: { web_search: 'off', chat: 'on' } },
      },
      is: state({ roles: [DEEP, role('Wide')], connectors: [connector('github'), connector('jira')] }),
      plan: [
        '~ switch the capability web_search off for the organisation',
        '+ grant computer_use to the role “Deep”',
        '- take chat from the role “Deep”',
        '~ administration by the role “Deep”: users view (was none)',
        '~ connector “github” for the role “Deep”: always (was ask), write blocked',
        '~ connector “jira” for the role “Deep”: blocked (was ask)',
        '~ capabilities of the role “Wide”: only those selected (was all that are generally available)',
        '~ all connectors for the role “Wide”: blocked (was ask)',
      ],
    },
  ])('$name', ({ plan, ...one }) => {
    const { words, problems } = planOf(one);
    expect(problems).toEqual([]);
    expect(words).toEqual(plan);
  });

  it('all rules about models change in one call, held to the version they were read at', () => {
    const { steps } = planOf({
      name: 'models',
      said: { organisation: { models: { opus: 'off' } }, roles: { Wide: { models: { sonnet: 'low' } } } },
      is: FULL,
    });
    expect(steps.map(({ action }) => action)).toEqual([
      {
        kind: 'edit-models',
        ifVersion: 7,
        edits: [
          { type: 'organization_model', model: 'opus', enabled: false },
          { type: 'role_model', role: 'Wide', model: 'sonnet', max_effort: 'low' },
        ],
      },
    ]);
  });
});

it('members of a provisioned group that are as they are said to be are no problem, and roles go onto it', () => {
  const okta = group('Okta', { isProvisioned: true, members: [ADA] });
  const { problems, words } = planOf({
    name: 'okta',
    said: { groups: { Okta: { members: ['ada@x.org'], roles: ['Deep'] } } },
    is: state({ groups: [okta], members: [ADA], roles: [DEEP] }),
  });
  expect(problems).toEqual([]);
  expect(words).toEqual(['+ attach the role “Deep” to the group “Okta”']);
});

it('roles of somebody whom roles do not bind are attached, with a note', () => {
  const { notes, words } = planOf({
    name: 'note',
    said: { members: { 'olga@x.org': { roles: ['Deep'] } } },
    is: state({ roles: [DEEP], members: [member('olga@x.org', { organisationRole: 'user' })] }),
  });
  expect(words).toHaveLength(1);
  expect(notes).toEqual(['olga@x.org is User: custom roles count only for members who are Custom (managed).']);
});
