import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

type Props = {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Tables reach the card's edges; everything else is padded. */
  readonly flush?: boolean;
};

/** A titled part of a page. */
export const SectionCard = ({ title, description, actions, children, flush = false }: Props) => {
  const id = useId();
  return (
    <Box component="section" className="card" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" p="md" pb={flush ? 'sm' : 4}>
        <Stack gap={2} maw={640}>
          <Title order={2} id={id}>
            {title}
          </Title>
          {description !== undefined && (
            <Text size="sm" c="dimmed">
              {description}
            </Text>
          )}
        </Stack>
        {actions}
      </Group>
      <Box p={flush ? 0 : 'md'} pt={flush ? 0 : 'xs'}>
        {children}
      </Box>
    </Box>
  );
};
