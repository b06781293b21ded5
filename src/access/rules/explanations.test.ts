import { describe, expect, test } from 'vitest';
import type { Finding } from './decision.ts';
import { effectiveAccess } from './effective-access.ts';
import { type Audience, explain } from './reasons.ts';
import { answer, HAIKU, INDEX, member, OPUS, organisation, role, SONNET, service, wants } from './test-facts.ts';
import type { Principal } from './types.ts';

const first = (findings: readonly Finding[], audience: Audience): string | undefined =>
  findings.map((finding) => explain(finding, audience))[0];

describe('a refusal in words', () => {
  test('tells the administrator which group owns the key and which roles fell short', () => {
    const { findings } = answer(organisation(), service([role('Night build', { [SONNET]: 'on' })]), wants(OPUS));
    expect(first(findings, 'administrator')).toBe(
      'None of the roles of the group “Builders”, which owns this key, grants Claude Opus 5.5 (“Night build”). Grant it in one of them, or attach a role that has it.',
    );
    expect(first(findings, 'member')).toBe(
      'Claude Opus 5.5 is not included in the roles of this key (“Night build”). Choose another model, for example Claude Sonnet 5.5, or ask an administrator to grant it.',
    );
  });

  test('names a few roles and counts the rest, so that a finding stays small', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => role(`R${at}`, {}));
    const { findings } = answer(organisation(), member(many), wants(OPUS));
    expect(first(findings, 'administrator')).toContain('(“R0”, “R1”, “R2” and 997 more)');
    expect(JSON.stringify(findings).length).toBeLessThan(1_000);
  });

  test('says that there is no role where there is none', () => {
    const { findings } = answer(organisation(), member([]), wants(OPUS));
    expect(first(findings, 'member')).toBe(
      'Claude Opus 5.5 needs a role, and you have none. Choose another model, for example Claude Haiku 5.5, or ask an administrator for one that grants it.',
    );
  });

  test('tells the administrator which role sets a cap', () => {
    const { findings } = answer(
      organisation(),
      member([role('Thrifty', { [OPUS]: 'low' })]),
      wants(OPUS, { effort: 'max' }),
    );
    const sentences = findings.map((finding) => explain(finding, 'administrator'));
    expect(sentences).toContain(
      'Effort max is above the limit of low on Claude Opus 5.5, set by the role “Thrifty”; it was lowered.',
    );
  });
});

describe('effective access', () => {
  const explained = (principal: Principal) =>
    effectiveAccess({ index: INDEX, organisation: organisation(), principal });

  test('says that custom roles have no effect on a member who is not Custom', () => {
    const found = explained(member([role('A', {}), role('B', {})], 'owner'));
    expect(found.rolesBind).toBe(false);
    expect(found.sentence).toMatch(/custom roles \(2\) have no effect/);
    expect(found.models.every(({ allowed }) => allowed)).toBe(true);
  });

  test('names the role that grants and the way it came', () => {
    const direct: Principal = {
      kind: 'member',
      id: 'user-1',
      organisationRole: 'managed',
      grants: [{ role: role('Writers', { [OPUS]: 'medium' }), via: { kind: 'member' } }],
    };
    const opus = explained(direct).models.find(({ model }) => model === OPUS);
    expect(opus).toMatchObject({
      allowed: true,
      cap: 'medium',
      effortsLeft: ['low', 'medium'],
      grantedBy: [{ role: { id: 'role-Writers', displayName: 'Writers' }, via: { kind: 'member' } }],
      sentence:
        'Claude Opus 5.5 may be used up to effort medium, a limit set by the role “Writers”; granted by the role “Writers” (attached directly).',
    });
  });

  test('a Custom member without any role has Haiku to begin with, and is told why', () => {
    const found = explained(member([]));
    expect(found.sentence).toMatch(/no custom role reaches them/);
    expect(
      found.models.filter(({ allowed }) => allowed).every(({ displayName }) => displayName.includes('Haiku')),
    ).toBe(true);
    expect(found.defaultModel).toBe(HAIKU);
  });

  test('a service key is explained by its owner group', () => {
    expect(explained(service([role('A', 'all')])).sentence).toMatch(/group “Builders”/);
    expect(explained(service([])).sentence).toMatch(/has no role/);
  });
});
