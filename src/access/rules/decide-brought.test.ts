import { describe, expect, test } from 'vitest';
import { CAPABILITIES, type Capability } from '../../kernel/index.ts';
import { CAPABILITY_INFO, type RoleCapabilities } from './capabilities.ts';
import { capabilitiesOf } from './capability-rulings.ts';
import { type Connector, indexConnectors, type RoleConnectors } from './connectors.ts';
import { type Decision, type Reason, refusalOf } from './decision.ts';
import { explain } from './reasons.ts';
import { answer, HAIKU, member, organisation, principalAs, role, wants } from './test-facts.ts';
import type { OrganisationAccess, RoleAccess, Wanted, WantedServer } from './types.ts';

const GITHUB: Connector = {
  id: 'mcpsrv_github',
  slug: 'github',
  name: 'GitHub',
  url: 'https://mcp.github.example/mcp',
  policy: { level: 'always', tools: new Map([['delete_repo', 'blocked']]) },
};

const ORGANISATION: Partial<OrganisationAccess> = { connectors: indexConnectors([GITHUB]) };

const having = (...selected: readonly Capability[]): Partial<RoleAccess> => ({
  capabilities: { access: 'selected', selected: new Set(selected) },
});

const connectors = (all: RoleConnectors['all']): Partial<RoleAccess> => ({
  connectors: { all, connectors: new Map() },
  ...having('mcp_connector'),
});

const server = (more: Partial<WantedServer> = {}): WantedServer => ({
  name: 'github',
  url: GITHUB.url,
  tools: null,
  except: [],
  ...more,
});

type Row = {
  readonly name: string;
  readonly role?: Partial<RoleAccess>;
  readonly more?: Partial<OrganisationAccess>;
  readonly as?: 'user' | 'owner' | 'managed' | 'service';
  readonly asked: Partial<Wanted>;
  readonly effect: Decision['effect'];
  readonly reasons: readonly Reason[];
  readonly told?: RegExp;
};

const ROWS: readonly Row[] = [
  {
    name: 'a request of the API that shows nothing needs no capability',
    role: having(),
    asked: {},
    effect: 'allow',
    reasons: [],
  },
  {
    name: 'Claude Code needs a role that grants it',
    role: having('chat'),
    asked: { product: 'claude_code' },
    effect: 'deny',
    reasons: ['capability-not-granted-by-role'],
    told: /Claude Code is not included in your roles \(“Writers”\)\. Ask an administrator to grant it\./,
  },
  {
    name: 'and passes with one',
    role: having('claude_code'),
    asked: { product: 'claude_code' },
    effect: 'allow',
    reasons: ['capabilities-permitted'],
  },
  {
    name: 'Cowork is another product than Claude Code',
    role: having('claude_code'),
    asked: { product: 'cowork' },
    effect: 'deny',
    reasons: ['capability-not-granted-by-role'],
  },
  {
    name: 'every capability that is missing is found',
    role: having('claude_code'),
    asked: { product: 'claude_code', capabilities: ['web_search', 'bash'] },
    effect: 'deny',
    reasons: ['capability-not-granted-by-role', 'capability-not-granted-by-role'],
    told: /Web search is not included/,
  },
  {
    name: 'what the organisation has off is off for owners too',
    as: 'owner',
    more: { capabilitiesOff: new Set(['web_search']) },
    asked: { capabilities: ['web_search'] },
    effect: 'deny',
    reasons: ['capability-disabled-by-organisation'],
    told: /Web search is switched off for your organisation\./,
  },
  {
    name: 'roles bind no member whose role is built in',
    as: 'user',
    role: having(),
    asked: { product: 'claude_code', capabilities: ['web_search'] },
    effect: 'allow',
    reasons: ['capabilities-permitted'],
  },
  {
    name: 'a service key follows the roles of its group',
    as: 'service',
    role: having(),
    asked: { capabilities: ['code_execution'] },
    effect: 'deny',
    reasons: ['capability-not-granted-by-role'],
    told: /not included in the roles of this key/,
  },
  {
    name: 'what the installation forces off stays off whatever anybody grants',
    role: having('memory'),
    more: { capabilityOverrides: new Map([['memory', 'off']]) },
    asked: { capabilities: ['memory'] },
    effect: 'deny',
    reasons: ['capability-disabled-by-organisation'],
  },
  {
    name: 'and what it forces on is on though the organisation has it off and no role grants it',
    role: having(),
    more: { capabilityOverrides: new Map([['memory', 'on']]), capabilitiesOff: new Set(['memory']) },
    asked: { capabilities: ['memory'] },
    effect: 'allow',
    reasons: ['capabilities-permitted'],
  },
  {
    name: 'a tool that needs approval passes where the client runs it, and is marked',
    role: connectors('ask'),
    asked: { tools: [{ server: 'github', tool: 'search' }] },
    effect: 'allow',
    reasons: ['tools-need-approval'],
  },
  {
    name: 'a tool that may be used is named',
    role: connectors('always'),
    asked: { tools: [{ server: 'GitHub', tool: 'search' }] },
    effect: 'allow',
    reasons: ['tools-permitted'],
  },
  {
    name: 'a tool that no role allows is refused',
    role: connectors('blocked'),
    asked: { tools: [{ server: 'github', tool: 'search' }] },
    effect: 'deny',
    reasons: ['tool-not-granted-by-role'],
    told: /search of GitHub is not enabled for you\./,
  },
  {
    name: 'a tool that the organisation blocks is refused in the same words',
    role: connectors('always'),
    asked: { tools: [{ server: 'github', tool: 'delete_repo' }] },
    effect: 'deny',
    reasons: ['tool-blocked-by-organisation'],
    told: /delete_repo of GitHub is not enabled for you\./,
  },
  {
    name: 'of servers that are not registered and run at the client nothing is said',
    role: connectors('blocked'),
    asked: { tools: [{ server: 'my-notes', tool: 'search' }] },
    effect: 'allow',
    reasons: [],
  },
  {
    name: 'a server that the provider reaches is open only as far as all its tools are',
    role: connectors('always'),
    asked: { servers: [server()] },
    effect: 'deny',
    reasons: ['tool-blocked-by-organisation'],
  },
  {
    name: 'and passes without the blocked one',
    role: connectors('always'),
    asked: { servers: [server({ except: ['delete_repo'] })] },
    effect: 'allow',
    reasons: ['tools-permitted'],
  },
  {
    name: 'or with a list of those that may be used',
    role: connectors('always'),
    asked: { servers: [server({ tools: ['search'] })] },
    effect: 'allow',
    reasons: ['tools-permitted'],
  },
  {
    name: 'where approval is needed the provider must not call by itself',
    role: connectors('ask'),
    asked: { servers: [server({ tools: ['search'] })] },
    effect: 'deny',
    reasons: ['server-needs-approval'],
    told: /with mcp_servers nobody is asked/,
  },
  {
    name: 'a server that is not registered is refused to whom roles bind',
    role: connectors('always'),
    asked: { servers: [server({ url: 'https://elsewhere.example/mcp' })] },
    effect: 'deny',
    reasons: ['server-not-registered'],
    told: /https:\/\/elsewhere\.example\/mcp is not registered here/,
  },
  {
    name: 'and not to others, unless the organisation says so',
    as: 'user',
    asked: { servers: [server({ url: 'https://elsewhere.example/mcp' })] },
    effect: 'allow',
    reasons: [],
  },
  {
    name: 'the organisation can refuse it to everybody',
    as: 'owner',
    more: { unlistedServers: 'refuse' },
    asked: { servers: [server({ url: null })] },
    effect: 'deny',
    reasons: ['server-not-registered'],
  },
];

describe('what a request brings', () => {
  test.each(ROWS)('$name', ({ role: granted, more, as = 'managed', asked, effect, reasons, told }) => {
    const principal = principalAs(as, granted === undefined ? [] : [role('Writers', 'all', granted)]);
    const decision = answer(organisation({}, { ...ORGANISATION, ...more }), principal, wants(HAIKU, asked));
    const about = decision.findings.filter(({ rule }) => rule === 'capability' || rule === 'tool');
    expect(about.map(({ reason }) => reason)).toEqual(reasons);
    expect(decision.effect).toBe(effect);
    const refusal = refusalOf(decision);
    if (told !== undefined) expect(refusal && explain(refusal, 'member')).toMatch(told);
  });

  test('is refused without a model having to be known, and the product is told of first', () => {
    const decision = answer(organisation(), member([]), wants('gpt-9', { product: 'claude_code' }));
    expect(decision.findings.map(({ reason }) => reason)).toEqual(['capability-not-granted-by-role', 'model-unknown']);
    expect(explain(decision.findings[0] as never, 'member')).toBe(
      'Claude Code needs a role, and you have none. Ask an administrator for one that grants it.',
    );
  });

  test('names a few of many tools, so that what is stored stays small', () => {
    const tools = Array.from({ length: 200 }, (_, at) => ({ server: 'github', tool: `tool_${at}` }));
    const decision = answer(organisation({}, ORGANISATION), member([role('A', 'all')]), wants(HAIKU, { tools }));
    expect(JSON.stringify(decision.findings).length).toBeLessThan(600);
    expect(decision.findings[0]).toMatchObject({ because: { toolsTotal: 200 } });
  });
});

describe('the capabilities of a role', () => {
  const granted = (capabilities: RoleCapabilities): readonly Capability[] => {
    const rulings = capabilitiesOf(organisation(), member([role('A', 'all', { capabilities })]));
    return CAPABILITIES.filter((one) => rulings.get(one)?.allowed);
  };

  test('are those selected, all that are generally available, or all', () => {
    expect(granted({ access: 'selected', selected: new Set(['chat', 'claude_security']) })).toEqual([
      'chat',
      'claude_security',
    ]);
    const available = CAPABILITIES.filter((one) => CAPABILITY_INFO[one].stage === 'generally_available');
    expect(granted({ access: 'generally_available', selected: new Set() })).toEqual(available);
    expect(granted({ access: 'all', selected: new Set() })).toEqual(CAPABILITIES);
  });

  test('of a new role are all that are generally available', () => {
    const rulings = capabilitiesOf(organisation(), member([role('New', 'all')]));
    const available = CAPABILITIES.filter((one) => CAPABILITY_INFO[one].stage === 'generally_available');
    expect(CAPABILITIES.filter((one) => rulings.get(one)?.allowed)).toEqual(available);
  });

  test('add up, and each says which roles grant it', () => {
    const [a, b] = [role('A', 'all', having('bash')), role('B', 'all', having('bash', 'memory'))];
    const rulings = capabilitiesOf(organisation(), member([a, b]));
    expect(rulings.get('bash')?.grantedBy.map((grant) => grant.role.id)).toEqual([a.id, b.id]);
    expect(rulings.get('memory')).toMatchObject({ allowed: true, stoppedBy: null });
    expect(rulings.get('web_search')).toMatchObject({ allowed: false, stoppedBy: 'roles', grantedBy: [] });
  });
});
