import { Stack } from '@mantine/core';
import { PageHeader } from '../../kit/page-header.tsx';
import { OverridesSection } from './overrides-section.tsx';
import { TierSection } from './tier-section.tsx';
import { UsageSection } from './usage-section.tsx';

/** How fast the organisation may go: its tier, what of it is used, and lower limits inside of it. */
export const RatesScreen = () => (
  <>
    <PageHeader
      title="Rates"
      guide="rate-limits"
      description="How many requests and tokens a minute may pass. What is refused for it can be tried again after the seconds the answer names; cache reads do not count."
    />
    <Stack gap="lg">
      <UsageSection />
      <OverridesSection />
      <TierSection />
    </Stack>
  </>
);
