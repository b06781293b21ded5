import { Box, Center, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import icon from '../app/icon.svg';

type Props = { readonly title: string; readonly description?: ReactNode; readonly children: ReactNode };

/** The frame of pages for people who are not signed in. */
export const VisitorPage = ({ title, description, children }: Props) => {
  useEffect(() => {
    document.title = `${title} · Remit`;
  }, [title]);
  return (
    <Center component="main" mih="100vh" p="md">
      <Box className="card" w="100%" maw={420} p="xl">
        <Stack gap={4} mb="lg">
          <img src={icon} alt="" width={36} height={36} />
          <Title order={1} mt="sm">
            {title}
          </Title>
          {description !== undefined && (
            <Text c="dimmed" size="sm">
              {description}
            </Text>
          )}
        </Stack>
        {children}
      </Box>
    </Center>
  );
};
