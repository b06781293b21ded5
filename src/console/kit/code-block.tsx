import { Code, Group, Stack, Text } from '@mantine/core';
import { CopyText } from './copy-text.tsx';
import { ScrollFrame } from './scroll-frame.tsx';

type Props = { readonly title: string; readonly code: string };

/** Lines to paste somewhere, with a button that copies them. */
export const CodeBlock = ({ title, code }: Props) => (
  <Stack gap={4}>
    <Group justify="space-between">
      <Text size="sm" fw={500}>
        {title}
      </Text>
      <CopyText value={code} label={`Copy: ${title}`} />
    </Group>
    <ScrollFrame label={title}>
      <Code block style={{ width: 'max-content', minWidth: '100%' }}>
        {code}
      </Code>
    </ScrollFrame>
  </Stack>
);
