import { Progress, Stack, Text } from '@mantine/core';
import { dollarsOf, formatAmount, percentOf } from './money.ts';

type Props = {
  /** Cents as a decimal string, as is `limit`. */
  readonly used: string;
  /** null is unlimited. */
  readonly limit: string | null;
  /** Whose usage it is, for people who do not see the bar. */
  readonly label: string;
};

/** From this share of a limit on, in percent, it is near. */
const NEAR = 75;
const CLOSE = 95;

const colourOf = (percent: number): string => (percent >= CLOSE ? 'red.7' : percent >= NEAR ? 'yellow.7' : 'ink.6');

/** How much of a limit is used: as a bar, and in words. */
export const UsageBar = ({ used, limit, label }: Props) => {
  if (limit === null)
    return (
      <Text size="sm" c="dimmed">
        {formatAmount(used)}, unlimited
      </Text>
    );
  const percent = percentOf(used, limit);
  return (
    <Stack gap={4} miw={140}>
      <Text size="xs" c="dimmed" className="figures">
        {formatAmount(used)} of {formatAmount(limit)} · {wordsOf(percent, used, limit)}
      </Text>
      <Progress.Root size={6}>
        <Progress.Section value={Math.min(100, percent)} color={colourOf(percent)} aria-label={label} />
      </Progress.Root>
    </Stack>
  );
};

const wordsOf = (percent: number, used: string, limit: string): string =>
  dollarsOf(used) > dollarsOf(limit) && dollarsOf(limit) > 0 ? `${percent}%, over` : `${percent}%`;
