import { Tooltip } from '@mantine/core';
import { IconBulb, IconClockExclamation } from '@tabler/icons-react';
import type { ModelAccess } from '../../../access/contract.ts';
import { formatDay } from '../../kit/format.ts';
import classes from './matrix.module.css';

const Hint = ({ words, icon: Icon }: { readonly words: string; readonly icon: typeof IconBulb }) => (
  <Tooltip label={words} events={{ hover: true, focus: true, touch: true }}>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the hint must be reachable with the keyboard. */}
    <span tabIndex={0} role="img" aria-label={words} style={{ display: 'inline-grid' }}>
      <Icon size={14} stroke={1.6} color="var(--mantine-color-dimmed)" aria-hidden />
    </span>
  </Tooltip>
);

const retirement = ({ lifecycle, retires_at }: ModelAccess): string | null => {
  if (lifecycle === 'active' && retires_at === null) return null;
  if (lifecycle === 'retired') return 'Retired: the provider does not answer for it any more.';
  return retires_at === null
    ? 'Deprecated by the provider.'
    : `Deprecated: the provider retires it on ${formatDay(retires_at)}.`;
};

/** A model's name and id, with what is special about it. */
export const ModelLabel = ({ model }: { readonly model: ModelAccess }) => {
  const ending = retirement(model);
  return (
    <>
      <span className={classes.name}>
        {model.display_name}
        {model.efforts.length === 0 && (
          <Hint
            icon={IconBulb}
            words="This model has no effort levels. The cap bounds its thinking budget (thinking.budget_tokens) instead."
          />
        )}
        {ending !== null && <Hint icon={IconClockExclamation} words={ending} />}
      </span>
      <span className={classes.sub}>{model.model}</span>
    </>
  );
};
