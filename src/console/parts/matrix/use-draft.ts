import { useCallback, useMemo, useState } from 'react';
import type { ModelMatrix, PolicyEdit } from '../../../access/contract.ts';
import { addEdit, applyDraft, type Draft, EMPTY_DRAFT, rebase } from './draft.ts';

/** The unsaved edits over a matrix, and what can be done with them. */
export type DraftHandle = {
  readonly draft: Draft;
  /** The matrix as it would be with the edits. */
  readonly view: ModelMatrix;
  readonly edit: (edit: PolicyEdit) => void;
  readonly discard: () => void;
};

/** Keeps edits until they are saved or discarded; they are carried over when the matrix beneath them is read anew. */
export const useDraft = (saved: ModelMatrix): DraftHandle => {
  const [state, setState] = useState({ over: saved, draft: EMPTY_DRAFT });
  const draft = state.over === saved ? state.draft : rebase(saved, state.draft);
  if (state.over !== saved) setState({ over: saved, draft });
  const edit = useCallback(
    (change: PolicyEdit) => setState((now) => ({ ...now, draft: addEdit(now.over, now.draft, change) })),
    [],
  );
  const discard = useCallback(() => setState((now) => ({ ...now, draft: EMPTY_DRAFT })), []);
  const view = useMemo(() => applyDraft(saved, draft), [saved, draft]);
  return { draft, view, edit, discard };
};
