import { Alert, Code, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconFlask } from '@tabler/icons-react';
import { usePermission, useStatus } from '../data/session.ts';
import { RelativeTime } from '../kit/relative-time.tsx';

/** What everybody should know before trusting an answer, and what needs an administrator. */
export const StatusBanner = () => {
  const { data } = useStatus();
  const { held: mayConfigure } = usePermission('identity:view');
  if (data === undefined) return null;
  const simulated = data.upstreams.some((upstream) => upstream.simulated);
  if (!simulated && data.alerts.length === 0) return null;
  return (
    <Stack gap="xs" mb="lg">
      {simulated && (
        <Alert
          color="yellow"
          icon={<IconFlask size={18} aria-hidden />}
          py={8}
          role="note"
          aria-label="Simulated answers"
        >
          <Text size="sm">
            {mayConfigure ? (
              <>
                Answers are simulated: no Anthropic key is configured. Set <Code>ANTHROPIC_API_KEY</Code>, or name an
                upstream in the configuration file, and restart.
              </>
            ) : (
              'Answers are simulated: no provider is connected yet, so no model reads what you send.'
            )}
          </Text>
        </Alert>
      )}
      {data.alerts.map((alert) => (
        <Alert key={alert.code} color="red" icon={<IconAlertTriangle size={18} aria-hidden />} py={8} role="alert">
          <Text size="sm">
            {alert.message}{' '}
            <Text span c="dimmed" inherit>
              Since <RelativeTime at={alert.since} />.
            </Text>
          </Text>
        </Alert>
      ))}
    </Stack>
  );
};
