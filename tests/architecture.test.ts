import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Files, inspect, LINES_MAX, type LongFiles, ROOMS } from './architecture/house.ts';
import { scanSource } from './architecture/scan-source.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every file here needs a reason, and loses its place when it gets short. */
const LONG_FILES: LongFiles = {};

const readSources = (): Files => {
  const paths = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    paths
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => [`src/${path}`, readFileSync(join(ROOT, 'src', path), 'utf8')]),
  );
};

describe('the sources', () => {
  const files = readSources();

  it('are built as the design says', () => {
    expect(Object.keys(files).length).toBeGreaterThan(200);
    expect(inspect(files, LONG_FILES)).toEqual([]);
  });

  it('need every exception that is made for a long file', () => {
    const long = Object.keys(files).filter((path) => scanSource(files[path] ?? '').lines > LINES_MAX);
    expect(Object.keys(LONG_FILES).sort()).toEqual(long.sort());
  });

  it('stand in rooms that the order of the rooms knows', () => {
    const rooms = new Set(Object.keys(files).map((path) => path.split('/')[1]));
    for (const room of rooms) expect(ROOMS).toContain(room);
  });
});

const OTHERS: Files = {
  'src/kernel/index.ts': '',
  'src/kernel/ids.ts': '',
  'src/platform/index.ts': '',
  'src/platform/contract.ts': '',
  'src/directory/index.ts': '',
  'src/directory/contract.ts': '',
  'src/directory/store.ts': '',
  'src/access/index.ts': '',
  'src/access/rules/decide.ts': '',
  'src/main/serve.ts': '',
  'src/main/index.ts': '',
  'tests/support/databases.ts': '',
};

/** The rules a file with this text breaks. */
const rulesBrokenBy = (path: string, text: string): readonly string[] =>
  inspect({ ...OTHERS, [path]: text }).map(({ rule }) => rule);

const EARLIER = 'a room imports only rooms that stand before it';
const DOOR = 'another room is entered through its index.ts or contract.ts';
const OUTSIDE = 'the sources import nothing of the project that stands outside of them, and no test';
const CONTRACT = 'a contract imports only kernel, zod and contracts';
const RULES_IMPORT = 'rules import only kernel and rules of their room';
const RULES_PURE = 'rules have no clock, no randomness and no input or output';
const BY_CONTRACT = 'console and cli know the product by its contracts';
const BROWSER = 'what a browser loads uses nothing of Node';
const ENVIRONMENT = 'only main reads the environment';
const CIRCLE = 'files do not import one another in a circle';
const LONG = `a file has at most ${LINES_MAX} lines`;

describe('the inspection', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['src/directory/a.ts', "import { x } from '../access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "import type { X } from '../access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "export { x } from '../access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "export * from '../access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "import '../access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "const x = await import('../access/index.ts');", [EARLIER]],
    ['src/directory/a.ts', "type X = import('../access/index.ts').X;", [EARLIER]],
    ['src/directory/a.ts', "import {\n  a,\n  b,\n} from '../access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "import { x } from '#access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "import { x } from '@/access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "import { x } from '~/access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "import { x } from 'src/access/index.ts';", [EARLIER]],
    ['src/directory/a.ts', "import { x } from '../access';", [EARLIER]],
    ['src/kernel/a.ts', "import { x } from '../platform/index.ts';", [EARLIER]],
    ['src/access/a.ts', "import { x } from '../directory/store.ts';", [DOOR]],
    ['src/access/deep/er/a.ts', "import { x } from '../../../directory/store.ts';", [DOOR]],
    ['src/access/a.ts', "import { x } from '#directory/store.ts';", [DOOR]],
    ['src/access/a.ts', "import { x } from '../../tests/support/databases.ts';", [OUTSIDE]],
    ['src/access/a.ts', "import { x } from './rules/test-facts.ts';", [OUTSIDE]],
    ['src/access/contract.ts', "import { x } from '../platform/index.ts';", [CONTRACT]],
    ['src/access/contract.ts', "import { x } from 'kysely';", [CONTRACT]],
    ['src/access/contract.ts', "import { readFile } from 'node:fs';", [BROWSER, CONTRACT]],
    ['src/kernel/index.ts', "import { hash } from 'node:crypto';", []],
    ['src/access/parts/contract.ts', "import { x } from '../rules/decide.ts';", [CONTRACT]],
    ['src/access/rules/a.ts', "import { x } from '../../directory/index.ts';", [RULES_IMPORT]],
    ['src/access/rules/a.ts', "import { x } from '../index.ts';", [RULES_IMPORT]],
    ['src/access/rules/a.ts', "import { hash } from 'node:crypto';", [RULES_IMPORT]],
    ['src/access/rules/a.ts', "import { z } from 'zod';", [RULES_IMPORT]],
    ['src/access/rules/a.ts', 'export const now = () => Date.now();', [RULES_PURE]],
    ['src/access/rules/a.ts', 'const x = new Date();', [RULES_PURE]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template.
    ['src/access/rules/a.ts', 'const x = `at ${new Date()}`;', [RULES_PURE]],
    ['src/access/rules/a.ts', 'const x = Math.random() + performance.now();', [RULES_PURE, RULES_PURE]],
    ['src/console/a.tsx', "import { x } from '../directory/index.ts';", [BY_CONTRACT]],
    ['src/console/a.tsx', "import { x } from '../platform/index.ts';", [BY_CONTRACT]],
    ['src/console/a.tsx', "import { x } from '../main/index.ts';", [EARLIER, BY_CONTRACT]],
    ['src/console/a.tsx', "import { x } from 'node:fs';", [BROWSER]],
    ['src/cli/a.ts', "import { x } from '../directory/index.ts';", [BY_CONTRACT]],
    ['src/gateway/a.ts', 'const x = process.env.REMIT_PORT;', [ENVIRONMENT]],
    ['src/gateway/a.ts', "const x = process['env'];", [ENVIRONMENT]],
    ['src/gateway/a.ts', "import { env } from 'node:process';", [ENVIRONMENT]],
    ['src/attic/a.ts', '', ['every file stands in a room of the design']],
    ['src/gateway/a.ts', 'const x = await import(name);', ['what is imported can be read off the source']],
    ['src/gateway/a.ts', 'x;\n'.repeat(LINES_MAX + 1), [LONG]],
    ['src/gateway/a.test.ts', 'x;\n'.repeat(LINES_MAX + 1), [LONG]],
    ['src/kernel/ids.ts', "import { x } from './ids.ts';", [CIRCLE]],
  ])('finds in %s what is wrong with %.80j', (path, text, rules) => {
    expect([...rulesBrokenBy(path, text)].sort()).toEqual([...rules].sort());
  });

  it.each<readonly [string, string]>([
    ['src/access/a.ts', "import { x } from '../directory/index.ts';\nimport { y } from '../directory/contract.ts';"],
    ['src/access/a.ts', "import { x } from 'kysely';\nimport { y } from 'node:fs';\nimport { z } from '@scope/x';"],
    [
      'src/access/contract.ts',
      "import { z } from 'zod';\nimport { x } from '../kernel/index.ts';\nexport * from '../directory/contract.ts';",
    ],
    ['src/access/rules/a.ts', "import { x } from '../../kernel/index.ts';\nimport { y } from './decide.ts';"],
    ['src/access/rules/a.ts', '// Date.now() is not for us\nconst x = new Date(0); /* Math.random() */'],
    ['src/access/rules/a.ts', "const x = 'Date.now()';\nconst y = \"it's process.env\";"],
    ['src/access/rules/a.ts', 'const quote = /["\'`]/;\nconst x = 1;'],
    ['src/gateway/a.ts', "// import { x } from '../main/serve.ts';\nconst y = \"import z from '../main/serve.ts'\";"],
    ['src/gateway/a.test.ts', "import { x } from '../directory/store.ts';\nimport '../../tests/support/databases.ts';"],
    [
      'src/console/a.tsx',
      "import { x } from '../directory/contract.ts';\nimport { y } from '../kernel/index.ts';\nconst z = <p>It's here</p>;",
    ],
    ['src/cli/a.ts', "import { x } from '../main/serve.ts';\nimport { y } from '../platform/contract.ts';"],
    ['src/main/a.ts', "import { x } from '../access/index.ts';\nconst y = process.env.PORT;"],
    ['src/gateway/a.ts', 'x;\n'.repeat(LINES_MAX)],
  ])('finds nothing wrong in %s with %.80j', (path, text) => {
    expect(rulesBrokenBy(path, text)).toEqual([]);
  });

  it('finds a circle of several files, also one of types', () => {
    const files: Files = {
      'src/kernel/a.ts': "import type { B } from './b.ts';",
      'src/kernel/b.ts': "export * from './c.ts';",
      'src/kernel/c.ts': "import { a } from './a.ts';",
    };
    expect(inspect(files)).toEqual([
      {
        file: 'src/kernel/a.ts',
        rule: CIRCLE,
        what: 'src/kernel/a.ts → src/kernel/b.ts → src/kernel/c.ts → src/kernel/a.ts',
      },
    ]);
  });

  it('finds Node behind what a browser loads', () => {
    const files: Files = {
      'src/console/a.tsx': "import { x } from '../kernel/index.ts';",
      'src/kernel/index.ts': "export * from './ids.ts';",
      'src/kernel/ids.ts': "import { hash } from 'node:crypto';",
    };
    expect(inspect(files)).toEqual([{ file: 'src/kernel/ids.ts', rule: BROWSER, what: 'node:crypto' }]);
  });

  it('lets a file be long for a reason', () => {
    const files: Files = { 'src/kernel/words.ts': 'x;\n'.repeat(400) };
    expect(inspect(files)).toHaveLength(1);
    expect(inspect(files, { 'src/kernel/words.ts': 'a table of words' })).toEqual([]);
  });
});
