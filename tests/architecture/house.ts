import { posix } from 'node:path';
import { type Source, scanSource } from './scan-source.ts';

/** The rooms in the order of the design: a room may import only rooms that stand before it. */
export const ROOMS = [
  'kernel',
  'platform',
  'activity',
  'directory',
  'access',
  'spend',
  'seats',
  'compliance',
  'claude-code',
  'analytics',
  'gateway',
  'console',
  'cli',
  'main',
] as const;

/** Rooms that run elsewhere (a browser, a terminal) and know the product by its HTTP contract only. */
const ELSEWHERE: readonly string[] = ['console', 'cli'];

/** Texts of files by their path from the root, such as `src/kernel/ids.ts`. */
export type Files = Readonly<Record<string, string>>;

/** The door of what contracts are made of; what stands behind it must run in a browser too. */
const PLATFORM_DOOR = 'src/platform/contract.ts';

/** Files that may be longer than {@link LINES_MAX}, each with the reason. */
export type LongFiles = Readonly<Record<string, string>>;

export const LINES_MAX = 300;

/** What of a file breaks which rule. */
export type Violation = { readonly file: string; readonly rule: string; readonly what: string };

type Import = { readonly name: string; readonly path: string | null };
type File = { readonly path: string; readonly source: Source; readonly imports: readonly Import[] };

const roomOf = (path: string): string => path.split('/')[1] ?? '';
const placeOf = (room: string): number => ROOMS.indexOf(room as (typeof ROOMS)[number]);
const isInRules = (path: string): boolean => path.includes('/rules/');
const isContract = (path: string): boolean => posix.basename(path) === 'contract.ts';
const isDoor = (path: string): boolean => /^src\/[^/]+\/(?:index|contract)\.ts$/.test(path);
const isRoomContract = (path: string): boolean => /^src\/[^/]+\/contract\.ts$/.test(path);

/** Tests, and what only tests use: they may open every door, and production may not use them. */
const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) || path.includes('/testing/') || /\/test-[^/]+\.ts$/.test(path);

/** Every way to write a path from the root of the sources: `#access/x.ts`, `@/access/x.ts`, `~/access`, `src/access`. */
const ALIAS = /^(?:#\/?|@\/|~\/|remit\/src\/|\/?src\/)/;

const inProject = (from: string, name: string): string | null => {
  if (name.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), name));
  return ALIAS.test(name) ? `src/${name.replace(ALIAS, '')}` : null;
};

const resolve = (files: Files, from: string, name: string): string | null => {
  const path = inProject(from, name.replace(/\?.*$/, ''));
  if (path === null) return null;
  const endings = ['', '.ts', '.tsx', '/index.ts', '/index.tsx'];
  return endings.map((ending) => path + ending).find((one) => one in files) ?? path;
};

const readFiles = (files: Files): readonly File[] =>
  Object.entries(files).map(([path, text]) => {
    const source = scanSource(text);
    return { path, source, imports: source.imports.map((name) => ({ name, path: resolve(files, path, name) })) };
  });

type Rule = (file: File) => readonly Omit<Violation, 'file'>[];

const broken = (rule: string, whats: readonly string[]) => whats.map((what) => ({ rule, what }));

/** The imports of a file that lead into the sources. */
const inward = (file: Pick<File, 'imports'>): readonly string[] => file.imports.flatMap(({ path }) => path ?? []);

const NOTHING = { imports: [] };

const namesOf = (file: File, isWrong: (one: Import) => boolean): readonly string[] =>
  file.imports.filter(isWrong).map(({ name }) => name);

const onlyKnownRooms: Rule = ({ path }) =>
  broken('every file stands in a room of the design', placeOf(roomOf(path)) === -1 ? [roomOf(path)] : []);

const onlyEarlierRooms: Rule = (file) => {
  const own = roomOf(file.path);
  const isLater = (path: string) => roomOf(path) !== own && placeOf(roomOf(path)) >= placeOf(own);
  return broken(
    'a room imports only rooms that stand before it',
    inward(file).filter((path) => path.startsWith('src/') && isLater(path)),
  );
};

const onlyThroughDoors: Rule = (file) =>
  broken(
    'another room is entered through its index.ts or contract.ts',
    inward(file).filter((path) => path.startsWith('src/') && roomOf(path) !== roomOf(file.path) && !isDoor(path)),
  );

const nothingOutside: Rule = (file) =>
  broken(
    'the sources import nothing of the project that stands outside of them, and no test',
    inward(file).filter((path) => (!path.startsWith('src/') && path !== 'package.json') || isTest(path)),
  );

const contractsAreLight: Rule = (file) => {
  if (!isContract(file.path) || file.path === PLATFORM_DOOR) return [];
  const isFine = (path: string) => roomOf(path) === 'kernel' || isContract(path);
  const wrong = namesOf(file, ({ name, path }) => (path === null ? name !== 'zod' : !isFine(path)));
  return broken('a contract imports only kernel, zod and contracts', wrong);
};

const IMPURE =
  /\b(?:Date\.now|Math\.random|performance\.now|new Date\(\s*\)|Date\(\s*\)|crypto\.\w+|setTimeout|setInterval|fetch\s*\(|process\.\w+)/g;

const rulesArePure: Rule = (file) => {
  if (!isInRules(file.path)) return [];
  const own = roomOf(file.path);
  const isFine = (path: string | null) =>
    path !== null && (roomOf(path) === 'kernel' || (roomOf(path) === own && isInRules(path)));
  return [
    ...broken(
      'rules import only kernel and rules of their room',
      namesOf(file, ({ path }) => !isFine(path)),
    ),
    ...broken('rules have no clock, no randomness and no input or output', file.source.bare.match(IMPURE) ?? []),
  ];
};

const elsewhereByContract: Rule = (file) => {
  const room = roomOf(file.path);
  if (!ELSEWHERE.includes(room)) return [];
  const isFine = (path: string) =>
    roomOf(path) === room ||
    roomOf(path) === 'kernel' ||
    isRoomContract(path) ||
    (room === 'cli' && roomOf(path) === 'main');
  const wrong = namesOf(file, ({ path }) => path !== null && !isFine(path));
  return broken('console and cli know the product by its contracts', wrong);
};

/** The command line starts the program itself (`serve`, `demo`), which the order of the rooms does not foresee. */
const isProgramStart = ({ file, rule, what }: Violation): boolean =>
  roomOf(file) === 'cli' && roomOf(what) === 'main' && /(?:import|through|before)/.test(rule);

const isForBrowsers = (path: string): boolean => roomOf(path) === 'console' || isContract(path);

/** Nothing of Node in what a browser loads: the console, the contracts, and everything those lead to. */
const nodeInBrowser = (files: readonly File[]): readonly Violation[] => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const loaded = new Set(files.map(({ path }) => path).filter(isForBrowsers));
  for (const path of loaded) for (const next of inward(byPath.get(path) ?? NOTHING)) loaded.add(next);
  return files
    .filter(({ path }) => loaded.has(path))
    .flatMap((file) =>
      broken(
        'what a browser loads uses nothing of Node',
        namesOf(file, ({ name }) => name.startsWith('node:')),
      ).map((one) => ({ file: file.path, ...one })),
    );
};

const onlyMainReadsEnvironment: Rule = (file) => {
  if (roomOf(file.path) === 'main') return [];
  const read = file.source.bare.match(/\bprocess\s*(?:\.\s*env|\[)/g) ?? [];
  const imported = namesOf(file, ({ name }) => name === 'node:process' || name === 'process');
  return broken('only main reads the environment', [...read, ...imported]);
};

const importsHaveNames: Rule = ({ source }) =>
  broken('what is imported can be read off the source', source.hasComputedImport ? ['import(…)'] : []);

const PRODUCTION_RULES: readonly Rule[] = [
  onlyKnownRooms,
  onlyEarlierRooms,
  onlyThroughDoors,
  nothingOutside,
  contractsAreLight,
  rulesArePure,
  elsewhereByContract,
  onlyMainReadsEnvironment,
  importsHaveNames,
];

const isShort =
  (longFiles: LongFiles): Rule =>
  ({ path, source }) =>
    broken(
      `a file has at most ${LINES_MAX} lines`,
      source.lines <= LINES_MAX || path in longFiles ? [] : [`${source.lines} lines`],
    );

const cyclesIn = (files: readonly File[]): readonly Violation[] => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const found: Violation[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const file = byPath.get(path);
    if (file === undefined || state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      const cycle = [...trail.slice(trail.indexOf(path)), path];
      found.push({ file: path, rule: 'files do not import one another in a circle', what: cycle.join(' → ') });
      return;
    }
    state.set(path, 'open');
    for (const next of inward(file)) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const { path } of files) visit(path, []);
  return found;
};

/** Everything in `files` (all of `src/`) that breaks a rule of the house; none when the house is in order. */
export const inspect = (files: Files, longFiles: LongFiles = {}): readonly Violation[] => {
  const all = readFiles(files);
  const production = all.filter(({ path }) => path.startsWith('src/') && !isTest(path));
  const check = (checked: readonly File[], rules: readonly Rule[]): readonly Violation[] =>
    checked.flatMap((file) => rules.flatMap((rule) => rule(file).map((one) => ({ file: file.path, ...one }))));
  return [
    ...check(production, PRODUCTION_RULES).filter((one) => !isProgramStart(one)),
    ...check(all, [isShort(longFiles)]),
    ...nodeInBrowser(production),
    ...cyclesIn(production),
  ];
};
