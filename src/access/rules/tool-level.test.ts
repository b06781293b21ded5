import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freerLevel, stricterLevel, TOOL_LEVELS, type ToolLevel } from '../../kernel/index.ts';
import { type Connector, foldUrl, indexConnectors, type RoleConnectors } from './connectors.ts';
import { member, principalAs, role } from './test-facts.ts';
import { mayReach, toolLevel } from './tool-level.ts';

const github = (level: ToolLevel, tools: Readonly<Record<string, ToolLevel>> = {}): Connector => ({
  id: 'mcpsrv_github',
  slug: 'github',
  name: 'GitHub',
  url: 'https://mcp.github.example/mcp',
  policy: { level, tools: new Map(Object.entries(tools)) },
});

const grants = (all: RoleConnectors['all'], own?: ToolLevel, tools: Readonly<Record<string, ToolLevel>> = {}) =>
  role(`${all}-${own}`, 'all', {
    connectors: {
      all,
      connectors:
        own === undefined
          ? new Map()
          : new Map([['mcpsrv_github', { level: own, tools: new Map(Object.entries(tools)) }]]),
    },
  });

const levelOf = (connector: Connector, roles: readonly ReturnType<typeof grants>[], tool: string | null = 'search') =>
  toolLevel({ principal: member(roles) }, { connector, tool });

describe('the level of a tool', () => {
  // The table of the access reference §3.2: organisation, the best of the roles, and what is left.
  it.each<readonly [ToolLevel, ToolLevel, ToolLevel, 'organisation' | 'roles' | null]>([
    ['always', 'always', 'always', null],
    ['always', 'ask', 'ask', null],
    ['always', 'blocked', 'blocked', 'roles'],
    ['ask', 'always', 'ask', null],
    ['ask', 'ask', 'ask', null],
    ['ask', 'blocked', 'blocked', 'roles'],
    ['blocked', 'always', 'blocked', 'organisation'],
    ['blocked', 'ask', 'blocked', 'organisation'],
    ['blocked', 'blocked', 'blocked', 'organisation'],
  ])('the organisation says %s and the roles %s: %s', (org, granted, level, stoppedBy) => {
    expect(levelOf(github(org), [grants(granted)])).toMatchObject({ level, stoppedBy });
  });

  it.each<readonly [string, Connector, readonly ReturnType<typeof grants>[], string | null, ToolLevel]>([
    [
      'the most permissive of several roles wins',
      github('always'),
      [grants('blocked'), grants('always')],
      'x',
      'always',
    ],
    ['a custom row says it for each connector', github('always'), [grants('custom', 'always')], 'x', 'always'],
    ['a connector without a row is blocked under a custom one', github('always'), [grants('custom')], 'x', 'blocked'],
    ['a named tool has its own level', github('always'), [grants('custom', 'ask', { x: 'always' })], 'x', 'always'],
    ['the others keep the connector’s', github('always'), [grants('custom', 'ask', { x: 'always' })], 'y', 'ask'],
    ['a level for all hides what is said of one', github('always'), [grants('always', 'blocked')], 'x', 'always'],
    ['the organisation can block one tool', github('always', { x: 'blocked' }), [grants('always')], 'x', 'blocked'],
    ['and open one of a blocked connector', github('blocked', { x: 'ask' }), [grants('always')], 'x', 'ask'],
    ['no role grants nothing', github('always'), [], 'x', 'blocked'],
    ['a new role asks everywhere', github('always'), [role('New', 'all')], 'x', 'ask'],
  ])('%s', (_, connector, roles, tool, level) => {
    expect(levelOf(connector, roles, tool).level).toBe(level);
  });

  it('names the roles that give the most, and no others', () => {
    const [low, high] = [grants('ask'), grants('always')];
    const { level, grantedBy } = levelOf(github('ask'), [low, high]);
    expect([level, grantedBy.map((grant) => grant.role.id)]).toEqual(['ask', [high.id]]);
  });

  it.each(['user', 'membership_admin', 'owner', 'primary_owner'] as const)(
    'a member who is %s bypasses the roles, and not the organisation',
    (as) => {
      const principal = principalAs(as, [grants('blocked')]);
      expect(toolLevel({ principal }, { connector: github('always'), tool: 'x' }).level).toBe('always');
      expect(toolLevel({ principal }, { connector: github('blocked'), tool: 'x' })).toMatchObject({
        level: 'blocked',
        stoppedBy: 'organisation',
      });
    },
  );

  it('is never above the organisation’s word nor above the best role’s, and one more role never takes anything away', () => {
    const level = fc.constantFrom<ToolLevel>(...TOOL_LEVELS);
    fc.assert(
      fc.property(level, fc.array(level, { maxLength: 4 }), level, (org, granted, more) => {
        const before = levelOf(
          github(org),
          granted.map((one) => grants(one)),
        ).level;
        const after = levelOf(
          github(org),
          [...granted, more].map((one) => grants(one)),
        ).level;
        expect(stricterLevel(before, org)).toBe(before);
        expect(freerLevel(before, after)).toBe(after);
        expect(before).toBe(stricterLevel(org, granted.reduce(freerLevel, 'blocked')));
      }),
    );
  });
});

describe('a connector', () => {
  it('can be reached while one tool of it may be used', () => {
    const principal = member([grants('custom', 'blocked', { x: 'ask' })]);
    expect(mayReach({ principal }, github('always'))).toBe(true);
    expect(mayReach({ principal }, github('always', { x: 'blocked' }))).toBe(false);
  });

  it.each([
    ['https://MCP.example:443/mcp/', 'https://mcp.example/mcp'],
    ['https://mcp.example/a/../mcp?x=1#y', 'https://mcp.example/mcp'],
    ['http://mcp.example:8080', 'http://mcp.example:8080'],
    ['file:///etc/passwd', undefined],
    ['nonsense', undefined],
  ])('is found by its address however that is spelt: %s', (text, folded) => {
    expect(foldUrl(text)).toBe(folded);
  });

  it('is found by its slug as clients spell it', () => {
    const { bySlug } = indexConnectors([{ ...github('always'), slug: 'git-hub' }]);
    expect(bySlug.get('git-hub')?.id).toBe('mcpsrv_github');
  });
});
