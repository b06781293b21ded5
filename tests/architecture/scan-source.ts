/** What a source file says, as far as the architecture is concerned. */
export type Source = {
  /** Specifiers of everything it imports or re-exports, types included, statically or not. */
  readonly imports: readonly string[];
  /** Whether it imports something whose name is only known while running. */
  readonly hasComputedImport: boolean;
  /** The code without comments and without the contents of strings. */
  readonly bare: string;
  readonly lines: number;
};

type Piece = { readonly kind: 'code' | 'comment' | 'text'; readonly end: number };

// A slash begins a regular expression where a value may begin; after a value it divides.
const BEFORE_A_VALUE = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of))\s*$/;

const endOfQuoted = (source: string, from: number): number => {
  const quote = source[from];
  for (let at = from + 1; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (char === quote) return at + 1;
    // An apostrophe in the text of a page is no string; a string ends on its line.
    else if (char === '\n' && quote !== '`') return from + 1;
  }
  return from + 1;
};

const endOfPattern = (source: string, from: number): number => {
  let isInClass = false;
  for (let at = from + 1; at < source.length && source[at] !== '\n'; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '[') isInClass = true;
    else if (source[at] === ']') isInClass = false;
    else if (source[at] === '/' && !isInClass) return at + 1;
  }
  return from + 1;
};

const indexOrEnd = (source: string, text: string, from: number): number => {
  const found = source.indexOf(text, from);
  return found === -1 ? source.length : found;
};

const pieceAt = (source: string, at: number): Piece => {
  const char = source[at];
  if (source.startsWith('//', at)) return { kind: 'comment', end: indexOrEnd(source, '\n', at) };
  if (source.startsWith('/*', at)) return { kind: 'comment', end: indexOrEnd(source, '*/', at) + 2 };
  if (char === "'" || char === '"' || char === '`') {
    const end = endOfQuoted(source, at);
    return { kind: end === at + 1 ? 'code' : 'text', end };
  }
  if (char === '/' && BEFORE_A_VALUE.test(source.slice(Math.max(0, at - 20), at))) {
    const end = endOfPattern(source, at);
    return { kind: end === at + 1 ? 'code' : 'text', end };
  }
  return { kind: 'code', end: at + 1 };
};

/** The source twice: without comments, and also without what stands between quotes (but for `${…}` of templates). */
const strip = (source: string): { readonly code: string; readonly bare: string } => {
  let code = '';
  let bare = '';
  for (let at = 0; at < source.length; ) {
    const { kind, end } = pieceAt(source, at);
    const text = source.slice(at, end);
    if (kind === 'comment') code += ' ';
    else code += text;
    if (kind === 'code') bare += text;
    else if (kind === 'text' && text.startsWith('`'))
      bare += [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => `(${inner})`).join(' ');
    else bare += kind === 'text' ? "''" : ' ';
    at = end;
  }
  return { code, bare };
};

const STATIC = /(?:^|[;\n])\s*(?:import|export)\b[^;'"`]*?\bfrom\s*(['"])([^'"\n]+)\1/g;
const FOR_EFFECT = /(?:^|[;\n])\s*import\s*(['"])([^'"\n]+)\1/g;
const CALLED = /\b(?:import|require)\s*\(\s*(['"`])([^'"`$\n]+)\1/g;
const COMPUTED = /\bimport\s*\(\s*(?!['"`])|\bimport\s*\(\s*`[^`]*\$\{/;

/** Reads one file's text. It looks at words, not at syntax: good for code that the formatter has put in its usual form. */
export const scanSource = (text: string): Source => {
  const { code, bare } = strip(text);
  const found = [STATIC, FOR_EFFECT, CALLED].flatMap((form) => [...code.matchAll(form)].map(([, , name = '']) => name));
  return {
    imports: [...new Set(found)],
    hasComputedImport: COMPUTED.test(code),
    bare,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
  };
};
