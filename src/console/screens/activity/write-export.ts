import type { Activity } from '../../../activity/contract.ts';
import { csvLine } from '../../kit/csv.ts';
import { type NameOf, sentenceOf } from '../../parts/activity/sentence.ts';

/** The kinds of file the feed can be taken away in. */
export const FORMATS = {
  csv: { label: 'CSV, for spreadsheets', type: 'text/csv;charset=utf-8' },
  json: { label: 'JSON, the records themselves', type: 'application/json' },
} as const;

/** One of those kinds. */
export type Format = keyof typeof FORMATS;

const COLUMNS = [
  ...['time', 'what happened', 'type', 'actor type', 'actor id', 'actor e-mail', 'address', 'client', 'details', 'id'],
];

const COMMON: ReadonlySet<string> = new Set([
  ...['id', 'type', 'created_at', 'organization_id', 'organization_uuid', 'actor'],
]);

const detailsOf = (activity: Activity): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(activity).filter(([field]) => !COMMON.has(field)));

const csvOf = (activity: Activity, nameOf: NameOf): string => {
  const { actor } = activity;
  return csvLine([
    activity.created_at,
    sentenceOf(activity, nameOf),
    activity.type,
    actor.type,
    actor.user_id ?? actor.admin_api_key_id ?? actor.api_key_id ?? actor.directory_id,
    actor.email_address ?? actor.unauthenticated_email_address,
    actor.ip_address,
    actor.user_agent,
    detailsOf(activity),
    activity.id,
  ]);
};

/** What stands in the file before the first record, between two pages of records, and after the last. */
const FRAMES: Readonly<Record<Format, readonly [before: string, between: string, after: string]>> = {
  // The mark tells spreadsheets that names are in UTF-8.
  csv: [`\uFEFF${csvLine(COLUMNS)}`, '', ''],
  json: ['[\n', ',\n', '\n]\n'],
};

type Options = {
  readonly format: Format;
  readonly nameOf: NameOf;
  /** Hears after each page how many records have been written. */
  readonly progress: (count: number) => void;
};

/** The parts of a file that holds the records of all pages, one part a page. */
export const writeExport = async (
  pages: AsyncIterable<readonly Activity[]>,
  { format, nameOf, progress }: Options,
): Promise<readonly string[]> => {
  const [before, between, after] = FRAMES[format];
  const parts: string[] = [];
  let count = 0;
  for await (const page of pages) {
    const lines =
      format === 'csv'
        ? page.map((activity) => csvOf(activity, nameOf)).join('')
        : page.map((activity) => `  ${JSON.stringify(activity)}`).join(',\n');
    parts.push(parts.length === 0 ? lines : between + lines);
    count += page.length;
    progress(count);
  }
  return [before, ...parts, after];
};
