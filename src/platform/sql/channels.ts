import { asError } from './errors.ts';

/** Who listens to which channel in this process. */
export type Channels = {
  /** Adds a listener; answers the function that removes it, which says whether the channel has none left. */
  add(channel: string, onChange: () => void): () => boolean;
  /** Runs the listeners of a channel, soon and in turn; what one throws does not reach the others. */
  tell(channel: string): void;
  names(): readonly string[];
};

/** No listeners yet; `onError` hears what listeners throw. */
export const createChannels = (onError: (error: Error) => void): Channels => {
  const listeners = new Map<string, Set<{ readonly onChange: () => void }>>();

  const tellOne = (onChange: () => void): void => {
    try {
      onChange();
    } catch (error) {
      onError(asError(error));
    }
  };

  return {
    add: (channel, onChange) => {
      const own = { onChange };
      const others = listeners.get(channel) ?? new Set();
      listeners.set(channel, others.add(own));
      return () => {
        others.delete(own);
        if (others.size === 0 && listeners.get(channel) === others) listeners.delete(channel);
        return others.size === 0;
      };
    },
    tell: (channel) =>
      queueMicrotask(() => {
        for (const { onChange } of listeners.get(channel) ?? []) tellOne(onChange);
      }),
    names: () => [...listeners.keys()],
  };
};
