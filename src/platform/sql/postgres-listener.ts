import { type Client, escapeIdentifier } from 'pg';
import { createChannels } from './channels.ts';
import { asError } from './errors.ts';
import type { ConnectAlone } from './postgres-connection.ts';

/** The connection that hears what other processes notify. */
export type Listener = {
  listen(channel: string, onChange: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

const RECONNECT_MS = 250;

/**
 * LISTEN on one dedicated connection, made for the first listener. When it is lost it is made again every quarter of a
 * second until it holds, and then every listener runs, since nobody knows what was missed.
 */
export const createListener = (connectAlone: ConnectAlone, onError: (error: Error) => void): Listener => {
  const channels = createChannels(onError);
  let connecting: Promise<Client> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isClosed = false;

  const connect = async (): Promise<Client> => {
    const client = await connectAlone(lost);
    client.on('notification', ({ channel }) => channels.tell(channel));
    try {
      for (const channel of channels.names()) await client.query(`LISTEN ${escapeIdentifier(channel)}`);
    } catch (error) {
      await client.end();
      throw error;
    }
    return client;
  };

  const connection = (): Promise<Client> => {
    connecting ??= connect();
    return connecting;
  };

  const reconnect = async (): Promise<void> => {
    try {
      await connection();
      for (const channel of channels.names()) channels.tell(channel);
    } catch (error) {
      lost(asError(error));
    }
  };

  const lost = (error: Error): void => {
    connecting = undefined;
    if (isClosed || retry !== undefined) return;
    onError(error);
    retry = setTimeout(() => {
      retry = undefined;
      if (!isClosed) void reconnect();
    }, RECONNECT_MS);
  };

  const stopListening = async (channel: string): Promise<void> => {
    const client = await connecting?.catch(() => undefined);
    // A connection made later does not listen to a channel without listeners anyway.
    await client?.query(`UNLISTEN ${escapeIdentifier(channel)}`).catch(() => {});
  };

  return {
    listen: async (channel, onChange) => {
      if (isClosed) throw new Error('The database is closed');
      const remove = channels.add(channel, onChange);
      try {
        const client = await connection();
        await client.query(`LISTEN ${escapeIdentifier(channel)}`);
      } catch (error) {
        lost(asError(error));
      }
      return async () => {
        if (remove()) await stopListening(channel);
      };
    },
    close: async () => {
      isClosed = true;
      clearTimeout(retry);
      await connecting?.then((client) => client.end()).catch(() => {});
    },
  };
};
