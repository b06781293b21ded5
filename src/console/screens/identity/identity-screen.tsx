import { Stack } from '@mantine/core';
import { PageHeader } from '../../kit/page-header.tsx';
import { AllowListSection } from './allow-list-section.tsx';
import { DirectoriesSection } from './directories/directories-section.tsx';
import { ProvidersSection } from './providers/providers-section.tsx';
import { SignInRulesSection } from './sign-in-rules-section.tsx';

/** How people come in: the directories and providers of identities, the rules of signing in, and from where. */
export const IdentityScreen = () => (
  <>
    <PageHeader
      title="Identity"
      guide="sign-in"
      description="Where people and groups come from, how people sign in, and from which addresses."
    />
    <Stack gap="lg">
      <ProvidersSection />
      <DirectoriesSection />
      <SignInRulesSection />
      <AllowListSection />
    </Stack>
  </>
);
