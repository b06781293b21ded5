import { QUOTE } from './bytes.ts';
import { memberTable } from './member-table.ts';
import { readString } from './read-string.ts';
import type { Reader } from './reader.ts';
import { isArray, isObject, passValue, walkArray, walkObject } from './walk.ts';

/** Where it is noted that the provider may compact the conversation. */
type CompactDraft = { compacts: boolean };

/** How the types of edits begin that run the model over the conversation; a date follows. */
const COMPACTS = 'compact';

const EDIT = memberTable<CompactDraft>('context_management.edits[].', {
  type: (reader, draft) => {
    if (reader.bytes[reader.at] !== QUOTE) passValue(reader);
    else if (readString(reader).startsWith(COMPACTS)) draft.compacts = true;
  },
});

const CONTEXT_MANAGEMENT = memberTable<CompactDraft>('context_management.', {
  edits: (reader, draft, path) => {
    if (!isArray(reader)) passValue(reader);
    else
      walkArray(reader, path, () => {
        if (isObject(reader)) walkObject(reader, EDIT, draft);
        else passValue(reader);
      });
  },
});

/** Reads `context_management` for edits that cost something; a value of any other shape passes unread. */
export const readContextManagement = (reader: Reader, draft: CompactDraft): void => {
  if (isObject(reader)) walkObject(reader, CONTEXT_MANAGEMENT, draft);
  else passValue(reader);
};
