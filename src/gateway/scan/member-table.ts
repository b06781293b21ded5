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
  readonly bytes: Buffer;
  readonly length: number;
  readonly path: string;
  /** This member's bit in a set of members already seen. */
  readonly bit: number;
  readonly read: ReadMember<Draft>;
  /** The name in its quotes, and the colon, as it is mostly written. */
  readonly written: Buffer;
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
    bytes: Buffer.from(name),
    length: name.length,
    path: place + name,
    bit: 1 << index,
    read,
    written: Buffer.from(`"${name}":`),
    next: undefined,
  }));
  return { members, wanted: members.reduce((all, { bytes }) => all | traceOf(bytes), 0), next: undefined };
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

const hasBytes = (bytes: Buffer, start: number, wanted: Buffer): boolean => {
  for (let i = 0; i < wanted.length; i++) {
    if (bytes[start + i] !== wanted[i]) return false;
  }
  return true;
};

const findPlain = <Draft>({ members }: MemberTable<Draft>, bytes: Buffer, { start, end }: Span) => {
  for (let i = 0; i < members.length; i++) {
    const member = members[i];
    if (member?.length === end - start && hasBytes(bytes, start, member.bytes)) return member;
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
