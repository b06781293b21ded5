import { describe, expect, test } from 'vitest';
import { EFFORTS } from '../../kernel/index.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Model } from './model.ts';
import { assumedModel, modelFromInfo } from './model-from-info.ts';
import { bareName, indexModels, resolveName } from './model-index.ts';
import { toModelInfo } from './model-info.ts';
import { HAIKU, INDEX, OPUS, OPUS_4_5, OPUS_4_6, SONNET } from './test-facts.ts';

const known = (id: string): Model => {
  const model = INDEX.byId.get(id);
  if (model === undefined) throw new Error(`no ${id} in the catalogue`);
  return model;
};

describe('the catalogue', () => {
  test('names every model once, and no name stands for two', () => {
    const names = CATALOGUE.flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('lists effort levels lowest first, with the default among them', () => {
    for (const { efforts, defaultEffort } of CATALOGUE) {
      expect(efforts).toEqual(EFFORTS.filter((level) => efforts.includes(level)));
      expect(defaultEffort === null ? efforts.length === 0 : efforts.includes(defaultEffort)).toBe(true);
    }
  });

  test('puts releases in order: the newest of each family is the current one', () => {
    const newest = [...INDEX.byLine].map(([line, models]) => [line, models[0]?.id]);
    expect(Object.fromEntries(newest)).toEqual({
      haiku: HAIKU,
      sonnet: SONNET,
      opus: OPUS,
      fable: 'claude-fable-5-2',
      mythos: 'claude-mythos-5-2',
    });
    expect(INDEX.byLine.get('opus')?.map(({ id }) => id)).toEqual([
      OPUS,
      'claude-opus-5',
      'claude-opus-4-8',
      'claude-opus-4-7',
      OPUS_4_6,
      OPUS_4_5,
    ]);
  });
});

describe('names', () => {
  test.each([
    ['claude-opus-5-5', 'model'],
    ['claude-opus-5-5[1m]', 'model'],
    ['claude-opus-4-5', 'model'],
    ['opus', 'family'],
    ['opus[1m]', 'family'],
    ['claude-fable', 'family'],
    ['sonnet-latest', 'family'],
    ['claude-mythos-latest', 'family'],
    ['default', 'default'],
    ['claude-opus', 'family'],
    ['claude-opus-9', 'unknown'],
    ['', 'unknown'],
    ['[1m]', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s is a %s name', (asked, kind) => {
    expect(resolveName(INDEX, asked).kind).toBe(kind);
  });

  test('only the long-context mark is taken off', () => {
    expect(bareName('claude-opus-5-5[1m]')).toBe('claude-opus-5-5');
    expect(bareName('claude-opus-5-5[2m]')).toBe('claude-opus-5-5[2m]');
  });

  test('a model added later under a known id replaces it, and a retired one answers no family name', () => {
    const retired: Model = { ...known(OPUS), displayName: 'Gone', lifecycle: 'retired' };
    const index = indexModels([...CATALOGUE, retired]);
    expect(index.models).toHaveLength(CATALOGUE.length);
    expect(index.byId.get(OPUS)?.displayName).toBe('Gone');
    expect(index.byLine.get('opus')?.[0]?.id).toBe('claude-opus-5');
  });

  test('an id wins over the alias of another model', () => {
    const other = { ...assumedModel({ id: 'x', displayName: 'X', line: null, releasedAt: 0 }), aliases: [OPUS] };
    const found = resolveName(indexModels([other, ...CATALOGUE]), OPUS);
    expect(found.kind === 'model' && found.model.id).toBe(OPUS);
  });
});

describe('the Models API', () => {
  test('shows a model with the effort levels left to the caller', () => {
    expect(toModelInfo(known(OPUS), ['low', 'medium'])).toEqual({
      type: 'model',
      id: 'claude-opus-5-5',
      display_name: 'Claude Opus 5.5',
      created_at: '2026-09-22T00:00:00Z',
      line: 'opus',
      lifecycle: 'active',
      deprecated_at: null,
      retires_at: null,
      max_input_tokens: 1_000_000,
      max_tokens: 128_000,
      capabilities: {
        batch: { supported: true },
        citations: { supported: true },
        code_execution: { supported: true },
        context_management: {
          supported: true,
          clear_thinking_20251015: { supported: true },
          clear_tool_uses_20250919: { supported: true },
          compact_20260112: { supported: true },
        },
        effort: {
          supported: true,
          low: { supported: true },
          medium: { supported: true },
          high: { supported: false },
          xhigh: { supported: false },
          max: { supported: false },
        },
        image_input: { supported: true },
        pdf_input: { supported: true },
        server_tools: { supported: true, web_search: { supported: true }, code_execution: { supported: true } },
        structured_outputs: { supported: true },
        thinking: {
          supported: true,
          types: {
            adaptive: { supported: true },
            between_tools: { supported: false },
            disabled: { supported: false },
            enabled: { supported: false },
          },
        },
      },
    });
  });

  test('says a retirement date where there is one', () => {
    const info = toModelInfo(known('claude-sonnet-4-5-20250929'), []);
    expect([info.lifecycle, info.retires_at]).toEqual(['deprecated', '2026-11-30T00:00:00Z']);
    expect(info.capabilities?.effort.supported).toBe(false);
  });

  test('every model of the catalogue comes back from its own entry', () => {
    for (const model of CATALOGUE) expect(modelFromInfo(toModelInfo(model, model.efforts), model)).toEqual(model);
  });

  test('an entry nobody knew is taken as it describes itself, starting at high', () => {
    const info = {
      ...toModelInfo(known(OPUS_4_6), known(OPUS_4_6).efforts),
      id: 'claude-opus-6',
      display_name: 'Claude Opus 6',
    };
    expect(modelFromInfo(info)).toMatchObject({
      id: 'claude-opus-6',
      aliases: [],
      efforts: ['low', 'medium', 'high', 'max'],
      defaultEffort: 'high',
    });
  });

  test('an entry without capabilities is taken to accept every effort, so that a cap on it holds', () => {
    const model = modelFromInfo({
      ...toModelInfo(known(OPUS), []),
      id: 'claude-x',
      capabilities: null,
      created_at: 'long ago',
    });
    expect(model).toMatchObject({ efforts: EFFORTS, capabilities: null, releasedAt: 0 });
    expect(model.thinking).toContain('enabled');
    expect(toModelInfo(model, EFFORTS).capabilities).toBe(null);
  });
});
