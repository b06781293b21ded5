import { Anchor, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { askForIncrease, type MySpendLimits } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { formatDay } from '../../kit/format.ts';
import { SectionCard } from '../../kit/section-card.tsx';
import { PERIOD_NAMES, type Period, perPeriod } from '../../parts/spend/words.ts';

const QUIET_MS = 30 * 86_400_000;

/** Why nothing can be asked for now, as a sentence; null where it can. */
const reasonOf = (usage: MySpendLimits): string | null => {
  switch (usage.may_not_ask_because) {
    case 'switched_off':
      return 'Asking for more is switched off here.';
    case 'no_limit':
      return 'No limit of your own is in your way.';
    case 'pending':
      return 'Your request waits for a decision.';
    case 'denied_recently':
      return `Your request was denied. You can ask again on ${quietUntil(usage)}.`;
    case null:
      return null;
    default:
      return usage.may_not_ask_because satisfies never;
  }
};

const quietUntil = ({ requests }: MySpendLimits): string => {
  const denied = requests.find(({ status, resolved_at }) => status === 'denied' && resolved_at !== null);
  const at = denied?.resolved_at ?? new Date().toISOString();
  return formatDay(new Date(Date.parse(at) + QUIET_MS).toISOString());
};

/** Asks for a higher limit, and says how the last request stands. */
export const AskForMore = ({ usage }: { readonly usage: MySpendLimits }) => {
  const [period, setPeriod] = useState<Period | null>(null);
  const ask = useAction({
    run: () => call(askForIncrease, { body: period === null ? {} : { period } }),
    touches: ['my-spend', 'increase-requests'],
    done: () => 'Your request is sent. You are told when it is decided.',
  });
  const reason = usage.may_ask_for.length > 0 ? null : reasonOf(usage);
  const only = usage.may_ask_for.length === 1 ? usage.may_ask_for[0] : undefined;
  const { url, sentence } = usage.ask_for_more;
  return (
    <SectionCard
      title="Need more?"
      description={sentence ?? 'Whoever manages billing decides. One request can wait for each period.'}
    >
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          {usage.may_ask_for.length > 1 && (
            <Select
              label="More of"
              size="sm"
              w={200}
              placeholder="The limit in the way"
              clearable
              data={usage.may_ask_for.map((value) => ({ value, label: `What I may spend ${perPeriod(value)}` }))}
              value={period}
              onChange={setPeriod}
            />
          )}
          <DisabledReason reason={reason}>
            <Button loading={ask.isPending} onClick={() => ask.mutate(undefined)}>
              {only === undefined ? 'Ask for more' : `Ask for more ${perPeriod(only)}`}
            </Button>
          </DisabledReason>
          {url !== null && (
            <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
              How to get more here
            </Anchor>
          )}
        </Group>
        {reason !== null && (
          <Text size="sm" role="status">
            {reason}
          </Text>
        )}
        <Past usage={usage} />
      </Stack>
    </SectionCard>
  );
};

const WORDS = { pending: 'waits for a decision', approved: 'approved', denied: 'denied' } as const;

const Past = ({ usage: { requests } }: { readonly usage: MySpendLimits }) =>
  requests.length === 0 ? null : (
    <Stack gap={2} component="ul" style={{ listStyle: 'none' }} p={0} m={0} aria-label="My requests">
      {requests.map(({ id, period, status, created_at, resolved_at }) => (
        <Text key={id} component="li" size="xs" c="dimmed">
          {formatDay(created_at)}: more per {PERIOD_NAMES[period].toLowerCase()}, {WORDS[status]}
          {resolved_at === null ? '' : ` on ${formatDay(resolved_at)}`}
        </Text>
      ))}
    </Stack>
  );
