/** What a custom role can grant beside models, connectors and administration, as the access reference (§3.2) names it. */
export const CAPABILITIES = [
  'chat',
  'claude_code',
  'cowork',
  'web_search',
  'web_fetch',
  'code_execution',
  'computer_use',
  'bash',
  'text_editor',
  'memory',
  'file_upload',
  'mcp_connector',
  'fast_mode',
  'claude_code_workflows',
  'claude_code_artifacts',
  'claude_in_chrome',
  'claude_design',
  'claude_security',
  'public_projects',
  'create_skills',
  'share_skills_with_members',
  'share_skills_with_organization',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** The product a request comes from. `api`: a client of the API itself, which needs no product capability. */
export type Product = Extract<Capability, 'chat' | 'claude_code' | 'cowork'> | 'api';

/** How many capabilities a custom role grants: those selected, or all that are generally available, or all, future ones too. */
export const CAPABILITY_ACCESS = ['selected', 'generally_available', 'all'] as const;

export type CapabilityAccess = (typeof CAPABILITY_ACCESS)[number];
