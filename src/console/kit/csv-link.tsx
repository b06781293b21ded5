import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

type Props = {
  /** The endpoint that answers the file. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** What is in the file, for people who do not see where the button stands. */
  readonly label: string;
};

/** A button that downloads every line of a report as a CSV file. */
export const CsvLink = ({ path, query, label }: Props) => {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return (
    <Button
      component="a"
      href={`${path}?${search}`}
      download
      size="xs"
      variant="default"
      leftSection={<IconDownload size={14} aria-hidden />}
      aria-label={label}
    >
      CSV
    </Button>
  );
};
