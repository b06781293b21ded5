import type { Effort } from '../../kernel/index.ts';
import type { Model } from './model.ts';
import type { Grant } from './types.ts';

/** Which level sets a cap. `model`: nobody limits it, the model's own highest level does. */
export type CapSource =
  | { readonly level: 'model' }
  | { readonly level: 'organisation' }
  | { readonly level: 'role'; readonly id: string; readonly displayName: string };

/**
 * What one principal may do with one model. `limit` is the lowest level an administrator set along the way (`max` when
 * none did); `cap` is the highest level the model accepts within it. `grantedBy` names the grants that allow the model,
 * and is empty where roles have no say. `stoppedBy` is the level that switches the model off, null when it is allowed.
 */
export type Entitlement = {
  readonly model: Model;
  readonly allowed: boolean;
  readonly cap: Effort;
  readonly limit: Effort;
  readonly capFrom: CapSource;
  readonly grantedBy: readonly Grant[];
  readonly stoppedBy: 'organisation' | 'roles' | null;
  /** How full the spend limit was that closed the model for the rest of its period. */
  readonly closedAtPercent?: number;
  /** How full the spend limit was that lowered the cap for the rest of its period. */
  readonly cappedAtPercent?: number;
};
