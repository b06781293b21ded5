import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { myAccessQuery } from '../../data/access.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { ConnectLines } from '../../parts/connect-lines.tsx';
import { EffectiveAccessTable } from '../../parts/effective-access.tsx';

/** My models and effort, with the reason for what is missing, and how to connect. */
export const MyModels = () => {
  const access = useQuery(myAccessQuery);
  return (
    <Stack gap="lg">
      <SectionCard title="Models" description="What you may use, how far, and what stops the rest." flush>
        <Loadable query={access} lines={8}>
          {(data) => <EffectiveAccessTable access={data} linked={false} />}
        </Loadable>
      </SectionCard>
      <SectionCard title="Connect" description="Create a key under Keys, then paste these lines with it.">
        <ConnectLines />
      </SectionCard>
    </Stack>
  );
};
