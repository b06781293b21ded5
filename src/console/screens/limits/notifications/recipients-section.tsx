import { Alert, Button, Group, NativeSelect, Stack, Switch, TagsInput, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type NoticeSettings, testNoticeMail, updateNoticeSettings } from '../../../../spend/contract.ts';
import { call } from '../../../data/client.ts';
import { noticeSettingsQuery } from '../../../data/notices.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { Loadable } from '../../../kit/loadable.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { overtakenReason, SharedFormFault } from '../../../kit/shared-form-fault.tsx';
import { useSharedForm } from '../../../kit/use-shared-form.ts';
import { TestResult } from './test-result.tsx';

/** Who gets e-mail, and whether any can be sent. */
export const RecipientsSection = () => {
  const settings = useQuery(noticeSettingsQuery);
  return (
    <SectionCard
      title="E-mail"
      description="Each threshold of a limit is told once in its period. The thresholds are on the tab Settings."
    >
      <Loadable query={settings} lines={5}>
        {(data) => (
          <Stack gap="lg">
            <MailServer mail={data.mail} />
            <RecipientsForm settings={data} />
          </Stack>
        )}
      </Loadable>
    </SectionCard>
  );
};

const MailServer = ({ mail }: Pick<NoticeSettings, 'mail'>) => {
  const manage = usePermission('billing:manage');
  const test = useAction({ run: () => call(testNoticeMail, { body: {} }), touches: [] });
  return (
    <Stack gap="sm">
      {mail.missing === null ? (
        <Text size="sm">E-mail goes out through {mail.server}.</Text>
      ) : (
        <Alert color="yellow" title="No e-mail is sent">
          {mail.missing}
        </Alert>
      )}
      <Group gap="sm">
        <DisabledReason reason={manage.reason ?? mail.missing}>
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate(undefined)}>
            Send me a test e-mail
          </Button>
        </DisabledReason>
      </Group>
      <TestResult result={test.data} />
    </Stack>
  );
};

type Values = {
  readonly members: boolean;
  readonly administrators: boolean;
  readonly emails: string[];
  readonly hour: string;
};

const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, '0')}:00 UTC`,
}));

const valuesOf = (settings: NoticeSettings): Values => ({
  members: settings.notify_members,
  administrators: settings.notify_administrators,
  emails: settings.alert_emails,
  hour: String(settings.digest_hour),
});

const RecipientsForm = ({ settings }: { readonly settings: NoticeSettings }) => {
  const manage = usePermission('billing:manage');
  const client = useQueryClient();
  const form = useForm<Values>({ initialValues: valuesOf(settings) });
  const shared = useSharedForm({
    form,
    saved: valuesOf(settings),
    readAgain: async () => valuesOf(await client.fetchQuery({ ...noticeSettingsQuery, staleTime: 0 })),
  });
  const save = useAction({
    run: async ({ members, administrators, emails, hour }: Values) => {
      await shared.checkUnmoved();
      return call(updateNoticeSettings, {
        body: {
          notify_members: members,
          notify_administrators: administrators,
          alert_emails: emails,
          digest_hour: Number(hour),
        },
      });
    },
    touches: ['notices'],
    errors: 'inline',
    done: () => 'Who is told is saved.',
    onDone: (reply) => shared.settle(valuesOf(reply)),
  });
  const names = settings.administrators.map(({ name }) => name).join(', ');
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="md">
        <Switch
          label="Tell members of their own limits"
          description="Members are told when they near or reach a limit of their own or of their key."
          {...form.getInputProps('members', { type: 'checkbox' })}
        />
        <Switch
          label="Tell everybody who manages billing"
          description={`Of the limits of the organisation, of groups and workspaces, of the prepaid balance, and of requests for more. Now: ${names}.`}
          {...form.getInputProps('administrators', { type: 'checkbox' })}
        />
        <TagsInput
          label="Further addresses"
          description="They are told what administrators are. Press Enter after each."
          {...form.getInputProps('emails')}
        />
        <NativeSelect
          label="Requests for more come together at"
          description="One message a day with everybody who waits for an answer; none when nobody does."
          data={HOURS}
          {...form.getInputProps('hour')}
        />
        <SharedFormFault shared={shared} error={save.error} />
        <Group justify="flex-end">
          <DisabledReason reason={manage.reason ?? overtakenReason(shared)}>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save who is told
            </Button>
          </DisabledReason>
        </Group>
      </Stack>
    </form>
  );
};
