import { Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { type RateTier, setRateTier } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { formatAmount } from '../../kit/money.ts';
import { TIER_WORDS } from './words.ts';

type Props = { readonly opened: boolean; readonly tier: RateTier; readonly onClose: () => void };

/** Puts the organisation into another tier. */
export const ChangeTier = ({ opened, ...rest }: Props) => (
  <Modal opened={opened} onClose={rest.onClose} title="Change the tier" returnFocus>
    {opened && <TierForm {...rest} />}
  </Modal>
);

const TierForm = ({ tier, onClose }: Omit<Props, 'opened'>) => {
  const [chosen, setChosen] = useState(tier.tier);
  const save = useAction({
    run: () => call(setRateTier, { body: { tier: chosen } }),
    touches: ['rates'],
    errors: 'inline',
    done: (reply) => `The organisation is in the tier ${TIER_WORDS[reply.tier].name}.`,
    onDone: onClose,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      <Stack gap="md">
        <FormError error={save.error} />
        <Radio.Group label="Tier" value={chosen} onChange={(value) => setChosen(value as RateTier['tier'])}>
          <Stack gap="xs" mt={6}>
            {tier.tiers.map(({ tier: name, monthly_spend_cap }) => (
              <Radio
                key={name}
                value={name}
                label={TIER_WORDS[name].name}
                description={`${TIER_WORDS[name].meaning}${monthly_spend_cap === null ? '' : ` At most ${formatAmount(monthly_spend_cap)} a month.`}`}
              />
            ))}
          </Stack>
        </Radio.Group>
        <FormButtons submit="Change tier" busy={save.isPending} disabled={chosen === tier.tier} onCancel={onClose} />
      </Stack>
    </form>
  );
};
