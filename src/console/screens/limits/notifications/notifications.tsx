import { Stack } from '@mantine/core';
import { ChannelsSection } from './channels-section.tsx';
import { DeliveriesSection } from './deliveries-section.tsx';
import { RecipientsSection } from './recipients-section.tsx';

/** Who is told of spend, by which ways, and what became of it. */
export const Notifications = () => (
  <Stack gap="lg">
    <RecipientsSection />
    <ChannelsSection />
    <DeliveriesSection />
  </Stack>
);
