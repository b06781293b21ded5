import { Button, NumberInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { limiterName } from './words.ts';

/** Numbers by limiter; an empty one is not set. */
export type Numbers = Readonly<Record<string, number | string>>;

type Props = {
  readonly limiters: readonly string[];
  /** Limiters that few people need, folded away while none of them is set. */
  readonly further?: readonly string[];
  readonly values: Numbers;
  /** What holds where a field is left empty, by limiter. */
  readonly otherwise: (limiter: string) => string;
  readonly onChange: (values: Numbers) => void;
};

/** A field for each limiter. */
export const NumberFields = ({ limiters, further = [], ...rest }: Props) => {
  const [isOpen, setOpen] = useState(further.some((limiter) => (rest.values[limiter] ?? '') !== ''));
  return (
    <Stack gap="sm">
      {[...limiters, ...(isOpen ? further : [])].map((limiter) => (
        <Field key={limiter} limiter={limiter} {...rest} />
      ))}
      {further.length > 0 && !isOpen && (
        <Button variant="subtle" size="compact-sm" w="fit-content" onClick={() => setOpen(true)}>
          More limits: tokens per day and others
        </Button>
      )}
    </Stack>
  );
};

type FieldProps = Pick<Props, 'values' | 'otherwise' | 'onChange'> & { readonly limiter: string };

const Field = ({ limiter, values, otherwise, onChange }: FieldProps) => (
  <NumberInput
    label={limiterName(limiter)}
    placeholder={otherwise(limiter)}
    min={0}
    allowDecimal={false}
    thousandSeparator=","
    value={values[limiter] ?? ''}
    onChange={(value) => onChange({ ...values, [limiter]: value })}
  />
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
