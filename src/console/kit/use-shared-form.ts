import type { UseFormReturnType } from '@mantine/form';
import { useEffect, useRef, useState } from 'react';
import { OvertakenError } from './error-words.ts';

type Sharing<Values> = {
  readonly form: UseFormReturnType<Values>;
  /** What is saved, as it was read last, in the form's own terms. */
  readonly saved: Values;
  /** Asks the server for what is saved now. */
  readonly readAgain: () => Promise<Values>;
};

/** A form whose settings somebody else may save meanwhile. */
export type SharedForm<Values> = {
  /** Whether what is saved is no longer what the edits began from. */
  readonly isOvertaken: boolean;
  /** Drops the edits for what is saved. */
  readonly load: () => void;
  /** Keeps the edits, to be saved over what somebody else has saved. */
  readonly keep: () => void;
  /** To be awaited before saving; rejects with {@link OvertakenError} when the form began from something else. */
  readonly checkUnmoved: () => Promise<void>;
  /** Says that the edits were saved, and as what. */
  readonly settle: (saved: Values) => void;
};

/**
 * Makes a form follow what is read while nobody has edited it, and keep edits whatever is read: nothing that was typed
 * is lost to somebody else's save, nor their save to a form that was opened before it.
 */
export const useSharedForm = <Values>({ form, saved, readAgain }: Sharing<Values>): SharedForm<Values> => {
  const [start, setStart] = useState(saved);
  /** What had been read when our own edits were saved: it stays for a moment, and is nobody else's doing. */
  const [outlived, setOutlived] = useState<Values | null>(null);
  const sent = useRef<Values | null>(null);
  const isMoved = !isAlike(saved, start) && !isAlike(saved, outlived);
  const isDirty = form.isDirty();
  const keep = () => {
    setStart(saved);
    form.resetDirty(saved);
  };
  const load = () => {
    keep();
    form.setValues(saved as Partial<Values>);
    form.clearErrors();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is loaded is what was read when one of the two changed.
  useEffect(() => {
    if (isMoved && !isDirty) load();
  }, [isMoved, isDirty]);
  return {
    isOvertaken: isMoved && isDirty,
    load,
    keep,
    checkUnmoved: async () => {
      sent.current = form.getValues();
      if (!isAlike(await readAgain(), start)) throw new OvertakenError();
    },
    settle: (now) => {
      setOutlived(saved);
      setStart(now);
      form.resetDirty(now);
      // What was typed while it was being saved stays.
      if (isAlike(form.getValues(), sent.current)) form.setValues(now as Partial<Values>);
    },
  };
};

/** Both were made by the same function, so their members stand in the same order. */
const isAlike = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
