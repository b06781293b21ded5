import type { ModelAccess } from '../../../access/contract.ts';

/** The families, most capable first. */
const FAMILIES = ['mythos', 'fable', 'opus', 'sonnet', 'haiku'] as const;

const TITLES = { mythos: 'Mythos', fable: 'Fable', opus: 'Opus', sonnet: 'Sonnet', haiku: 'Haiku' } as const;

/** Models of one family, newest first. */
type ModelFamily = { readonly title: string; readonly models: readonly ModelAccess[] };

const newestFirst = (a: ModelAccess, b: ModelAccess): number => b.released_at.localeCompare(a.released_at);

/** Groups models by family, newest first, keeping those whose name or id contains the text. Unknown families come last. */
export const arrangeModels = (models: readonly ModelAccess[], text: string): readonly ModelFamily[] => {
  const wanted = text.trim().toLowerCase();
  const kept = models
    .filter((model) => `${model.display_name} ${model.model}`.toLowerCase().includes(wanted))
    .sort(newestFirst);
  const families = FAMILIES.map((line) => ({
    title: TITLES[line],
    models: kept.filter((model) => model.line === line),
  }));
  const others = { title: 'Other', models: kept.filter((model) => model.line === null) };
  return [...families, others].filter((family) => family.models.length > 0);
};
