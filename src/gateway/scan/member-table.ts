import { BACKSLASH } from './bytes.ts';
import { traceOf } from './native/skip-natively.ts';
import { decodeString } from './read-string.ts';
import { Flaw, type Reader } from './reader.ts';
import type { Span } from './scanned-request.ts';

/** Reads one member's value into `draft`, moving the reader past it; `path` names the member in a refusal. */
export type ReadMember<Draft> = (reader: Reader, draft: Draft, path: string) => void;

/** A member the gateway acts on. */
export type Member<Draft> = {
  readonly name: string;
  /** The bytes of the name in its quotes, and of the colon, as it is mostly written; an array of numbers is read twice as fast as a buffer. */
  readonly written: readonly number[];
  readonly path: string;
  /** This member's bit in a set of members already seen. */
  readonly bit: number;
  readonly read: ReadMember<Draft>;
  /** The member that came behind this one last time: a client writes them in the same order again and again. */
  next: Member<Draft> | undefined;
};

/** The members of one kind of object that the gateway acts on. */
export type MemberTable<Draft> = {
  readonly members: readonly Member<Draft>[];
  /** The traces of their names, together. */
  readonly wanted: number;
  /** The member that came first last time. */
  next: Member<Draft> | undefined;
};

/**
 * A table of at most 31 members for objects found at `place`, such as `messages[].`; the empty place is the request itself.
 * A name with capitals is found in just this spelling; one in small letters tolerates no other (see {@link findMember}).
 */
export const memberTable = <Draft>(
  place: string,
  readers: Readonly<Record<string, ReadMember<Draft>>>,
): MemberTable<Draft> => {
  const members = Object.entries(readers).map(([name, read], index) => ({
    name,
    written: [...Buffer.from(`"${name}":`)],
    path: place + name,
    bit: 1 << index,
    read,
    next: undefined,
  }));
  return { members, wanted: members.reduce((all, { name }) => all | traceOf(Buffer.from(name)), 0), next: undefined };
};

/** Letters as a parser without regard for case would see them, the long s and the Kelvin sign included. */
const foldCase = (text: string): string => text.toUpperCase().toLowerCase();

const isPlain = (bytes: Buffer, start: number, end: number): boolean => {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === undefined || byte > 0x7f || byte === BACKSLASH || (byte >= 0x41 && byte <= 0x5a)) return false;
  }
  return true;
};

/** What is written of a member beside its name: two quotes and the colon. */
const AROUND = 3;

/** Whether the name that begins at `start`, behind its quote, is this one; it is known to be as long. */
const isName = (bytes: Buffer, start: number, written: readonly number[]): boolean => {
  for (let i = 1; i < written.length - 2; i++) if (bytes[start - 1 + i] !== written[i]) return false;
  return true;
};

const findPlain = <Draft>({ members }: MemberTable<Draft>, bytes: Buffer, { start, end }: Span) => {
  for (let i = 0; i < members.length; i++) {
    const member = members[i];
    if (member?.written.length === end - start + AROUND && isName(bytes, start, member.written)) return member;
  }
  return undefined;
};

/**
 * The member that the name between `start` and `end` (without its quotes) stands for; undefined for any other.
 * A name that differs from a member's only in letter case throws: there are parsers that take the one for the other.
 */
export const findMember = <Draft>(
  reader: Reader,
  table: MemberTable<Draft>,
  { start, end }: Span,
): Member<Draft> | undefined => {
  const plain = findPlain(table, reader.bytes, { start, end });
  if (plain !== undefined || isPlain(reader.bytes, start, end)) return plain;
  const name = decodeString(reader, start, end);
  const folded = foldCase(name);
  const member = table.members.find((candidate) => candidate.name === folded);
  if (member === undefined || member.name === name) return member;
  throw new Flaw(`A member name differs from ${member.path} only in upper and lower case letters`, start);
};
