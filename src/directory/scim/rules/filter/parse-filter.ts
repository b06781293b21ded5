import { malformed, type Token, tokenise } from './lexer.ts';
import { FILTER_LIMITS, type FilterSyntax, type Literal, OPERATORS, type Operator } from './syntax.ts';

/** Reads tokens one by one; counts how deep and how large the filter becomes. */
export type Reader = {
  peek(): Token;
  next(): Token;
  /** Whether the next token is this keyword, in any case. */
  isKeyword(word: string): boolean;
  /** Runs `read` one level deeper. */
  deeper<R>(read: () => R): R;
  /** Counts a node and passes it on. */
  node(node: FilterSyntax): FilterSyntax;
};

/** A reader of the text's tokens. */
export const createReader = (text: string): Reader => {
  const tokens = tokenise(text);
  let at = 0;
  let depth = 0;
  let nodes = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end' };
  return {
    peek,
    next: () => {
      const token = peek();
      at += 1;
      return token;
    },
    isKeyword: (word) => {
      const token = peek();
      return token.kind === 'word' && token.text.toLowerCase() === word;
    },
    deeper: (read) => {
      depth += 1;
      if (depth > FILTER_LIMITS.depth) throw malformed(`it is nested more than ${FILTER_LIMITS.depth} levels deep`);
      const result = read();
      depth -= 1;
      return result;
    },
    node: (node) => {
      nodes += 1;
      if (nodes > FILTER_LIMITS.nodes) throw malformed(`it has more than ${FILTER_LIMITS.nodes} parts`);
      return node;
    },
  };
};

/** Parses a whole filter (RFC 7644 §3.4.2.2): grouping binds before `not`, `not` before `and`, `and` before `or`. */
export const parseFilter = (text: string): FilterSyntax => {
  const reader = createReader(text);
  const filter = readOr(reader);
  if (reader.peek().kind !== 'end') throw malformed('something stands behind its end');
  return filter;
};

/** Reads alternatives: what may stand in parentheses and brackets. */
export const readOr = (reader: Reader): FilterSyntax =>
  readChain(reader, 'or', () => readChain(reader, 'and', () => readTerm(reader)));

const readChain = (reader: Reader, kind: 'and' | 'or', readOperand: () => FilterSyntax): FilterSyntax => {
  const first = readOperand();
  const operands = [first];
  while (reader.isKeyword(kind)) {
    reader.next();
    operands.push(readOperand());
  }
  return operands.length === 1 ? first : reader.node({ kind, operands });
};

const readTerm = (reader: Reader): FilterSyntax => {
  if (reader.peek().kind === '(') return readGroup(reader);
  if (reader.isKeyword('not')) {
    reader.next();
    const operand = reader.deeper(() => readTerm(reader));
    return reader.node({ kind: 'not', operand });
  }
  return readExpression(reader);
};

const readGroup = (reader: Reader): FilterSyntax => {
  reader.next();
  const inner = reader.deeper(() => readOr(reader));
  if (reader.next().kind !== ')') throw malformed('a parenthesis is not closed');
  return inner;
};

const readExpression = (reader: Reader): FilterSyntax => {
  const token = reader.next();
  if (token.kind !== 'word' || token.text.startsWith('.')) throw malformed('an attribute is missing');
  return reader.peek().kind === '[' ? readElement(reader, token.text) : readComparison(reader, token.text);
};

/** Reads `[ … ]` behind a name, and a comparison of a part behind that, which Entra ID sends. */
const readElement = (reader: Reader, name: string): FilterSyntax => {
  const within = readBrackets(reader);
  const after = reader.peek();
  if (after.kind !== 'word' || !after.text.startsWith('.')) return reader.node({ kind: 'element', name, within });
  reader.next();
  const part = readComparison(reader, after.text.slice(1));
  return reader.node({ kind: 'element', name, within: reader.node({ kind: 'and', operands: [within, part] }) });
};

/** Reads a filter in brackets. */
export const readBrackets = (reader: Reader): FilterSyntax => {
  if (reader.next().kind !== '[') throw malformed('a bracket is missing');
  const within = reader.deeper(() => readOr(reader));
  if (reader.next().kind !== ']') throw malformed('a bracket is not closed');
  return within;
};

const readComparison = (reader: Reader, name: string): FilterSyntax => {
  const token = reader.next();
  const operator = token.kind === 'word' ? token.text.toLowerCase() : '';
  if (operator === 'pr') return reader.node({ kind: 'present', name });
  if (!isOperator(operator)) throw malformed(`an operator is missing behind ${name}`);
  return reader.node({ kind: 'compare', name, operator, value: readLiteral(reader) });
};

const isOperator = (text: string): text is Operator => (OPERATORS as readonly string[]).includes(text);

// Entra ID writes True and False.
const WORDS: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

const readLiteral = (reader: Reader): Literal => {
  const token = reader.next();
  if (token.kind === 'literal') return token.value;
  const value = token.kind === 'word' ? WORDS.get(token.text.toLowerCase()) : undefined;
  if (value === undefined) throw malformed('a value is missing; texts stand in double quotes');
  return value;
};
