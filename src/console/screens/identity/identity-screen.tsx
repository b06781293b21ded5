import { Stack } from '@mantine/core';
import { PageHeader } from '../../kit/page-header.tsx';
import { DirectoriesSection } from './directories/directories-section.tsx';

/** How people come in: the directories of identity providers. */
export const IdentityScreen = () => (
  <>
    <PageHeader
      title="Identity"
      guide="scim"
      description="Where people and groups come from, and what being in a group means here."
    />
    <Stack gap="lg">
      <DirectoriesSection />
    </Stack>
  </>
);
