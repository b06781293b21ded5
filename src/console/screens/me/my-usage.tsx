import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { mySpendLimitsQuery } from '../../data/spend.ts';
import { Figures } from '../../kit/figures.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { formatAmount } from '../../kit/money.ts';
import { formatReset } from '../../kit/reset-words.ts';
import { SectionCard } from '../../kit/section-card.tsx';
import { PERIOD_NAMES } from '../../parts/spend/words.ts';
import { AskForMore } from './ask-for-more.tsx';
import { MyLimits } from './my-limits.tsx';

/** What the person signed in has used, what is left, when it starts again, and asking for more. */
export const MyUsage = () => {
  const usage = useQuery(mySpendLimitsQuery);
  return (
    <Loadable query={usage} framed lines={8}>
      {(data) => (
        <Stack gap="lg">
          <SectionCard
            title="Used"
            description="What your requests cost so far. Days, weeks and months are those of UTC."
          >
            <Figures
              figures={data.spent.map(({ period, amount, resets_at }) => ({
                label: period === 'daily' ? 'Today' : `This ${PERIOD_NAMES[period].toLowerCase()}`,
                value: formatAmount(amount),
                note: `Starts again ${formatReset(resets_at, Date.now())}`,
              }))}
            />
          </SectionCard>
          <MyLimits usage={data} />
          <AskForMore usage={data} />
        </Stack>
      )}
    </Loadable>
  );
};
