import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { columnTypes } from './column-types.ts';
import type { AppendTable, SqlValue } from './database.ts';
import { isUniqueViolation } from './errors.ts';

type Tables = { line: { position: number; text: string | null } };

const LINE: AppendTable = { name: 'line', columns: ['position', 'text'] };

/** Few positions for many rows, so that some are refused; now and then one of a wrong type. */
const positions = fc.array(fc.oneof({ weight: 20, arbitrary: fc.nat(200) }, fc.constant('many')), { maxLength: 60 });

forEachDatabase((_engine, open) => {
  it('stores every row that can be, whichever others of its commit are refused', async () => {
    const database = await open();
    const { text, integer } = columnTypes(database.engine);
    const tables = database.tables<Tables>();
    await tables.schema
      .createTable('line')
      .addColumn('position', integer, (column) => column.primaryKey())
      .addColumn('text', text)
      .execute();
    const stored = new Map<SqlValue, string>();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(positions, async (some) => {
        run += 1;
        const told = await Promise.all(
          some.map(
            (position, at) =>
              new Promise<Error | undefined>((resolve) =>
                database.journal.append(LINE, [position, `${run} ${at}`], resolve),
              ),
          ),
        );
        for (const [at, position] of some.entries()) {
          const isRefused = position === 'many' || stored.has(position);
          expect(told[at] instanceof Error).toBe(isRefused);
          if (position !== 'many') expect(isUniqueViolation(told[at])).toBe(isRefused);
          if (!isRefused) stored.set(position, `${run} ${at}`);
        }
      }),
      { numRuns: 40 },
    );
    const rows = await tables.selectFrom('line').selectAll().execute();
    expect(new Map(rows.map(({ position, text }) => [position, text]))).toEqual(stored);
  });
});
