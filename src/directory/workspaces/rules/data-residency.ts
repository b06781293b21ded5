import { Refusal } from '../../../kernel/index.ts';

export type InferenceGeo = 'global' | 'us';

/** Where a workspace keeps data and may have models run (organisation APIs §1.4). */
export type DataResidency = {
  readonly workspace_geo: 'us';
  readonly allowed_inference_geos: readonly InferenceGeo[] | 'unrestricted';
  readonly default_inference_geo: InferenceGeo;
};

/** What a workspace has that says nothing of it. */
export const UNRESTRICTED: DataResidency = {
  workspace_geo: 'us',
  allowed_inference_geos: 'unrestricted',
  default_inference_geo: 'global',
};

/** A change of it; what is left out or null stays. */
export type DataResidencyChange = {
  readonly allowed_inference_geos?: readonly InferenceGeo[] | 'unrestricted' | null | undefined;
  readonly default_inference_geo?: InferenceGeo | null | undefined;
};

/** Applies a change; refuses (`invalid_request`) a default that is not among what is allowed, and an empty list. */
export const changeDataResidency = (before: DataResidency, change: DataResidencyChange): DataResidency => {
  const allowed = change.allowed_inference_geos ?? before.allowed_inference_geos;
  const after: DataResidency = {
    workspace_geo: before.workspace_geo,
    allowed_inference_geos: allowed === 'unrestricted' ? allowed : [...new Set(allowed)],
    default_inference_geo: change.default_inference_geo ?? before.default_inference_geo,
  };
  if (allowed !== 'unrestricted' && !allowed.includes(after.default_inference_geo))
    throw new Refusal(
      'invalid_request',
      `data_residency: default_inference_geo "${after.default_inference_geo}" is not among allowed_inference_geos.`,
    );
  return after;
};
