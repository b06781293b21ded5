import { describe, expect, it } from 'vitest';
import type { Declared } from './declared.ts';
import { makePlan } from './plan.ts';
import type { State } from './state.ts';
import { connector, declared, group, member, model, role, state } from './test-state.ts';

type Case = { readonly name: string; readonly said: Partial<Declared>; readonly is?: State };
type Refused = Case & { readonly at: readonly (string | number)[]; readonly problem: string };

const DEEP = role('Deep', { mode: 'selected', models: { opus: { enabled: true, maxEffort: 'high' } } });
const PLATFORM = group('Platform', { roleIds: [DEEP.id], members: [{ id: 'id of ada@x.org', email: 'ada@x.org' }] });
const ADA = member('ada@x.org');
const GRACE = member('grace@x.org');
const FULL = state({ roles: [DEEP, role('Wide')], groups: [PLATFORM], members: [ADA, GRACE] });

const IDENTITY = { identity: 'manage' } as const;
const MANAGING = { ...DEEP, tabs: { ...DEEP.tabs, permissions: { version: 'p1', levels: IDENTITY } } };

describe('what cannot be done is said before anything is', () => {
  it.each<Refused>([
    {
      name: 'a model that does not exist',
      said: { organisation: { models: { sonet: 'off' } } },
      at: ['organisation', 'models', 'sonet'],
      problem: 'Did you mean “sonnet”?',
    },
    {
      name: 'Haiku switched off',
      said: { roles: { Wide: { models: { haiku: 'off' } } } },
      at: ['roles', 'Wide', 'models', 'haiku'],
      problem: 'always available',
    },
    {
      name: 'the default model of the organisation switched off',
      said: { organisation: { models: { opus: 'off' } } },
      is: state({ organisation: { defaultModel: 'opus' } }),
      at: ['organisation', 'models', 'opus'],
      problem: 'default model of the organisation',
    },
    {
      name: 'the default model of a role that the files do not name switched off',
      said: { organisation: { models: { '*': 'off', sonnet: 'on' } } },
      is: state({ roles: [role('Deep', { defaultModel: 'opus' })] }),
      at: ['organisation', 'models', '*'],
      problem: 'default model of the role “Deep”',
    },
    {
      name: 'a role’s own default model switched off',
      said: { roles: { Deep: { models: { opus: 'off' } } } },
      is: state({ roles: [{ ...DEEP, defaultModel: 'opus' }] }),
      at: ['roles', 'Deep', 'models', 'opus'],
      problem: 'default model of the role “Deep”',
    },
    {
      name: 'a model granted that the organisation has off',
      said: { organisation: { models: { sonnet: 'off' } }, roles: { Deep: { models: { sonnet: 'on' } } } },
      is: FULL,
      at: ['roles', 'Deep', 'models', 'sonnet'],
      problem: 'off for the organisation',
    },
    {
      name: 'a cap above the organisation’s',
      said: { organisation: { models: { opus: 'medium' } }, roles: { Wide: { models: { opus: 'high' } } } },
      is: FULL,
      at: ['roles', 'Wide', 'models', 'opus'],
      problem: 'caps OPUS at medium',
    },
    {
      name: 'a default that is not granted',
      said: { roles: { Deep: { default_model: 'sonnet' } } },
      is: FULL,
      at: ['roles', 'Deep', 'default_model'],
      problem: 'not open to the role',
    },
    {
      name: 'a default effort above the cap',
      said: { roles: { Deep: { default_model: 'opus', default_effort: 'max' } } },
      is: FULL,
      at: ['roles', 'Deep', 'default_effort'],
      problem: 'is capped at high',
    },
    {
      name: 'a default effort the model does not have',
      said: { organisation: { default_model: 'sonnet', default_effort: 'max' } },
      is: state({ organisation: { models: [model('sonnet', { efforts: ['low'] })] } }),
      at: ['organisation', 'default_effort'],
      problem: 'does not offer effort max',
    },
    {
      name: 'a role’s default effort above the cap of the model that is recommended',
      said: { roles: { Deep: { default_effort: 'max' } } },
      is: FULL,
      at: ['roles', 'Deep', 'default_effort'],
      problem: 'OPUS, where the default leads to, is capped at high',
    },
    {
      name: 'a list of models given back',
      said: { roles: { Deep: { models: 'all' } } },
      is: FULL,
      at: ['roles', 'Deep', 'models'],
      problem: 'cannot go back to “all”',
    },
    {
      name: 'a role that does not exist',
      said: { groups: { Platform: { roles: ['Deep', 'Deap'] } } },
      is: FULL,
      at: ['groups', 'Platform', 'roles', 1],
      problem: 'Did you mean “Deep”?',
    },
    {
      name: 'a role that the files delete',
      said: { roles: { Deep: { absent: true } }, groups: { Platform: { roles: ['Deep'] } } },
      is: FULL,
      at: ['groups', 'Platform', 'roles', 0],
      problem: 'no custom role “Deep”',
    },
    {
      name: 'somebody who is no member',
      said: { groups: { Platform: { members: ['ada@x.org', 'eve@x.org'] } } },
      is: FULL,
      at: ['groups', 'Platform', 'members', 1],
      problem: 'no member with the address eve@x.org',
    },
    {
      name: 'the same name in other letters',
      said: { groups: { platform: {} } },
      is: FULL,
      at: ['groups', 'platform'],
      problem: 'There is a group “Platform”',
    },
    {
      name: 'a new name where both are there',
      said: { roles: { Wide: { renamed_from: 'Deep' } } },
      is: FULL,
      at: ['roles', 'Wide'],
      problem: 'Take renamed_from out',
    },
    {
      name: 'a new name of something the files speak of by its old one',
      said: { roles: { Deep: { absent: true }, Deeper: { renamed_from: 'Deep' } } },
      is: FULL,
      at: ['roles', 'Deeper'],
      problem: 'in the files itself',
    },
    {
      name: 'members of a group that the identity provider keeps',
      said: { groups: { Okta: { members: ['ada@x.org'] } } },
      is: state({ groups: [group('Okta', { isProvisioned: true })], members: [ADA] }),
      at: ['groups', 'Okta', 'members'],
      problem: 'come from the identity provider',
    },
    {
      name: 'deleting such a group',
      said: { groups: { Okta: { absent: true } } },
      is: state({ groups: [group('Okta', { isProvisioned: true })] }),
      at: ['groups', 'Okta', 'absent'],
      problem: 'delete it there',
    },
    {
      name: 'renaming such a group',
      said: { groups: { Other: { renamed_from: 'Okta' } } },
      is: state({ groups: [group('Okta', { isProvisioned: true })] }),
      at: ['groups', 'Other', 'renamed_from'],
      problem: 'rename it there',
    },
    {
      name: 'the role of an owner',
      said: { members: { 'olga@x.org': { organisation_role: 'user' } } },
      is: state({ members: [member('olga@x.org', { organisationRole: 'owner' })] }),
      at: ['members', 'olga@x.org', 'organisation_role'],
      problem: 'changed by people in the console',
    },
    {
      name: 'a connector in a role that nobody registered',
      said: {
        roles: { Deep: { connectors: { githb: 'always' } } },
        connectors: { github: { url: 'https://x.example' } },
      },
      is: FULL,
      at: ['roles', 'Deep', 'connectors', 'githb'],
      problem: 'Did you mean “github”?',
    },
    {
      name: 'a second connector with the same address',
      said: { connectors: { hub: { url: 'https://github.example/mcp' } } },
      is: state({ connectors: [connector('github')] }),
      at: ['connectors', 'hub', 'url'],
      problem: '“github” has this address already',
    },
    {
      name: 'members of a group whose role manages identity',
      said: { groups: { Platform: { members: ['grace@x.org'] } } },
      is: { ...FULL, roles: [MANAGING] },
      at: ['groups', 'Platform', 'members'],
      problem: 'no key changes who is in it (2 would differ)',
    },
    {
      name: 'members of a group that gets such a role',
      said: { groups: { Platform: { members: [], roles: ['Wide'] } }, roles: { Wide: { permissions: IDENTITY } } },
      is: FULL,
      at: ['groups', 'Platform', 'members'],
      problem: 'lets people manage identity',
    },
    {
      name: 'members of a new group with a new role of that kind',
      said: {
        roles: { Keys: { permissions: IDENTITY } },
        groups: { Night: { members: ['ada@x.org'], roles: ['Keys'] } },
      },
      is: FULL,
      at: ['groups', 'Night', 'members'],
      problem: 'lets people manage identity',
    },
    {
      name: 'members of a group whose role of that kind is only to be deleted',
      said: { roles: { Deep: { absent: true } }, groups: { Platform: { members: [], roles: [] } } },
      is: { ...FULL, roles: [MANAGING] },
      at: ['groups', 'Platform', 'members'],
      problem: 'lets people manage identity',
    },
    {
      name: 'deleting a group whose role manages identity',
      said: { groups: { Platform: { absent: true } } },
      is: { ...FULL, roles: [MANAGING] },
      at: ['groups', 'Platform', 'absent'],
      problem: 'no key deletes it',
    },
    {
      name: 'a connector without an address',
      said: { connectors: { github: { level: 'ask' } } },
      at: ['connectors', 'github'],
      problem: 'give its url',
    },
  ])('$name', ({ at, problem, ...one }) => {
    expect(makePlan(declared(one.said), one.is ?? state()).problems).toContainEqual({
      path: at,
      problem: expect.stringContaining(problem),
    });
  });
});

it.each<Case>([
  {
    name: 'its role of that kind comes off first',
    said: { groups: { Platform: { members: [], roles: [] } } },
    is: { ...FULL, roles: [MANAGING] },
  },
  {
    name: 'its role stops being of that kind first',
    said: { groups: { Platform: { members: [] } }, roles: { Deep: { permissions: { identity: 'view' } } } },
    is: { ...FULL, roles: [MANAGING] },
  },
  {
    name: 'its members are those it has',
    said: { groups: { Platform: { members: ['ada@x.org'] } } },
    is: { ...FULL, roles: [MANAGING] },
  },
])('a group whose role manages identity is no problem when $name', (one) => {
  expect(makePlan(declared(one.said), one.is ?? state()).problems).toEqual([]);
});
