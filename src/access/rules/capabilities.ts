import type { Capability, CapabilityAccess } from '../../kernel/index.ts';

/**
 * A capability as administrators read of it. `enforcedBy` `gateway`: Remit refuses a request that shows the capability
 * to whoever lacks it. `client`: no request shows it; Claude Code and other clients keep to it by the policy they get.
 */
export type CapabilityInfo = {
  readonly title: string;
  readonly kind: 'product' | 'tool' | 'feature';
  readonly stage: 'generally_available' | 'preview';
  readonly enforcedBy: 'gateway' | 'client';
  /** What a request shows of it; for the client's ones, what the client does. */
  readonly shownBy: string;
};

type Told = readonly [title: string, shownBy: string, stage?: CapabilityInfo['stage']];

const product = ([title, shownBy]: Told): CapabilityInfo => ({
  title,
  shownBy,
  kind: 'product',
  stage: 'generally_available',
  enforcedBy: 'gateway',
});

const tool = ([title, shownBy, stage = 'generally_available']: Told): CapabilityInfo => ({
  title,
  shownBy,
  stage,
  kind: 'tool',
  enforcedBy: 'gateway',
});

const ofClient = ([title, shownBy, stage = 'generally_available']: Told): CapabilityInfo => ({
  title,
  shownBy,
  stage,
  kind: 'feature',
  enforcedBy: 'client',
});

/** Every capability with its words. */
export const CAPABILITY_INFO: { readonly [C in Capability]: CapabilityInfo } = {
  chat: product(['Chat', 'Requests of the chat in Remit’s console.']),
  claude_code: product(['Claude Code', 'Requests that Claude Code sends: in terminals, editors and by its SDK.']),
  cowork: product(['Claude Cowork', 'Requests that Cowork sends, which names itself “local-agent”.']),
  web_search: tool(['Web search', 'A tool of a type that begins with web_search_.']),
  web_fetch: tool(['Web fetch', 'A tool of a type that begins with web_fetch_.']),
  code_execution: tool(['Code execution and file creation', 'A tool of a type that begins with code_execution_.']),
  computer_use: tool(['Computer use', 'A tool of a type that begins with computer_.', 'preview']),
  bash: tool(['Bash tool of the API', 'A tool of a type that begins with bash_; Claude Code’s own Bash is not one.']),
  text_editor: tool(['Text editor tool of the API', 'A tool of a type that begins with text_editor_.']),
  memory: tool(['Memory', 'A tool of a type that begins with memory_.']),
  file_upload: tool([
    'Files and images',
    'An image, a document or another file in a message, and uploads to the Files API.',
  ]),
  mcp_connector: tool(['MCP servers reached by the provider', 'The field mcp_servers of a request.', 'preview']),
  fast_mode: { ...tool(['Fast mode', 'The speed “fast” in a request.']), kind: 'feature' },
  claude_code_workflows: ofClient(['Claude Code dynamic workflows', 'Claude Code offers its workflows.']),
  claude_code_artifacts: ofClient(['Claude Code artifacts', 'Claude Code offers artifacts.', 'preview']),
  claude_in_chrome: ofClient(['Claude in Chrome', 'The browser’s extension works.', 'preview']),
  claude_design: ofClient(['Claude Design', 'The product is offered.', 'preview']),
  claude_security: ofClient(['Claude Security', 'The product is offered.', 'preview']),
  public_projects: ofClient(['Public projects', 'Projects can be shared with the whole organisation.']),
  create_skills: ofClient(['Create skills', 'Skills can be made.']),
  share_skills_with_members: ofClient(['Share skills with members', 'Skills can be shared with single members.']),
  share_skills_with_organization: ofClient(['Share skills with the organisation', 'Skills can be shared with all.']),
};

/** A custom role's Capabilities tab. `selected` counts beside what `access` includes. */
export type RoleCapabilities = { readonly access: CapabilityAccess; readonly selected: ReadonlySet<Capability> };

/**
 * A new role's Capabilities tab. Like its Models tab it holds nobody back until somebody narrows it; Chat is chosen
 * besides, so that it stays when the tab goes over to a list (access reference §3.2).
 */
export const NEW_ROLE_CAPABILITIES: RoleCapabilities = { access: 'generally_available', selected: new Set(['chat']) };

/** Capabilities that the installation itself forces on or off, above what its administrators may choose. */
export type CapabilityOverrides = ReadonlyMap<Capability, 'on' | 'off'>;

/** The organisation's level of capabilities. */
export type CapabilityCeiling = {
  readonly capabilitiesOff: ReadonlySet<Capability>;
  readonly capabilityOverrides: CapabilityOverrides;
};

/** Whether a role grants a capability, before the levels above it. */
export const roleGrants = ({ access, selected }: RoleCapabilities, capability: Capability): boolean =>
  access === 'all' ||
  selected.has(capability) ||
  (access === 'generally_available' && CAPABILITY_INFO[capability].stage === 'generally_available');
