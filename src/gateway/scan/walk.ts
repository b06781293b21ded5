import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './bytes.ts';
import { findMember, type Member, type MemberTable } from './member-table.ts';
import { readString } from './read-string.ts';
import { DEPTH_MAX, Flaw, notJson, type Reader, skipSpace, wrongType } from './reader.ts';
import { skipString } from './skip-string.ts';
import { enter, skipColon, skipValue } from './skip-value.ts';

/** Moves the reader past its value without reading it. */
export const passValue = (reader: Reader): void => {
  reader.at = skipValue(reader, reader.at);
};

/** Goes into the object or array at the reader; false, and past it, when it is empty. */
const openItems = (reader: Reader, closer: number): boolean => {
  enter(reader, reader.at);
  reader.at = skipSpace(reader, reader.at + 1);
  if (reader.bytes[reader.at] !== closer) return true;
  return closeItems(reader);
};

const closeItems = (reader: Reader): boolean => {
  reader.depth--;
  reader.at++;
  return false;
};

/** After an item: goes to the next one; false, and past the closing bracket, when there is none. */
const nextItem = (reader: Reader, closer: number): boolean => {
  const at = skipSpace(reader, reader.at);
  reader.at = at;
  if (reader.bytes[at] === closer) return closeItems(reader);
  if (reader.bytes[at] !== COMMA) throw notJson(reader, 'a comma or the closing bracket', at);
  reader.at = skipSpace(reader, at + 1);
  return true;
};

/** Reads a member name and its colon. */
const readMemberName = <Draft>(reader: Reader, table: MemberTable<Draft>) => {
  const open = reader.at;
  if (reader.bytes[open] !== QUOTE) throw notJson(reader, 'a member name in double quotes', open);
  const close = skipString(reader, open);
  reader.at = skipColon(reader, close);
  return findMember(reader, table, { start: open + 1, end: close - 1 });
};

/** Passes members that are none of the table's, as far as that can be done natively; true when the object ends with them. */
const passForeign = <Draft>(reader: Reader, { wanted }: MemberTable<Draft>): boolean => {
  if (reader.native === undefined) return false;
  const next = reader.native.foreign(reader.at, wanted, reader.depth, DEPTH_MAX);
  if (next >= 0) {
    reader.at = next;
    return false;
  }
  reader.at = ~next;
  reader.depth--;
  return true;
};

/** Whether this member stands at the reader, written as usual. */
const standsAt = <Draft>({ bytes, at }: Reader, { written }: Member<Draft>): boolean => {
  for (let i = 0; i < written.length; i++) if (bytes[at + i] !== written[i]) return false;
  return true;
};

/** From a member that stands at the reader to its value. */
const goToValue = <Draft>(reader: Reader, member: Member<Draft>): Member<Draft> => {
  reader.at = skipSpace(reader, reader.at + member.written.length);
  return member;
};

/** Whether the reader stands at an object. */
export const isObject = (reader: Reader): boolean => reader.bytes[reader.at] === OPEN_BRACE;

/** Whether the reader stands at an array. */
export const isArray = (reader: Reader): boolean => reader.bytes[reader.at] === OPEN_BRACKET;

/**
 * Reads the object at the reader into `draft`, member by member as `table` says; other members are passed over.
 * Answers whether there were members of any name. A member of the table that stands twice throws, because parsers do not agree on which of the two counts.
 */
export const walkObject = <Draft>(reader: Reader, table: MemberTable<Draft>, draft: Draft): boolean => {
  if (!openItems(reader, CLOSE_BRACE)) return false;
  let seen = 0;
  let before: MemberTable<Draft> | Member<Draft> = table;
  do {
    const expected: Member<Draft> | undefined = before.next;
    let member: Member<Draft> | undefined;
    if (expected !== undefined && standsAt(reader, expected)) member = goToValue(reader, expected);
    else if (passForeign(reader, table)) break;
    else member = readMemberName(reader, table);
    if (member === undefined) {
      passValue(reader);
      continue;
    }
    if ((seen & member.bit) !== 0) throw new Flaw(`${member.path} is given twice in one object`, reader.at);
    seen |= member.bit;
    before.next = member;
    before = member;
    member.read(reader, draft, member.path);
  } while (nextItem(reader, CLOSE_BRACE));
  return true;
};

/** Calls `readItem` at the value of each member of the object at the reader, with its name. A name that stands twice throws. */
export const walkNames = (reader: Reader, path: string, readItem: (name: string) => void): void => {
  const names = new Set<string>();
  let more = openItems(reader, CLOSE_BRACE);
  while (more) {
    const { at } = reader;
    if (reader.bytes[at] !== QUOTE) throw notJson(reader, 'a member name in double quotes', at);
    const name = readString(reader);
    if (names.has(name)) throw new Flaw(`${path} names one member twice`, at);
    names.add(name);
    reader.at = skipColon(reader, reader.at);
    readItem(name);
    more = nextItem(reader, CLOSE_BRACE);
  }
};

/** Calls `readItem` at each item of the array at the reader; anything but an array throws, naming `path`. Answers how many there were. */
export const walkArray = (reader: Reader, path: string, readItem: () => void): number => {
  if (!isArray(reader)) throw wrongType(path, 'an array', reader.at);
  let count = 0;
  let more = openItems(reader, CLOSE_BRACKET);
  while (more) {
    readItem();
    count++;
    more = nextItem(reader, CLOSE_BRACKET);
  }
  return count;
};

/** Reads each item of an array of objects into a draft of its own or a shared one; any other item throws. */
export const walkObjects = <Draft>(
  reader: Reader,
  path: string,
  { table, draftFor }: { table: MemberTable<Draft>; draftFor: () => Draft },
): number =>
  walkArray(reader, path, () => {
    if (!isObject(reader)) throw wrongType(`${path}[]`, 'an object', reader.at);
    walkObject(reader, table, draftFor());
  });
