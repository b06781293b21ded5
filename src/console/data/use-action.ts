import { notifications } from '@mantine/notifications';
import { type MutateOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { sentenceWithId } from '../kit/error-words.ts';

type Action<Input, Reply> = {
  readonly run: (input: Input) => Promise<Reply>;
  /** First parts of the query keys whose answers the action makes stale. */
  readonly touches: readonly string[];
  /** The sentence shown once it is done; none when the page itself shows the result. */
  readonly done?: (reply: Reply, input: Input) => string;
  /** Runs before what was touched is read again, so that a page may leave first. */
  readonly onDone?: (reply: Reply) => unknown;
  /** `inline`: the caller shows the error beside the form. Otherwise it appears as a notice. */
  readonly errors?: 'inline' | 'notice';
};

/**
 * Runs one changing call: shows that it is done or why not, and reads again what it touched. What is asked for again
 * while it is being done, as by a double click, is done once.
 */
export const useAction = <Input, Reply>({ run, touches, done, onDone, errors = 'notice' }: Action<Input, Reply>) => {
  const client = useQueryClient();
  const underWay = useRef(new Set<string>());
  const mutation = useMutation({
    mutationFn: run,
    onSuccess: async (reply, input) => {
      if (done !== undefined) notifications.show({ message: done(reply, input), color: 'teal' });
      await onDone?.(reply);
      // Whatever was done is now the newest thing in the feed of what it was done to.
      const stale = [...touches, 'recent-activity'];
      await Promise.all(stale.map((first) => client.invalidateQueries({ queryKey: [first] })));
    },
    onError: (error) => {
      if (errors === 'notice')
        notifications.show({
          title: 'That did not work',
          message: sentenceWithId(error),
          color: 'red',
          autoClose: false,
        });
    },
  });
  const mutate = (input: Input, options?: MutateOptions<Reply, Error, Input>): void => {
    const name = JSON.stringify(input) ?? '';
    if (underWay.current.has(name)) return;
    underWay.current.add(name);
    mutation.mutateAsync(input, options).then(
      () => underWay.current.delete(name),
      () => underWay.current.delete(name),
    );
  };
  return { ...mutation, mutate };
};
