import { NumberInput, Stack } from '@mantine/core';
import { limiterName } from './words.ts';

/** Numbers by limiter; an empty one is not set. */
export type Numbers = Readonly<Record<string, number | string>>;

type Props = {
  readonly limiters: readonly string[];
  readonly values: Numbers;
  /** What holds where a field is left empty, by limiter. */
  readonly otherwise: (limiter: string) => string;
  readonly onChange: (values: Numbers) => void;
};

/** A field for each limiter. */
export const NumberFields = ({ limiters, values, otherwise, onChange }: Props) => (
  <Stack gap="sm">
    {limiters.map((limiter) => (
      <NumberInput
        key={limiter}
        label={limiterName(limiter)}
        placeholder={otherwise(limiter)}
        min={0}
        allowDecimal={false}
        thousandSeparator=","
        value={values[limiter] ?? ''}
        onChange={(value) => onChange({ ...values, [limiter]: value })}
      />
    ))}
  </Stack>
);

/** What is sent for one limiter: its number, or null where it is cleared. */
type Change<Limiter> = { readonly type: Limiter; readonly value: number | null };

const changeOf = <Limiter extends string>(type: Limiter, values: Numbers, before: Numbers): Change<Limiter>[] => {
  const value = values[type] ?? '';
  if (value !== '') return [{ type, value: Number(value) }];
  return (before[type] ?? '') === '' ? [] : [{ type, value: null }];
};

/** What is sent: a number for each field that is filled, null for each that was emptied. */
export const changesOf = <Limiter extends string>(
  limiters: readonly Limiter[],
  values: Numbers,
  before: Numbers,
): Change<Limiter>[] => limiters.flatMap((type) => changeOf(type, values, before));
