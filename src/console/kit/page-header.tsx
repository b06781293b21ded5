import { Group, Stack, Text, Title } from '@mantine/core';
import { IconBook2, IconChevronLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { TextLink } from './links.tsx';

type Props = {
  readonly title: string;
  readonly description?: ReactNode;
  /** Where a detail page leads back to. */
  readonly back?: { readonly to: string; readonly label: string };
  readonly actions?: ReactNode;
  readonly badge?: ReactNode;
  /** The guide that explains the page, by its file's name. */
  readonly guide?: string;
};

/** The page's one h1, what the page is for, and its main actions; also names the browser tab. */
export const PageHeader = ({ title, description, back, actions, badge, guide }: Props) => {
  useEffect(() => {
    document.title = `${title} · Remit`;
  }, [title]);
  return (
    <Stack gap={6} mb="lg">
      {back !== undefined && (
        <TextLink to={back.to} size="sm" c="dimmed" w="fit-content">
          <Group gap={4} component="span">
            <IconChevronLeft size={15} aria-hidden />
            {back.label}
          </Group>
        </TextLink>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} maw={760} flex="1 1 420px">
          <Group gap="sm">
            <Title order={1}>{title}</Title>
            {badge}
          </Group>
          {description !== undefined && (
            <Text c="dimmed" size="sm">
              {description}
            </Text>
          )}
          {guide !== undefined && <HowThisWorks guide={guide} />}
        </Stack>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
    </Stack>
  );
};

const HowThisWorks = ({ guide }: { readonly guide: string }) => (
  <TextLink to="/help/$guide" params={{ guide }} size="sm" w="fit-content">
    <Group gap={5} component="span">
      <IconBook2 size={15} stroke={1.6} aria-hidden />
      How this works
    </Group>
  </TextLink>
);
