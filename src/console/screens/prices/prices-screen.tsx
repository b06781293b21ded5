import { Stack } from '@mantine/core';
import { PageHeader } from '../../kit/page-header.tsx';
import { BookSection } from './book-section.tsx';
import { ReratingSection } from './rerating-section.tsx';
import { RulesSection } from './rules-section.tsx';

/** What tokens cost here: the book in force, the organisation's own rules, and re-rating the past. */
export const PricesScreen = () => (
  <>
    <PageHeader
      title="Prices"
      guide="prices"
      description="What requests are charged by. The shipped prices hold until you agree on your own; a change holds from the next request on and leaves the past as it was charged."
    />
    <Stack gap="lg">
      <RulesSection />
      <BookSection />
      <ReratingSection />
    </Stack>
  </>
);
