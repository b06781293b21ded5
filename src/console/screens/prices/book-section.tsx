import { Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { exportPrices, type ModelPrice } from '../../../spend/contract.ts';
import { pricesQuery } from '../../data/prices.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { formatRate } from './words.ts';

type Kind = 'input' | 'output' | 'cache_write_5m' | 'cache_write_1h' | 'cache_read';

const KINDS: readonly (readonly [Kind, string])[] = [
  ['input', 'Input'],
  ['output', 'Output'],
  ['cache_write_5m', 'Cache write'],
  ['cache_write_1h', 'Cache write, 1 h'],
  ['cache_read', 'Cache read'],
];

/** What each model costs today. */
export const BookSection = () => {
  const book = useQuery(pricesQuery);
  const [text, setText] = useState('');
  return (
    <SectionCard
      title="The book in force"
      description="US dollars for a million tokens, today. Struck through: the shipped price, where yours differs."
      flush
      actions={<CsvButton of={exportPrices} label="Download prices as CSV" />}
    >
      <Group px="md" pb="sm">
        <SearchInput label="Search models" placeholder="Search by model" value={text} onChange={setText} />
      </Group>
      <Loadable query={book}>
        {(data) => (
          <>
            <DataTable
              label="Prices"
              columns={COLUMNS}
              rows={data.models.filter(({ model }) => model.includes(text.trim().toLowerCase()))}
              rowKey={(row) => row.model}
            />
            <Text size="xs" c="dimmed" px="md" py="sm">
              Batches cost {data.batch_percent}% of this; a thousand web searches {formatRate(data.web_search)}. Version{' '}
              {data.version}, on the shipped prices {data.shipped_version}.
            </Text>
          </>
        )}
      </Loadable>
    </SectionCard>
  );
};

const Price = ({ price, kind }: { readonly price: ModelPrice; readonly kind: Kind }) => {
  const [own, list] = [price.prices[kind], price.list_prices?.[kind]];
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap" className="figures">
      {list !== undefined && list !== own && (
        <Text size="xs" c="dimmed" td="line-through">
          <VisuallyHidden>Shipped price </VisuallyHidden>
          {formatRate(list)}
        </Text>
      )}
      <Text size="sm">{formatRate(own)}</Text>
    </Group>
  );
};

const COLUMNS: readonly Column<ModelPrice>[] = [
  {
    key: 'model',
    header: 'Model',
    sortBy: (row) => row.model,
    cell: (row) => (
      <Stack gap={0}>
        <Text size="sm" fw={500}>
          {row.model}
        </Text>
        {remark(row) !== '' && (
          <Text size="xs" c="dimmed">
            {remark(row)}
          </Text>
        )}
      </Stack>
    ),
  },
  ...KINDS.map(([kind, header]) => ({
    key: kind,
    header,
    align: 'right' as const,
    sortBy: (row: ModelPrice) => Number(row.prices[kind]),
    cell: (row: ModelPrice) => <Price price={row} kind={kind} />,
  })),
];

const remark = ({ list_prices, long_prompt, fast, retired }: ModelPrice): string =>
  [
    list_prices === null ? 'Your own model' : '',
    long_prompt === null
      ? ''
      : `Prompts above ${long_prompt.above_tokens.toLocaleString('en-US')} tokens: ${formatRate(long_prompt.input)} in, ${formatRate(long_prompt.output)} out`,
    fast === null ? '' : `Fast: ${formatRate(fast.input)} in, ${formatRate(fast.output)} out`,
    retired ? 'Retired' : '',
  ]
    .filter((one) => one !== '')
    .join(' · ');
