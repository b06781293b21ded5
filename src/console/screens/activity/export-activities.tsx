import { Button, Group, Loader, Menu, Modal, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { type ActivityQuery, exportPages } from '../../data/activity.ts';
import { FormError } from '../../kit/form-parts.tsx';
import { formatExact } from '../../kit/format.ts';
import { saveFile } from '../../kit/save-file.ts';
import type { NameOf } from '../../parts/activity/sentence.ts';
import { FORMATS, type Format, writeExport } from './write-export.ts';

type State = { readonly format: Format; readonly count: number; readonly error: unknown };

// A file is read elsewhere and later: there ids and addresses say more than names, which change.
const asRecorded: NameOf = ({ hint, id }) => hint ?? id;

const fileName = (format: Format): string => `remit-activity-${new Date().toISOString().slice(0, 10)}.${format}`;

/** Takes away everything that matches the filters as a file, read page by page. */
export const ExportActivities = ({ query }: { readonly query: ActivityQuery }) => {
  const [state, setState] = useState<State | null>(null);
  const stopping = useRef<AbortController | null>(null);
  const run = async (format: Format) => {
    const controller = new AbortController();
    stopping.current = controller;
    setState({ format, count: 0, error: null });
    try {
      const progress = (count: number) => setState({ format, count, error: null });
      const parts = await writeExport(exportPages(query, controller.signal), { format, nameOf: asRecorded, progress });
      if (controller.signal.aborted) return;
      saveFile(fileName(format), FORMATS[format].type, parts);
      setState(null);
    } catch (error) {
      if (!controller.signal.aborted) setState((now) => now && { ...now, error });
    }
  };
  const stop = () => {
    stopping.current?.abort();
    setState(null);
  };
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>What the filters show</Menu.Label>
          {(Object.keys(FORMATS) as Format[]).map((format) => (
            <Menu.Item key={format} onClick={() => void run(format)}>
              {FORMATS[format].label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={state !== null} onClose={stop} title="Export" returnFocus>
        {state !== null && <Progress state={state} onAgain={() => void run(state.format)} onStop={stop} />}
      </Modal>
    </>
  );
};

type ProgressProps = { readonly state: State; readonly onAgain: () => void; readonly onStop: () => void };

const Progress = ({ state, onAgain, onStop }: ProgressProps) => (
  <Stack gap="md">
    {state.error === null ? (
      <Group gap="sm" role="status">
        <Loader size="sm" aria-hidden />
        <Text size="sm">{formatExact(state.count)} records read so far …</Text>
      </Group>
    ) : (
      <FormError error={state.error} />
    )}
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onStop}>
        {state.error === null ? 'Stop' : 'Close'}
      </Button>
      {state.error !== null && <Button onClick={onAgain}>Try again</Button>}
    </Group>
  </Stack>
);
