import type { Effort } from '../kernel/index.ts';
import type { CapabilityTables } from './capabilities/tables.ts';
import type { ConnectorTables } from './connectors/tables.ts';
import type { RequestTables } from './requests/tables.ts';

/** The room's tables. Times are epoch milliseconds, UTC; booleans are 0 or 1; `max_effort` null is no cap. */
export type AccessTables = CapabilityTables &
  ConnectorTables &
  RequestTables & {
    model_access: { model: string; enabled: number; max_effort: Effort | null };
    model_settings: {
      singleton: number;
      default_model: string | null;
      default_effort: Effort | null;
      new_models: 'on' | 'off';
      effort_action: 'clamp' | 'refuse' | 'observe';
      /** Grows with each change of the rules about models, so that two administrators cannot overwrite each other. */
      version: number;
    };
    /** A role without a row here has an untouched Models tab. */
    role_model_settings: {
      role_id: string;
      mode: 'all' | 'selected';
      default_model: string | null;
      default_effort: Effort | null;
    };
    role_model_access: { role_id: string; model: string; enabled: number; max_effort: Effort | null };
    /** Models the provider listed that the shipped catalogue does not have, in the Models API's shape. */
    discovered_models: { id: string; info: string; seen_at: number };
  };
