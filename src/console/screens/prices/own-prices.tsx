import { Fieldset, NumberInput, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { NO_RATES, type RateValues, type RuleValues } from './rule-values.ts';

/** Where prompts of today's models become long. */
const USUAL_ABOVE = 200_000;

type Props = { readonly values: RuleValues; readonly set: (part: Partial<RuleValues>) => void };

/** The prices of a model the shipped book does not know: the usual ones, those of long prompts, those of fast mode. */
export const OwnPrices = ({ values, set }: Props) => (
  <Stack gap="md">
    <TextInput
      label="Model"
      description="Its name as requests send it."
      value={values.model}
      onChange={(event) => set({ model: event.currentTarget.value })}
    />
    <Rates
      legend="US dollars for a million tokens"
      rates={values.prices}
      onChange={(part) => set({ prices: { ...values.prices, ...part } })}
    />
    <LongPrompts values={values} set={set} />
    <FastMode values={values} set={set} />
    <Switch
      label="A geography raises the price"
      description="As for the provider’s newer models, when a request names where it is to run."
      checked={values.hasGeoPremium}
      onChange={(event) => set({ hasGeoPremium: event.currentTarget.checked })}
    />
  </Stack>
);

const LongPrompts = ({ values: { long, prices }, set }: Props) => (
  <>
    <Switch
      label="Long prompts cost more"
      checked={long !== null}
      onChange={(event) => set({ long: event.currentTarget.checked ? { ...prices, above: USUAL_ABOVE } : null })}
    />
    {long !== null && (
      <>
        <NumberInput
          label="Prompts of more tokens than"
          min={1}
          allowDecimal={false}
          thousandSeparator=","
          maw={240}
          value={long.above}
          onChange={(above) => set({ long: { ...long, above } })}
        />
        <Rates
          legend="Long prompts, US dollars for a million tokens"
          rates={long}
          onChange={(part) => set({ long: { ...long, ...part } })}
        />
      </>
    )}
  </>
);

const FastMode = ({ values: { fast }, set }: Props) => (
  <>
    <Switch
      label="Fast mode costs more"
      checked={fast !== null}
      onChange={(event) => set({ fast: event.currentTarget.checked ? NO_RATES : null })}
    />
    {fast !== null && (
      <Rates
        legend="Fast mode, US dollars for a million tokens"
        rates={fast}
        onChange={(part) => set({ fast: { ...fast, ...part } })}
      />
    )}
  </>
);

const FIELDS = [
  ['input', 'Input'],
  ['output', 'Output'],
  ['cacheWrite', 'Cache write'],
  ['cacheWriteHour', 'Cache write, 1 h'],
  ['cacheRead', 'Cache read'],
] as const;

type RatesProps = {
  readonly legend: string;
  readonly rates: RateValues;
  readonly onChange: (part: Partial<RateValues>) => void;
};

const Rates = ({ legend, rates, onChange }: RatesProps) => (
  <Fieldset legend={legend} variant="unstyled">
    <SimpleGrid cols={{ base: 2, xs: 5 }} mt={4} spacing="sm">
      {FIELDS.map(([name, label]) => (
        <NumberInput
          key={name}
          label={label}
          prefix="$"
          min={0}
          decimalScale={6}
          hideControls
          placeholder={name.startsWith('cache') ? 'As input' : ''}
          value={rates[name]}
          onChange={(value) => onChange({ [name]: value })}
        />
      ))}
    </SimpleGrid>
  </Fieldset>
);
