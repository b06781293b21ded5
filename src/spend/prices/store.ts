import type { Sql } from '../../platform/index.ts';
import type { PriceBook } from '../rules/price-book.ts';
import type { PriceEffect, PriceRule, PriceScope } from './rules/price-rule.ts';
import type { PriceRuleRow, PriceTables } from './tables.ts';

/** A rule with when and by whom it was made. */
export type StoredRule = PriceRule & { readonly createdAt: number; readonly createdBy: string | null };

/** A version of the book: what was charged by it, and how many changes had been made by then. */
export type StoredBook = {
  readonly version: string;
  readonly number: number;
  readonly madeAt: number;
  readonly madeBy: string | null;
};

const scopeOf = ({ scope_type: type, scope }: PriceRuleRow): PriceScope => {
  switch (type) {
    case 'all':
      return { type };
    case 'family':
      return { type, family: scope };
    case 'model':
      return { type, model: scope };
    default:
      return type satisfies never;
  }
};

const nameOf = (scope: PriceScope): string => {
  if (scope.type === 'all') return '';
  return scope.type === 'family' ? scope.family : scope.model;
};

const fromRow = (row: PriceRuleRow): StoredRule => ({
  ...(JSON.parse(row.effect) as PriceEffect),
  id: row.id,
  scope: scopeOf(row),
  from: row.from_day,
  until: row.until_day,
  createdAt: row.created_at,
  createdBy: row.created_by,
});

const effectOf = (rule: PriceRule): PriceEffect =>
  rule.kind === 'price' ? { kind: rule.kind, price: rule.price } : { kind: rule.kind, basisPoints: rule.basisPoints };

/** Where the rules about prices live, and every version of the book that has been in force. */
export const priceStore = (sql: Sql) => {
  const tables = sql.tables<PriceTables>();
  return {
    /** Every rule, in the order they were made in. */
    readRules: async (): Promise<readonly StoredRule[]> =>
      (await tables.selectFrom('price_rules').selectAll().orderBy('id').execute()).map(fromRow),
    insertRule: async (rule: StoredRule): Promise<void> => {
      await tables
        .insertInto('price_rules')
        .values({
          id: rule.id,
          kind: rule.kind,
          scope_type: rule.scope.type,
          scope: nameOf(rule.scope),
          from_day: rule.from,
          until_day: rule.until,
          effect: JSON.stringify(effectOf(rule)),
          created_at: rule.createdAt,
          created_by: rule.createdBy,
        })
        .execute();
    },
    endRule: async (id: string, until: string): Promise<void> => {
      await tables.updateTable('price_rules').set({ until_day: until }).where('id', '=', id).execute();
    },
    deleteRule: async (id: string): Promise<void> => {
      await tables.deleteFrom('price_rules').where('id', '=', id).execute();
    },
    /** How many changes of rules there have been. */
    lastNumber: async (): Promise<number> => {
      const row = await tables
        .selectFrom('price_books')
        .select(({ fn }) => fn.max('number').as('number'))
        .executeTakeFirst();
      return Number(row?.number ?? 0);
    },
    /** Keeps a book; one of this version that is there already stays as it is. */
    keepBook: async (book: PriceBook, made: Omit<StoredBook, 'version'>): Promise<void> => {
      const { number, madeAt: made_at, madeBy: made_by } = made;
      await tables
        .insertInto('price_books')
        .values({ version: book.version, number, made_at, made_by, book: JSON.stringify(book) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    findBook: async (version: string): Promise<PriceBook | undefined> => {
      const row = await tables
        .selectFrom('price_books')
        .select('book')
        .where('version', '=', version)
        .executeTakeFirst();
      return row === undefined ? undefined : (JSON.parse(row.book) as PriceBook);
    },
    /** The versions there have been, the newest first. */
    listBooks: async (): Promise<readonly StoredBook[]> => {
      const rows = await tables
        .selectFrom('price_books')
        .select(['version', 'number', 'made_at', 'made_by'])
        .orderBy('made_at', 'desc')
        .orderBy('number', 'desc')
        .execute();
      return rows.map((row) => ({ ...row, madeAt: row.made_at, madeBy: row.made_by }));
    },
  };
};
