/** An instruction, or a part of one, as WebAssembly's text format writes it: a word, or a list in parentheses. */
type Expression = string | readonly Expression[];

const I32 = 0x7f;
const I64 = 0x7e;
const V128 = 0x7b;
const VALUE_TYPES: Readonly<Record<string, number>> = { i32: I32, i64: I64, v128: V128 };

/** Instructions without operands in the code itself. */
const PLAIN: Readonly<Record<string, readonly number[]>> = {
  return: [0x0f],
  'i32.eqz': [0x45],
  'i32.eq': [0x46],
  'i32.ne': [0x47],
  'i32.lt_s': [0x48],
  'i32.lt_u': [0x49],
  'i32.gt_u': [0x4b],
  'i32.ctz': [0x68],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.and': [0x71],
  'i32.or': [0x72],
  'i32.xor': [0x73],
  'i32.shl': [0x74],
  'i32.shr_u': [0x76],
  'i64.add': [0x7c],
  'i64.shr_u': [0x88],
  'i32.wrap_i64': [0xa7],
  'i64.extend_i32_u': [0xad],
  'i8x16.swizzle': [0xfd, 0x0e],
  'i8x16.splat': [0xfd, 0x0f],
  'i8x16.eq': [0xfd, 0x23],
  'i8x16.ne': [0xfd, 0x24],
  'i8x16.lt_u': [0xfd, 0x26],
  'v128.and': [0xfd, 0x4e],
  'i8x16.bitmask': [0xfd, 0x64],
  'i8x16.shr_u': [0xfd, 0x6d],
};

/** Instructions that reach into memory: code and alignment; the place counts from `offset=`. */
const MEMORY: Readonly<Record<string, readonly number[]>> = {
  'i32.load': [0x28, 0],
  'i32.load8_u': [0x2d, 0],
  'i32.store8': [0x3a, 0],
  'v128.load': [0xfd, 0x00, 0],
  'v128.store': [0xfd, 0x0b, 0],
};

const unsigned = (value: number): number[] => {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)];
};

const signed = (value: bigint): number[] => {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const isLast = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
};

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (word: string): number[] => sized([...Buffer.from(word)]);
const section = (id: number, items: readonly (readonly number[])[]): number[] => [id, ...sized(vector(items))];

const parse = (source: string): Expression[] => {
  const tokens = source.replace(/;;.*/g, '').match(/[()]|[^\s()]+/g) ?? [];
  const open: Expression[][] = [[]];
  for (const token of tokens) {
    if (token === '(') open.push([]);
    else if (token === ')') {
      const list = open.pop() ?? [];
      open.at(-1)?.push(list);
    } else open.at(-1)?.push(token);
  }
  return open[0] ?? [];
};

const fail = (what: Expression | undefined): never => {
  throw new SyntaxError(`Not understood: ${JSON.stringify(what)}`);
};

const word = (expression: Expression | undefined): string =>
  typeof expression === 'string' ? expression : fail(expression);
const list = (expression: Expression | undefined): readonly Expression[] =>
  expression !== undefined && typeof expression !== 'string' ? expression : fail(expression);
const typeOf = (name: Expression | undefined): number => VALUE_TYPES[word(name)] ?? fail(name);
const placeOf = (names: readonly string[], name: Expression | undefined): number => {
  const place = names.indexOf(word(name));
  return place === -1 ? fail(name) : place;
};

/** One function: the names of its parameters and locals, and the blocks around the instruction at hand, innermost first. */
type Scope = {
  readonly functions: readonly string[];
  readonly locals: readonly string[];
  readonly labels: readonly string[];
};

const assembleAll = (scope: Scope, expressions: readonly Expression[]): number[] =>
  expressions.flatMap((expression) => assembleOne(scope, list(expression)));

const inside = (scope: Scope, label: string): Scope => ({ ...scope, labels: [label, ...scope.labels] });

/** An instruction in the folded form, where its operands stand inside of it, in front of its code. */
const assembleOne = (scope: Scope, [first, ...rest]: readonly Expression[]): number[] => {
  const name = word(first);
  const [one, ...others] = rest;
  switch (name) {
    case 'block':
    case 'loop':
      return [name === 'block' ? 0x02 : 0x03, 0x40, ...assembleAll(inside(scope, word(one)), others), 0x0b];
    case 'if': {
      const [then, otherwise] = others.map((branch) => assembleAll(inside(scope, ''), list(branch).slice(1)));
      return [
        ...assembleAll(scope, [one ?? fail(one)]),
        0x04,
        0x40,
        ...(then ?? []),
        ...(otherwise ? [0x05, ...otherwise] : []),
        0x0b,
      ];
    }
    case 'br':
      return [0x0c, placeOf(scope.labels, one)];
    case 'br_if':
      return [...assembleAll(scope, others), 0x0d, placeOf(scope.labels, one)];
    case 'call':
      return [...assembleAll(scope, others), 0x10, placeOf(scope.functions, one)];
    case 'local.get':
      return [0x20, placeOf(scope.locals, one)];
    case 'local.set':
      return [...assembleAll(scope, others), 0x21, placeOf(scope.locals, one)];
    case 'local.tee':
      return [...assembleAll(scope, others), 0x22, placeOf(scope.locals, one)];
    case 'i32.const':
      return [0x41, ...signed(BigInt.asIntN(32, BigInt(word(one))))];
    case 'i64.const':
      return [0x42, ...signed(BigInt(word(one)))];
    case 'v128.const':
      return [0xfd, 0x0c, ...others.map((byte) => Number(word(byte)))];
    default:
      return assembleOther(scope, name, rest);
  }
};

const assembleOther = (scope: Scope, name: string, rest: readonly Expression[]): number[] => {
  const plain = PLAIN[name];
  if (plain !== undefined) return [...assembleAll(scope, rest), ...plain];
  const [offset, ...operands] = rest;
  const code = MEMORY[name] ?? fail(name);
  return [...assembleAll(scope, operands), ...code, ...unsigned(Number(word(offset).replace('offset=', '')))];
};

const declared = (parts: readonly Expression[], kind: string): readonly (readonly Expression[])[] =>
  parts.filter((part) => part[0] === kind).map(list);

const assembleFunction = (functions: readonly string[], parts: readonly Expression[]): number[] => {
  const names = [...declared(parts, 'param'), ...declared(parts, 'local')].map(([, name]) => word(name));
  const locals = declared(parts, 'local').map(([, , type]) => [1, typeOf(type)]);
  const body = parts.filter((part) => !['param', 'local', 'result'].includes(word(part[0])));
  return sized([...vector(locals), ...assembleAll({ functions, locals: names, labels: [] }, body), 0x0b]);
};

/**
 * The bytes of a module with the functions of `source`, which is written in the folded text format of WebAssembly, as
 * much of it as is needed here: `(func $name (param $a i32)… (result i32) (local $b v128)… …)`. Each function is exported
 * by its name and works on a memory that is imported as `env.memory`. Throws a SyntaxError at what it does not know.
 */
export const assemble = (source: string): Uint8Array<ArrayBuffer> => {
  const functions = parse(source).map((expression) => list(expression).slice(1));
  const names = functions.map(([name]) => word(name));
  const types = functions.map((parts) => {
    const parameters = declared(parts, 'param').map(([, , type]) => [typeOf(type)]);
    return [0x60, ...vector(parameters), ...vector(declared(parts, 'result').map(([, type]) => [typeOf(type)]))];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, [[...text('env'), ...text('memory'), 0x02, 0x00, ...unsigned(1)]]),
    ...section(
      3,
      names.map((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      names.map((name, index) => [...text(name.slice(1)), 0x00, ...unsigned(index)]),
    ),
    ...section(
      10,
      functions.map(([, ...parts]) => assembleFunction(names, parts)),
    ),
  ]);
};
