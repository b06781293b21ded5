import { Stack, Text } from '@mantine/core';
import type { Device } from '../../directory/contract.ts';
import { useAction } from '../data/use-action.ts';
import { AskButton } from '../kit/ask-button.tsx';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { RelativeTime } from '../kit/relative-time.tsx';

type Props = {
  readonly devices: readonly Device[];
  /** Why none may be signed out; null when they may. */
  readonly reason: string | null;
  readonly onEnd: (device: Device) => Promise<unknown>;
  /** First parts of the query keys that an end makes stale. */
  readonly touches: readonly string[];
};

/** Devices that are signed in with Claude Code, and signing them out. */
export const DeviceTable = ({ devices, ...rest }: Props) => (
  <DataTable label="Devices" columns={columns(rest)} rows={devices} rowKey={(row) => row.id} />
);

const columns = (props: Omit<Props, 'devices'>): readonly Column<Device>[] => [
  {
    key: 'name',
    header: 'Device',
    cell: (row) => (
      <Stack gap={2}>
        <Text size="sm" fw={500}>
          {row.name}
        </Text>
        <Text size="xs" c="dimmed">
          {row.ip_address ?? 'Unknown address'}
        </Text>
      </Stack>
    ),
  },
  { key: 'created', header: 'Signed in', cell: (row) => <RelativeTime at={row.signed_in_at} /> },
  { key: 'renewed', header: 'Last renewed', cell: (row) => <RelativeTime at={row.last_renewed_at} /> },
  { key: 'ends', header: 'Ends unless used', cell: (row) => <RelativeTime at={row.expires_at} /> },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => <EndDevice device={row} {...props} />,
  },
];

const EndDevice = ({ device, reason, onEnd, touches }: Omit<Props, 'devices'> & { readonly device: Device }) => {
  const end = useAction({
    run: () => onEnd(device),
    touches,
    errors: 'inline',
    done: () => 'The device is signed out.',
  });
  return (
    <AskButton
      size="compact-xs"
      label="Sign out"
      name={`Sign out ${device.name} from ${device.ip_address ?? 'an unknown address'}`}
      reason={reason}
      title="Sign this device out?"
      confirm="Sign it out"
      deed={end}
    >
      Claude Code stops on it at once, also what is being answered. Whoever uses it has to sign in again.
    </AskButton>
  );
};
