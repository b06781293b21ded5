import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { prepaidQuery } from '../../../data/prepaid.ts';
import { Loadable } from '../../../kit/loadable.tsx';
import { BalanceSection } from './balance-section.tsx';
import { OrdersSection } from './orders-section.tsx';
import { ReloadSection } from './reload-section.tsx';

/** Credit that is paid for before it is spent: what is left, whether it binds, when more is recorded, and every order. */
export const PrepaidPanel = () => (
  <Stack gap="lg">
    <Loadable query={useQuery(prepaidQuery)} framed lines={6}>
      {(balance) => (
        <>
          <BalanceSection balance={balance} />
          <ReloadSection balance={balance} />
        </>
      )}
    </Loadable>
    <OrdersSection />
  </Stack>
);
