/** A source of repeatable choices: the same seed gives the same bodies on every machine. */
export type Choices = { below(limit: number): number; oneOf(list: readonly string[]): string };

/** Choices drawn from a 32-bit mixing generator (mulberry32). */
export const createChoices = (seed: number): Choices => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, oneOf: (list) => list[below(list.length)] ?? '' };
};

const SUBJECTS = [
  'The parser',
  'This handler',
  'Our queue',
  'The cache layer',
  'A late reply',
  'The migration',
  'Each worker',
];
const VERBS = ['keeps', 'drops', 'rereads', 'rejects', 'orders', 'mirrors', 'wraps', 'delays'];
const OBJECTS = [
  'the oldest entry',
  'a "quoted" field',
  'every open file',
  'its own lock',
  'the naïve path',
  'one row per tick',
];
const TAILS = [
  'until the test says otherwise',
  'when the disk is slow',
  'before it returns',
  'and nobody notices',
  'on the second try',
];

/** A sentence of plain prose, about 60 characters. */
export const sentence = ({ oneOf }: Choices): string =>
  `${oneOf(SUBJECTS)} ${oneOf(VERBS)} ${oneOf(OBJECTS)} ${oneOf(TAILS)}.`;

/** Prose of `count` sentences with a line break now and then. */
export const prose = (choices: Choices, count: number): string =>
  Array.from({ length: count }, () => sentence(choices) + (choices.below(5) === 0 ? '\n' : ' ')).join('');

const NAMES = ['shelf', 'ledger', 'cursor', 'batch', 'window', 'anchor', 'ticket', 'parcel', 'signal', 'basket'];

const codeLine = (choices: Choices): string => {
  const { below, oneOf } = choices;
  const name = oneOf(NAMES);
  const forms = [
    `  const ${name} = read("${oneOf(NAMES)}/${below(900)}.json", { retries: ${below(9)} });`,
    `  if (${name}.size > ${below(5000)}) throw new Error(\`too many "${oneOf(NAMES)}" entries: \${${name}.size}\`);`,
    `\tfor (const [key, value] of ${name}) out.push(key + "\\t" + value + "\\n");`,
    `  // ${sentence(choices)}`,
    `  return ${name}.map((each) => each.replace(/\\s+"/g, '\\\\"'));`,
    `  await ${name}.flush({ path: 'C:\\\\work\\\\${oneOf(NAMES)}', force: ${below(2) === 0} });`,
  ];
  return oneOf(forms);
};

/** Source text of `count` lines, rich in quotes, backslashes and tabs as code is. */
export const code = (choices: Choices, count: number): string =>
  Array.from({ length: count }, () => codeLine(choices)).join('\n');

/** A file listing as a reading tool returns it: line numbers, tabs, code. */
export const numberedCode = (choices: Choices, count: number): string =>
  Array.from({ length: count }, (_, index) => `${index + 1}\t${codeLine(choices)}`).join('\n');
