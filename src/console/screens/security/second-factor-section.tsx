import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { type MySecurity, removeMySecondFactor, renewMyRecoveryCodes } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { DotLabel } from '../../kit/dot-label.tsx';
import { plural } from '../../kit/format.ts';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { AskPassword } from './ask-password.tsx';
import { EnrolDialog } from './enrol-dialog.tsx';
import { RecoveryCodesDialog } from './recovery-codes.tsx';

const FEW_CODES = 3;

type Open = 'enrol' | 'remove' | 'codes' | null;

/** My second factor: setting it up, new recovery codes, taking it away. */
export const SecondFactorSection = ({ security }: { readonly security: MySecurity }) => {
  const { second_factor: factor, has_password } = security;
  const [open, setOpen] = useState<Open>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const close = () => setOpen(null);
  const noAccount = has_password
    ? null
    : 'You have no password here; manage your second factor at your identity provider.';
  const required = factor.is_required ? 'Your organisation asks for a second factor.' : null;
  return (
    <SectionCard
      title="Second factor"
      description="A code from an app on your phone, asked for beside the password."
      actions={
        factor.is_enabled ? (
          <Group gap="xs">
            <Button variant="default" onClick={() => setOpen('codes')}>
              New recovery codes
            </Button>
            <DisabledReason reason={required}>
              <Button variant="default" onClick={() => setOpen('remove')}>
                Remove
              </Button>
            </DisabledReason>
          </Group>
        ) : (
          <DisabledReason reason={noAccount}>
            <Button onClick={() => setOpen('enrol')}>Set up</Button>
          </DisabledReason>
        )
      }
    >
      <FactorState factor={factor} />
      <EnrolDialog opened={open === 'enrol'} onClose={close} onCodes={setCodes} />
      <AskPassword
        opened={open === 'remove'}
        title="Remove the second factor?"
        submit="Remove it"
        run={(password) => call(removeMySecondFactor, { body: { password } })}
        onDone={close}
        onClose={close}
      >
        From then on your password alone signs you in. Your recovery codes stop working.
      </AskPassword>
      <AskPassword
        opened={open === 'codes'}
        title="Make new recovery codes"
        submit="Make them"
        run={async (password) => setCodes((await call(renewMyRecoveryCodes, { body: { password } })).recovery_codes)}
        onDone={close}
        onClose={close}
      >
        The codes you have now stop working.
      </AskPassword>
      <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />
    </SectionCard>
  );
};

const FactorState = ({ factor }: { readonly factor: MySecurity['second_factor'] }) => {
  if (!factor.is_enabled || factor.enabled_at === null)
    return (
      <Text size="sm" component="div">
        <DotLabel tone={factor.is_required ? 'warn' : 'quiet'}>Not set up</DotLabel>
      </Text>
    );
  return (
    <Group gap="md">
      <Text size="sm" component="div">
        <DotLabel tone="good">On</DotLabel>
      </Text>
      <Text size="sm" c="dimmed">
        since <RelativeTime at={factor.enabled_at} />
      </Text>
      <Text size="sm" component="div" c="dimmed">
        {factor.recovery_codes_left > FEW_CODES ? (
          `${plural(factor.recovery_codes_left, 'recovery code')} left`
        ) : (
          <DotLabel tone="warn">{plural(factor.recovery_codes_left, 'recovery code')} left</DotLabel>
        )}
      </Text>
    </Group>
  );
};
