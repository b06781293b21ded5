import {
  Alert,
  Button,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createPriceRule, type PricePreview, previewPrices } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { pricesQuery } from '../../data/prices.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { plural } from '../../kit/format.ts';
import { formatAmount } from '../../kit/money.ts';
import { OwnPrices } from './own-prices.tsx';
import { newRule, problemOf, type RuleValues, ruleOf } from './rule-values.ts';
import { nameOfFamily, signed } from './words.ts';

const FAMILIES = ['haiku', 'sonnet', 'opus', 'fable', 'mythos'];

const KINDS: Readonly<Record<RuleValues['kind'], string>> = {
  discount: 'A discount',
  multiplier: 'A multiplier',
  price: 'Prices of a model of your own',
};

/** Agrees on a price; shows first what the last 30 days would have cost with it. */
export const NewRule = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => (
  <Modal opened={opened} onClose={onClose} title="Add a price rule" size="lg" returnFocus>
    {opened && <RuleForm onClose={onClose} />}
  </Modal>
);

const RuleForm = ({ onClose }: { readonly onClose: () => void }) => {
  const [values, setValues] = useState(newRule);
  const [isTried, setTried] = useState(false);
  const set = (part: Partial<RuleValues>) => {
    setValues((before) => ({ ...before, ...part }));
    preview.reset();
  };
  const preview = useAction({
    run: () => call(previewPrices, { body: { add: ruleOf(values) } }),
    touches: [],
    errors: 'inline',
  });
  const save = useAction({
    run: () => call(createPriceRule, { body: { rule: ruleOf(values) } }),
    touches: ['prices'],
    errors: 'inline',
    done: () => 'The rule is in the book. The next request is charged by it.',
    onDone: onClose,
  });
  const problem = problemOf(values);
  const attempt = (act: () => void) => {
    setTried(true);
    if (problem === null) act();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        attempt(() => save.mutate(undefined));
      }}
    >
      <Stack gap="md">
        <FormError error={save.error ?? preview.error} />
        <NativeSelect
          label="What"
          value={values.kind}
          data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
          onChange={(event) => set({ kind: event.currentTarget.value as RuleValues['kind'] })}
          data-autofocus
        />
        {values.kind === 'price' ? <OwnPrices values={values} set={set} /> : <Change values={values} set={set} />}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            type="date"
            label="First day (UTC)"
            description="From its midnight on."
            value={values.starting}
            onChange={(event) => set({ starting: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label="Ends on (UTC)"
            description="The day it no longer holds; empty for no end."
            value={values.ending}
            onChange={(event) => set({ ending: event.currentTarget.value })}
          />
        </SimpleGrid>
        {isTried && problem !== null && (
          <Text size="sm" role="alert" c="var(--mantine-color-error)">
            {problem}
          </Text>
        )}
        {preview.data !== undefined && <Preview preview={preview.data} />}
        <Group>
          <Button
            variant="default"
            size="xs"
            loading={preview.isPending}
            onClick={() => attempt(() => preview.mutate(undefined))}
          >
            What would it change?
          </Button>
        </Group>
        <FormButtons submit="Add rule" busy={save.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};

type PartProps = { readonly values: RuleValues; readonly set: (part: Partial<RuleValues>) => void };

const Change = ({ values, set }: PartProps) => {
  const models = useQuery(pricesQuery).data?.models ?? [];
  return (
    <>
      <NativeSelect
        label="For"
        value={values.scope}
        data={[
          { value: 'all', label: 'All models' },
          {
            group: 'Families',
            items: FAMILIES.map((name) => ({ value: `family:${name}`, label: `All ${nameOfFamily(name)} models` })),
          },
          { group: 'Models', items: models.map(({ model }) => ({ value: `model:${model}`, label: model })) },
        ]}
        onChange={(event) => set({ scope: event.currentTarget.value })}
      />
      {values.kind === 'discount' ? (
        <NumberInput
          label="Discount"
          suffix="%"
          min={0}
          max={100}
          decimalScale={2}
          value={values.percent}
          onChange={(percent) => set({ percent })}
        />
      ) : (
        <NumberInput
          label="Price times"
          description="1.2 adds a fifth, for example to pass on your own costs."
          min={0}
          max={999}
          decimalScale={4}
          value={values.factor}
          onChange={(factor) => set({ factor })}
        />
      )}
    </>
  );
};

const Preview = ({ preview }: { readonly preview: PricePreview }) => (
  <Alert color="ink" role="status" title={`${signed(preview.difference)} in the last 30 days`}>
    {plural(preview.requests, 'request')} cost {formatAmount(preview.before_amount)} by the prices in force and would
    have cost {formatAmount(preview.after_amount)}.
    {preview.by_model.slice(0, 5).map(({ model, difference }) => (
      <div key={model ?? ''}>
        {model ?? 'Unknown model'}: {signed(difference)}
      </div>
    ))}
    {preview.truncated ? ' There were more requests than are reckoned; the newest are.' : ''}
  </Alert>
);
