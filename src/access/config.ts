import { z } from 'zod';
import { CAPABILITIES, type Capability } from '../kernel/index.ts';
import { section } from '../platform/index.ts';
import type { CapabilityOverrides } from './rules/capabilities.ts';
import { LINES, type Model } from './rules/model.ts';
import { assumedModel } from './rules/model-from-info.ts';

const OwnModel = z.strictObject({
  id: z.string().min(1).max(256),
  name: z.string().min(1).optional(),
  line: z.enum(LINES).optional(),
  released: z.iso.date().optional(),
});

export const accessConfig = section('Models', {
  models: {
    schema: z.array(OwnModel).max(500).default([]),
    help: 'Models beyond the built-in catalogue `{id, name, line, released}`, in the file only: names your provider or another gateway answers to. They are taken to accept every effort, and are charged at the dearest known price.',
  },
  capabilities: {
    schema: z.partialRecord(z.enum(CAPABILITIES), z.enum(['on', 'off'])).default({}),
    help: 'Capabilities forced `on` or `off` for everybody, above what owners and roles may choose, such as `{web_search: off}`; in the file only.',
  },
});

/** The models of the configuration, as the catalogue would have them. */
export const ownModels = (models: readonly z.output<typeof OwnModel>[]): readonly Model[] =>
  models.map(({ id, name, line, released }) =>
    assumedModel({
      id,
      displayName: name ?? id,
      line: line ?? null,
      releasedAt: released === undefined ? 0 : Date.parse(released),
    }),
  );

/** The capabilities that the configuration forces. */
export const capabilityOverrides = (forced: Readonly<Partial<Record<Capability, 'on' | 'off'>>>): CapabilityOverrides =>
  new Map(
    CAPABILITIES.flatMap((capability) => {
      const override = forced[capability];
      return override === undefined ? [] : [[capability, override] as const];
    }),
  );
