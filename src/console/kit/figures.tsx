import { SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** One figure that matters, and what has to be known with it. */
export type Figure = { readonly label: string; readonly value: string; readonly note?: ReactNode };

/** A row of figures that answer a page's first question. */
export const Figures = ({ figures }: { readonly figures: readonly Figure[] }) => (
  <SimpleGrid cols={{ base: 1, xs: 2, md: figures.length }} spacing="lg">
    {figures.map(({ label, value, note }) => (
      <Stack key={label} gap={2}>
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Text fz={26} fw={600} lh={1.2} className="figures">
          {value}
        </Text>
        {note !== undefined && (
          <Text size="xs" c="dimmed" component="div">
            {note}
          </Text>
        )}
      </Stack>
    ))}
  </SimpleGrid>
);
