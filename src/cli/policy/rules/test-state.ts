import type { Declared } from './declared.ts';
import type { LimitState } from './money-state.ts';
import { NEW_TABS } from './plan-role-tabs.ts';
import type { ConnectorState, GroupState, MemberState, ModelState, RoleState, State } from './state.ts';

/** A model that is on, without a cap. */
export const model = (id: string, changes: Partial<ModelState> = {}): ModelState => ({
  id,
  name: id.toUpperCase(),
  enabled: true,
  maxEffort: null,
  line: id.replace(/\d/g, ''),
  isRetired: false,
  alwaysAvailable: id.includes('haiku'),
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  ...changes,
});

/** A role that nobody has edited. */
export const role = (name: string, changes: Partial<RoleState> = {}): RoleState => ({
  id: `id of ${name}`,
  name,
  mode: 'all',
  models: {},
  defaultModel: null,
  defaultEffort: null,
  tabs: NEW_TABS,
  ...changes,
});

/** A group without members or roles. */
export const group = (name: string, changes: Partial<GroupState> = {}): GroupState => ({
  id: `id of ${name}`,
  name,
  isProvisioned: false,
  roleIds: [],
  members: [],
  ...changes,
});

/** A member who is Custom, without roles of their own. */
export const member = (email: string, changes: Partial<MemberState> = {}): MemberState => ({
  id: `id of ${email}`,
  email,
  organisationRole: 'managed',
  roleIds: [],
  ...changes,
});

/** A connector whose tools are allowed. */
export const connector = (slug: string, changes: Partial<ConnectorState> = {}): ConnectorState => ({
  id: `id of ${slug}`,
  slug,
  name: slug,
  url: `https://${slug}.example/mcp`,
  level: 'always',
  tools: {},
  ...changes,
});

/** A monthly limit of ten dollars. */
export const limit = (type: LimitState['type'], target: string, changes: Partial<LimitState> = {}): LimitState => ({
  id: `spl of ${type} ${target}`,
  type,
  target,
  period: 'monthly',
  amount: '1000',
  isEnabled: true,
  mode: 'standard',
  ladder: [],
  ...changes,
});

type Changes = Partial<Omit<State, 'organisation'>> & { readonly organisation?: Partial<State['organisation']> };

/** An organisation of three models, with what is given. */
export const state = ({ organisation, ...rest }: Changes = {}): State => ({
  organisation: {
    name: 'Harbour & Sons',
    models: [model('opus'), model('sonnet'), model('haiku')],
    defaultModel: null,
    defaultEffort: null,
    newModels: 'on',
    effortAction: 'clamp',
    version: 7,
    unlistedServers: 'refuse_for_custom',
    capabilities: { version: 'c1', on: {} },
    ...organisation,
  },
  roles: [],
  groups: [],
  members: [],
  connectors: [],
  limits: [],
  spend: { settings: null, prepaid: null, included: null },
  rates: null,
  workspaces: [],
  keys: [],
  ...rest,
});

/** Files that say this and nothing else. */
export const declared = (said: Partial<Declared>): Declared => ({
  organisation: {},
  roles: {},
  groups: {},
  members: {},
  connectors: {},
  workspaces: {},
  keys: {},
  ...said,
});
