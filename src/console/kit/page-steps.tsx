import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';

type Page = { readonly has_more: boolean; readonly last_id: string | null };

type Props = {
  readonly page: Page;
  /** The ids behind which the pages begin that were left behind; empty on the first page. */
  readonly trail: readonly string[];
  readonly onMove: (trail: readonly string[]) => void;
};

/** Steps through a list that the server pages: back the way one came, and on while there is more. */
export const PageSteps = ({ page, trail, onMove }: Props) => {
  const isWhole = trail.length === 0 && !page.has_more;
  if (isWhole) return null;
  return (
    <Group justify="space-between" p="sm">
      <Text size="sm" c="dimmed">
        Page {trail.length + 1}
      </Text>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconChevronLeft size={14} aria-hidden />}
          disabled={trail.length === 0}
          onClick={() => onMove(trail.slice(0, -1))}
        >
          Back
        </Button>
        <Button
          variant="default"
          size="xs"
          rightSection={<IconChevronRight size={14} aria-hidden />}
          disabled={!page.has_more || page.last_id === null}
          onClick={() => page.last_id !== null && onMove([...trail, page.last_id])}
        >
          Next
        </Button>
      </Group>
    </Group>
  );
};
