import { Button, type ButtonProps } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { AnyEndpoint } from '../../platform/contract.ts';
import { download } from '../data/download.ts';
import { useAction } from '../data/use-action.ts';
import { DisabledReason } from '../kit/disabled-reason.tsx';

type Props = {
  /** The endpoint that answers the file. */
  readonly of: Pick<AnyEndpoint, 'path'>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** What is in the file, for people who do not see where the button stands. */
  readonly label: string;
  /** Why it may not be had; null when it may. */
  readonly reason?: string | null;
  readonly size?: ButtonProps['size'];
};

/** A button that downloads every line of a list as a CSV file, and says so where that fails. */
export const CsvButton = ({ of, query, label, reason = null, size = 'xs' }: Props) => {
  const fetching = useAction({ run: () => download(of, query), touches: [] });
  return (
    <DisabledReason reason={reason}>
      <Button
        size={size}
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        aria-label={label}
        loading={fetching.isPending}
        onClick={() => fetching.mutate(undefined)}
      >
        CSV
      </Button>
    </DisabledReason>
  );
};
