import { openUpstream, startSimulatedUpstream, type Upstream, type UpstreamAddress } from '../gateway/index.ts';
import type { Config } from './config.ts';

const ANTHROPIC_URL = 'https://api.anthropic.com';

/** The providers the configuration names; none means that answers are to be simulated. */
const addressesOf = ({ gateway, anthropicKey }: Config): readonly UpstreamAddress[] => {
  const { upstreams, upstream_url: url, upstream_key: ownKey } = gateway;
  if (upstreams !== undefined && upstreams.length > 0)
    return upstreams.map(({ name, url, key }) => ({ name, url, key: key ?? null, simulated: false }));
  const key = ownKey ?? anthropicKey ?? null;
  if (url === undefined && key === null) return [];
  return [{ name: 'anthropic', url: url ?? ANTHROPIC_URL, key, simulated: false }];
};

export type OpenUpstreams = {
  readonly upstreams: readonly Upstream[];
  /** Cuts the connections; call it once nothing is forwarded any more. */
  close(): Promise<void>;
};

/** Opens the providers, or the built-in simulation when the configuration names none. */
export const openUpstreams = async (config: Config): Promise<OpenUpstreams> => {
  const addresses = addressesOf(config);
  const simulated = addresses.length > 0 ? undefined : await startSimulatedUpstream();
  const served =
    simulated === undefined ? addresses : [{ name: 'simulated', url: simulated.url, key: null, simulated: true }];
  const upstreams = served.map((address) =>
    openUpstream(address, {
      answerMs: config.gateway.upstream_answer_seconds * 1000,
      silenceMs: config.gateway.upstream_silence_seconds * 1000,
    }),
  );
  return {
    upstreams,
    close: async () => {
      for (const { connections } of upstreams) connections.close();
      await Promise.all(upstreams.map(({ pool }) => pool.destroy()));
      await simulated?.close();
    },
  };
};
