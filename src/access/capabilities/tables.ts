import type { Capability, CapabilityAccess } from '../../kernel/index.ts';

/** The tables of capabilities. A row names a capability of this version, or of one that wrote here before. */
export type CapabilityTables = {
  /** The organisation's switches; a capability without a row is on. */
  organization_capabilities: { capability: Capability; enabled: number };
  /** What the configuration forces, replaced at each start. */
  capability_overrides: { capability: Capability; override: 'on' | 'off' };
  /** A role without a row here has an untouched Capabilities tab. */
  role_capability_settings: { role_id: string; access: CapabilityAccess };
  role_capabilities: { role_id: string; capability: Capability };
};
