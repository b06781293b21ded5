import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EVERYTHING, projectionOf } from '../projection.ts';
import { readBody } from '../read-body.ts';
import { readResource } from '../read-resource.ts';
import { renderResource } from '../render-resource.ts';
import { USER } from '../schema/resource-type.ts';
import type { Resource } from '../value.ts';
import { applyPatch } from './apply-patch.ts';
import { readPatch } from './read-patch.ts';

/** A person as the naive model keeps one: an object that is simply changed. */
type Model = {
  userName: string;
  title?: string;
  name?: { givenName?: string; familyName?: string };
  emails?: { value?: string; type?: string; primary?: boolean }[];
};

type Step = { readonly operation: object; readonly change: (model: Model) => void };

const text = fc.constantFrom('a', 'b', 'c');
const type = fc.constantFrom('work', 'home', 'other');

/** What has nothing in it is not there. */
const tidy = (model: Model): void => {
  if (model.emails) model.emails = model.emails.filter((one) => Object.keys(one).length > 0);
  if (model.emails?.length === 0) delete model.emails;
  if (model.name && Object.keys(model.name).length === 0) delete model.name;
};

const sameEmail = (a: { value?: string; type?: string }, b: { value?: string; type?: string }) =>
  a.value === b.value && a.type === b.type;

const addEmail = (model: Model, email: { value: string; type: string; primary?: boolean }): void => {
  model.emails ??= [];
  const list = model.emails;
  const found = list.find((one) => sameEmail(one, email));
  const mine = Object.assign(found ?? {}, email);
  if (found === undefined) list.push(mine);
  if (email.primary) for (const one of list) if (one !== mine) delete one.primary;
};

const steps: fc.Arbitrary<Step> = fc.oneof(
  text.map(
    (value): Step => ({
      operation: { op: 'Replace', path: 'title', value },
      change: (model) => {
        model.title = value;
      },
    }),
  ),
  fc.constant<Step>({
    operation: { op: 'remove', path: 'title' },
    change: (model) => {
      delete model.title;
    },
  }),
  fc.tuple(fc.constantFrom('givenName' as const, 'familyName' as const), text).map(
    ([part, value]): Step => ({
      operation: { op: 'add', value: { [`name.${part}`]: value } },
      change: (model) => {
        model.name = { ...model.name, [part]: value };
      },
    }),
  ),
  fc.constantFrom('givenName' as const, 'familyName' as const).map(
    (part): Step => ({
      operation: { op: 'remove', path: `name.${part}` },
      change: (model) => {
        if (model.name) delete model.name[part];
      },
    }),
  ),
  fc.tuple(text, type, fc.boolean()).map(([value, kind, isMain]): Step => {
    const email = { value, type: kind, ...(isMain ? { primary: true } : {}) };
    return { operation: { op: 'add', path: 'emails', value: [email] }, change: (model) => addEmail(model, email) };
  }),
  fc.tuple(type, text).map(
    ([kind, value]): Step => ({
      operation: { op: 'replace', path: `emails[type eq "${kind}"].value`, value },
      change: (model) => {
        const meant = (model.emails ?? []).filter((one) => one.type === kind);
        for (const one of meant) one.value = value;
        if (meant.length === 0) model.emails = [...(model.emails ?? []), { type: kind, value }];
      },
    }),
  ),
  type.map(
    (kind): Step => ({
      operation: { op: 'remove', path: `emails[type eq "${kind}"]` },
      change: (model) => {
        model.emails = (model.emails ?? []).filter((one) => one.type !== kind);
      },
    }),
  ),
  text.map(
    (value): Step => ({
      operation: { op: 'Remove', path: 'emails', value: [{ value }] },
      change: (model) => {
        model.emails = (model.emails ?? []).filter((one) => one.value !== value);
      },
    }),
  ),
  fc.constant<Step>({
    operation: { op: 'replace', value: { emails: [] } },
    change: (model) => {
      model.emails = [];
    },
  }),
);

const shown = (resource: Resource): unknown => {
  const rendering = { type: USER, base: '', projection: projectionOf(USER, EVERYTHING) };
  const stored = { id: 'user_1', resource, version: 1, createdAt: 0, updatedAt: 0 };
  const { schemas: _schemas, id: _id, meta: _meta, ...rest } = renderResource(rendering, stored);
  return rest;
};

const patchOf = (operations: readonly object[]) =>
  readPatch(USER, readBody(JSON.stringify({ Operations: operations })), 'user_1').operations;

it('any sequence of operations leaves what a naive model of them leaves, in one PATCH or in many', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 12 }), (sequence) => {
      const model: Model = { userName: 'ada' };
      const { resource } = readResource(USER, { userName: 'ada' });
      let stepwise = resource;
      for (const { operation, change } of sequence) {
        change(model);
        tidy(model);
        stepwise = applyPatch(USER, stepwise, patchOf([operation]));
      }
      expect(shown(stepwise)).toEqual(model);
      expect(shown(applyPatch(USER, resource, patchOf(sequence.map(({ operation }) => operation))))).toEqual(model);
    }),
    { numRuns: 1000 },
  );
});

it('what an answer shows is read again as the same resource', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 12 }), (sequence) => {
      const start = readResource(USER, { userName: 'ada', active: 'True', externalId: 'X' }).resource;
      const resource =
        sequence.length === 0 ? start : applyPatch(USER, start, patchOf(sequence.map(({ operation }) => operation)));
      const again = readResource(USER, readBody(JSON.stringify(shown(resource)))).resource;
      expect(shown(again)).toEqual(shown(resource));
    }),
  );
});
