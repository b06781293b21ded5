import type {
  Capability,
  CapabilityAccess,
  Effort,
  PermissionArea,
  PermissionLevel,
  ToolLevel,
} from '../../kernel/index.ts';

/** The custom roles and connectors of the demonstration. */

/** A custom role with all it grants. */
export type DemoRole = {
  readonly name: string;
  /** What the role grants: the highest effort by model, null for the model's own highest. Everything else is off. */
  readonly grants: Readonly<Record<string, Effort | null>>;
  readonly defaultModel: string;
  readonly defaultEffort: Effort | null;
  readonly capabilities: { readonly access: CapabilityAccess; readonly selected: readonly Capability[] };
  /** One level for every connector, or levels by their slugs; a connector that is left out there is blocked. */
  readonly connectors: ToolLevel | Readonly<Record<string, ToolLevel>>;
  /** What the role permits of administration, none where an area is left out. */
  readonly permissions: Readonly<Partial<Record<PermissionArea, PermissionLevel>>>;
};

export const EVERYDAY = 'Everyday coding';
export const DEEP = 'Deep work';
export const RESEARCH = 'Frontier research';
export const SUPPORT = 'Support desk';
export const CONTRACTORS = 'Contractor access';

/** Haiku models are granted to everybody. */
export const HAIKU = { 'claude-haiku-5-5': null, 'claude-haiku-4-5-20251001': null } as const;

export const ROLES: readonly DemoRole[] = [
  {
    name: EVERYDAY,
    grants: {
      ...HAIKU,
      'claude-sonnet-5-5': 'high',
      'claude-sonnet-5': 'high',
      'claude-sonnet-4-6': 'high',
      'claude-sonnet-4-5-20250929': 'medium',
    },
    defaultModel: 'claude-sonnet-5-5',
    defaultEffort: 'medium',
    capabilities: { access: 'generally_available', selected: [] },
    connectors: 'ask',
    permissions: {},
  },
  {
    name: DEEP,
    grants: {
      ...HAIKU,
      'claude-opus-5-5': 'xhigh',
      'claude-opus-5': 'high',
      'claude-sonnet-5-5': null,
      'claude-sonnet-5': null,
      'claude-sonnet-4-6': null,
    },
    defaultModel: 'claude-opus-5-5',
    defaultEffort: 'high',
    capabilities: { access: 'all', selected: [] },
    connectors: 'always',
    permissions: { analytics: 'view', libraries: 'view' },
  },
  {
    name: RESEARCH,
    grants: {
      ...HAIKU,
      'claude-fable-5-2': null,
      'claude-fable-5-1': null,
      'claude-opus-5-5': 'xhigh',
      'claude-sonnet-5-5': null,
    },
    defaultModel: 'claude-opus-5-5',
    defaultEffort: 'high',
    capabilities: {
      access: 'selected',
      selected: ['chat', 'claude_code', 'web_search', 'web_fetch', 'code_execution', 'file_upload', 'memory'],
    },
    connectors: { github: 'always', warehouse: 'ask' },
    permissions: { analytics: 'view' },
  },
  {
    name: SUPPORT,
    grants: { ...HAIKU, 'claude-sonnet-5-5': 'medium', 'claude-sonnet-5': 'medium' },
    defaultModel: 'claude-haiku-5-5',
    defaultEffort: null,
    capabilities: { access: 'selected', selected: ['chat', 'claude_code', 'file_upload'] },
    connectors: { jira: 'always', slack: 'ask' },
    permissions: { users: 'view', identity: 'view' },
  },
  {
    name: CONTRACTORS,
    grants: { ...HAIKU, 'claude-sonnet-5-5': 'low' },
    defaultModel: 'claude-sonnet-5-5',
    defaultEffort: 'low',
    capabilities: { access: 'selected', selected: ['chat', 'claude_code'] },
    connectors: 'blocked',
    permissions: {},
  },
];

/** The organisation's connectors with its word on their tools; what no tool is named for has the connector's level. */
export const CONNECTORS: readonly {
  readonly slug: string;
  readonly name: string;
  readonly level: ToolLevel;
  readonly tools: Readonly<Record<string, ToolLevel>>;
}[] = [
  {
    slug: 'github',
    name: 'GitHub',
    level: 'always',
    tools: { delete_repository: 'blocked', merge_pull_request: 'ask' },
  },
  { slug: 'jira', name: 'Jira', level: 'always', tools: {} },
  { slug: 'slack', name: 'Slack', level: 'ask', tools: { read_direct_messages: 'blocked' } },
  { slug: 'warehouse', name: 'Data warehouse', level: 'ask', tools: { run_query: 'ask', drop_table: 'blocked' } },
];
