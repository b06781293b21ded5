import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policySchema } from './file-format.ts';
import { readPolicy } from './read-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remit-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
};

const policy = (...lines: readonly string[]): string => ['remit: policy/v1', ...lines].join('\n');

/** What reading refuses with, without the folder. */
const complaints = (...paths: readonly string[]): readonly string[] => {
  try {
    readPolicy(paths);
  } catch (error) {
    return String((error as Error).message)
      .replaceAll(`${folder}/`, '')
      .split('\n');
  }
  return [];
};

describe('every mistake of a file is said at once, with its line and column and what to write instead', () => {
  it.each<[what: string, lines: readonly string[], complaint: string]>([
    [
      'an unknown key',
      ['organisation:', '  modles: {}'],
      'a.yaml:3:3: “modles” is no key that is known here. Did you mean “models”?',
    ],
    [
      'an unknown section',
      ['rolls: {}'],
      'a.yaml:2:1: “rolls” is no key that is known at the top of a policy file. Did you mean “roles”?',
    ],
    [
      'a key of nothing that is known',
      ['members:', '  a@x.org: {wages: 3}'],
      'a.yaml:3:13: “wages” is no key that is known here. Known are: organisation_role, roles, limits, rates.',
    ],
    [
      'a key that stands elsewhere',
      ['groups:', '  A: {spend_limits: {}}'],
      'a.yaml:3:7: Spend limits stand under “limits” of organisation, groups, members, workspaces and keys.',
    ],
    [
      'a period that is none',
      ['keys:', '  nightly: {limits: {yearly: 3}}'],
      'a.yaml:3:22: “yearly” is no key that is known here. Known are: daily, weekly, monthly.',
    ],
    [
      'an amount that is none',
      ['workspaces:', '  Research: {limits: {daily: lots}}'],
      'a.yaml:3:23: “lots” is not one of a number, unlimited, none.',
    ],
    [
      'a number that is too big',
      ['organisation: {spend: {thresholds: [50, 120]}}'],
      'a.yaml:2:41: 120 is too big: the most is 100.',
    ],
    [
      'a step that is none',
      ['organisation: {limits: {each_session: {amount: 5, ladder: [{at_percent: 80, action: stop}]}}}'],
      'a.yaml:2:77: “stop” is not one of notify, lower_effort, restrict_models.',
    ],
    [
      'a word that is none',
      ['organisation:', '  models:', '    opus: hgih'],
      'a.yaml:4:5: “hgih” is not one of on, off, low, medium, high, xhigh, max. Did you mean “high”?',
    ],
    [
      'a word in a role',
      ['roles:', '  A:', '    models: {opus: xhihg}'],
      'a.yaml:4:14: “xhihg” is not one of on, off, low, medium, high, xhigh, max. Did you mean “xhigh”?',
    ],
    [
      'a wrong word for all models',
      ['roles:', '  A: {models: every}'],
      'a.yaml:3:7: “every” is not one of all, or keys with values.',
    ],
    [
      'text instead of a list',
      ['groups:', '  A: {members: a@x.org}'],
      'a.yaml:3:7: This has to be a list, not “a@x.org”.',
    ],
    [
      'a list instead of keys',
      ['roles: [A]'],
      'a.yaml:2:1: This has to be keys with values, such as “name: value”, not ["A"].',
    ],
    [
      'an address that is none',
      ['groups:', '  A:', '    members:', '      - ada'],
      'a.yaml:5:9: “ada” is not an e-mail address.',
    ],
    ['absent: false', ['groups:', '  A: {absent: false}'], 'a.yaml:3:7: false is not one of true.'],
  ])('%s', (_, lines, complaint) => {
    const path = write('a.yaml', policy(...lines));
    expect(complaints(path)).toEqual([complaint]);
  });

  it('all of them, in their order', () => {
    const path = write(
      'a.yaml',
      policy('organisation: {nme: x}', 'roles: {A: {modles: all}}', 'groups: {G: {members: 1}}'),
    );
    expect(complaints(path).map((line) => line.replace(/: .*/, ''))).toEqual([
      'a.yaml:2:16',
      'a.yaml:3:13',
      'a.yaml:4:14',
    ]);
  });

  it('YAML that is none, and a key that is there twice', () => {
    expect(complaints(write('a.yaml', policy('roles: {A: ')))[0]).toMatch(/^a\.yaml:\d+:\d+: this is no YAML: /);
    expect(complaints(write('b.yaml', policy('roles: {A: {}, A: {}}')))[0]).toMatch(/^b\.yaml:2:16: .*unique/);
  });

  it('the server’s configuration is told from a policy, and a policy of another version from one of this', () => {
    expect(complaints(write('remit.yaml', 'port: 8484\n'))[0]).toMatch(
      /^remit\.yaml:1:1: this is no policy file: it has to begin with “remit: policy\/v1”\. \(The configuration of the server/,
    );
    expect(complaints(write('next.yaml', 'remit: policy/v2\n'))).toEqual([
      'next.yaml:1:1: “policy/v2” is not one of policy/v1. Did you mean “policy/v1”?',
    ]);
    expect(complaints(write('empty.yaml', '# nothing\n'))[0]).toMatch(/^There is nothing in/);
    expect(complaints(join(folder, 'missing.yaml'))[0]).toMatch(/^missing\.yaml cannot be read: ENOENT/);
  });
});

describe('several files', () => {
  it('are read as one, from folders and documents, hidden files and others left out', () => {
    write('policy/b.yml', policy('groups: {B: {}}'));
    write('policy/roles/a.yaml', `${policy('roles: {A: {}}')}\n---\n${policy('roles: {C: {}}')}\n`);
    write('policy/.draft.yaml', 'not: a policy');
    write('policy/README.md', '# notes');
    const more = write('more.yaml', policy('organisation: {models: {opus: false, sonnet: true}}'));
    const { declared } = readPolicy([join(folder, 'policy'), more]);
    expect([Object.keys(declared.roles), Object.keys(declared.groups)]).toEqual([['A', 'C'], ['B']]);
    expect(declared.organisation.models).toEqual({ opus: 'off', sonnet: 'on' });
  });

  it('say each thing once', () => {
    const one = write('one.yaml', policy('organisation: {new_models: on}', 'roles: {A: {}}'));
    const two = write('two.yaml', policy('organisation: {effort_action: clamp}', 'roles: {B: {}, A: {models: all}}'));
    expect(complaints(one, two)).toEqual([
      'two.yaml:3:16: roles › A is declared in one.yaml:3:9 already. Say everything about it in one place.',
    ]);
  });

  it('know where everything stands', () => {
    const one = write('one.yaml', policy('roles:', '  A:', '    models:', '      opus: on'));
    const two = write('two.yaml', policy('groups:', '  G:', '    roles:', '      - A', '      - B'));
    const { whereIs } = readPolicy([one, two]);
    expect(whereIs(['roles', 'A', 'models', 'opus'])).toBe(`${one}:5:7`);
    expect(whereIs(['groups', 'G', 'roles', 1])).toBe(`${two}:6:9`);
    expect(whereIs(['groups', 'G', 'absent'])).toBe(`${two}:3:3`);
  });
});

it('the examples of the guide are policy files', () => {
  const guide = readFileSync(new URL('../../../docs/guides/configuration-as-code.md', import.meta.url), 'utf8');
  const examples = [...guide.matchAll(/```yaml\n(remit: policy[\s\S]*?)```/g)].map(([, text = '']) => text);
  const files = examples.map((text, at) => write(`guide-${at}.yaml`, text));
  expect(files.flatMap((file) => complaints(file))).toEqual([]);
  const [whole, money] = files.map((file) => readPolicy([file]).declared);
  expect(Object.keys(whole?.connectors ?? {})).toEqual(['github']);
  expect(Object.keys(money?.keys ?? {})).toEqual(['nightly-build']);
});

it('the schema for editors knows the first line and refuses keys that are unknown', () => {
  expect(policySchema()).toMatchObject({
    required: ['remit'],
    additionalProperties: false,
    properties: { remit: { const: 'policy/v1' }, roles: { additionalProperties: { additionalProperties: false } } },
  });
});
