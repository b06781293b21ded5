import { Alert, Button, Drawer, Group, List, Progress, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { changeModelMatrix, type ModelMatrix, type PolicyEdit, previewModelMatrix } from '../../../access/contract.ts';
import { ApiError } from '../../../platform/contract.ts';
import { matrixQuery } from '../../data/access.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { sentenceWithId } from '../../kit/error-words.ts';
import { Failed } from '../../kit/states.tsx';
import { editsOf } from './draft.ts';
import { describeEdits, findObstacles } from './draft-words.ts';
import classes from './matrix.module.css';
import { PreviewFigures } from './preview-figures.tsx';
import type { DraftHandle } from './use-draft.ts';

type Props = {
  readonly opened: boolean;
  readonly saved: ModelMatrix;
  readonly handle: DraftHandle;
  readonly onClose: () => void;
};

/** Shows what saving would do to people and to the last days' requests, then saves. Errors lose no edit. */
export const PreviewPanel = ({ opened, saved, handle, onClose }: Props) => (
  <Drawer opened={opened} onClose={onClose} size={560} title="Review and save" returnFocus>
    {opened && <Review saved={saved} handle={handle} onClose={onClose} />}
  </Drawer>
);

const Review = ({ saved, handle, onClose }: Omit<Props, 'opened'>) => {
  const edits = useMemo(() => editsOf(handle.draft), [handle.draft]);
  const obstacles = findObstacles(handle.view);
  const preview = useQuery({
    queryKey: ['preview', saved.version, edits],
    queryFn: () => call(previewModelMatrix, { body: { edits } }),
    enabled: edits.length > 0 && obstacles.length === 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
  const save = useSave(edits, saved.version, () => {
    handle.discard();
    onClose();
  });
  if (edits.length === 0) return <NothingLeft onClose={onClose} />;
  const isConflict = isVersionConflict(save.error);
  return (
    <Stack gap="lg">
      <Sentences title="Your edits" sentences={describeEdits(handle.view, edits)} />
      {obstacles.length > 0 && (
        <Alert color="red" title="This cannot be saved yet" role="alert">
          <Sentences sentences={obstacles} />
        </Alert>
      )}
      {preview.isFetching && <Replaying />}
      {preview.error !== null && !preview.isFetching && (
        <Failed error={preview.error} onRetry={() => void preview.refetch()} />
      )}
      {preview.data !== undefined && obstacles.length === 0 && (
        <PreviewFigures preview={preview.data} models={saved.models} />
      )}
      {save.error !== null && (isConflict ? <Conflict onReloaded={save.reset} /> : <NotSaved error={save.error} />)}
      <Group justify="flex-end" gap="xs" className={classes.footer}>
        <Button variant="default" onClick={onClose}>
          Keep editing
        </Button>
        <Button
          loading={save.isPending}
          disabled={obstacles.length > 0 || isConflict || preview.isFetching}
          onClick={() => save.mutate(undefined)}
        >
          Save
        </Button>
      </Group>
    </Stack>
  );
};

/** Saves the edits over the version they were made on; the answer becomes the matrix that is shown. */
const useSave = (edits: PolicyEdit[], version: number, onSaved: () => void) => {
  const client = useQueryClient();
  return useAction({
    run: () => call(changeModelMatrix, { body: { edits, if_version: version } }),
    touches: ['access', 'roles'],
    errors: 'inline',
    done: () => 'Saved. New requests follow the new rules at once.',
    onDone: (matrix) => {
      onSaved();
      client.setQueryData(matrixQuery.queryKey, matrix);
    },
  });
};

const NothingLeft = ({ onClose }: { readonly onClose: () => void }) => (
  <Stack>
    <Text size="sm">Nothing is left to save: the matrix already is as you wanted it.</Text>
    <Button onClick={onClose}>Close</Button>
  </Stack>
);

const Replaying = () => (
  <Stack gap={6} role="status">
    <Text size="sm" c="dimmed">
      Replaying the requests of the last 30 days under the new rules …
    </Text>
    <Progress value={100} animated size="sm" aria-label="Computing the preview" />
  </Stack>
);

const NotSaved = ({ error }: { readonly error: unknown }) => (
  <Alert color="red" title="Not saved; your edits are still here" role="alert">
    {sentenceWithId(error)}
  </Alert>
);

const Conflict = ({ onReloaded }: { readonly onReloaded: () => void }) => {
  const client = useQueryClient();
  const reapply = async () => {
    await client.refetchQueries({ queryKey: matrixQuery.queryKey });
    onReloaded();
  };
  return (
    <Alert color="yellow" title="Somebody else saved meanwhile" role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          The rules have changed since you loaded them, so nothing of yours was saved. Load the newest rules and put
          your edits on top: the preview is computed again and you can look before saving.
        </Text>
        <Button size="xs" variant="default" onClick={() => void reapply()}>
          Load and reapply my edits
        </Button>
      </Stack>
    </Alert>
  );
};

const isVersionConflict = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 409 && error.details?.error_code === 'version_conflict';

const Sentences = ({ title, sentences }: { readonly title?: string; readonly sentences: readonly string[] }) => (
  <Stack gap={6}>
    {title !== undefined && <Title order={2}>{title}</Title>}
    <List size="sm" spacing={4}>
      {sentences.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  </Stack>
);
