import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';

type Page = { readonly has_more: boolean; readonly last_id: string | null } | { readonly next_page: string | null };

/** Behind what the next page begins; null on the last page. */
const nextOf = (page: Page): string | null => {
  if ('next_page' in page) return page.next_page;
  return page.has_more ? page.last_id : null;
};

/** Whether a page is all there is, so that it can be sorted here. */
export const isWhole = (page: Page, trail: readonly string[]): boolean => trail.length === 0 && nextOf(page) === null;

type Props = {
  readonly page: Page;
  /** Behind what the pages begin that were left behind; empty on the first page. */
  readonly trail: readonly string[];
  readonly onMove: (trail: readonly string[]) => void;
  /** What the steps are called: `Newer` and `Older` where the list goes back in time. */
  readonly words?: readonly [back: string, on: string];
};

/** Steps through a list that the server pages: back the way one came, and on while there is more. */
export const PageSteps = ({ page, trail, onMove, words: [back, on] = ['Back', 'Next'] }: Props) => {
  const next = nextOf(page);
  if (trail.length === 0 && next === null) return null;
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
          {back}
        </Button>
        <Button
          variant="default"
          size="xs"
          rightSection={<IconChevronRight size={14} aria-hidden />}
          disabled={next === null}
          onClick={() => next !== null && onMove([...trail, next])}
        >
          {on}
        </Button>
      </Group>
    </Group>
  );
};
