import { type Caller, decide, resolveCredential, type Snapshot, type Wanted } from '../../access/index.ts';
import type { DecidedRequest, Ending } from '../../gateway/index.ts';
import { createNewId, type NewId } from '../../kernel/index.ts';
import { drawCountEnding, drawEnding, type Fate, type Prompt } from './answer.ts';
import type { Habit } from './habits.ts';
import type { Random } from './random.ts';
import { DAY_MS, HOUR_MS } from './schedule.ts';

/** A request with its decision and, unless it was refused, its end: what the gateway would have recorded of it. */
export type Exchange = { readonly decided: DecidedRequest; readonly ending: Ending | null };

/** A request as a client sends it, with what its answer depends on. */
export type Sent = {
  readonly at: number;
  readonly endpoint: 'messages' | 'count_tokens';
  readonly wanted: Wanted;
  readonly client: DecidedRequest['client'];
  readonly stream: boolean;
  readonly bodyBytes: number;
  readonly prompt: Prompt;
  readonly usualTokens: number;
  readonly stopReason: 'end_turn' | 'tool_use';
};

/** Somebody (or a service) who works with one key. */
export type Worker = {
  readonly caller: Caller;
  readonly habit: Habit;
  /** The client as it names itself; its version grows with the weeks. */
  readonly client: (at: number) => string;
};

/** The policy, chance and time in which clients act. */
export type World = {
  readonly random: Random;
  readonly now: number;
  /** Whose requests a key makes; throws when the key is not to be used. */
  callerOf(keyId: string): Caller;
  /** Decides a request by the policy in force and draws how it ended. */
  send(caller: Caller, sent: Sent): Exchange;
};

/** A bad afternoon at the provider: nine days ago, for two hours, every fourth request met an overload. */
const INCIDENT = { daysAgo: 9, startsAt: 13 * HOUR_MS, lasts: 2 * HOUR_MS, share: 0.25 } as const;

const isIncident = (at: number, now: number): boolean => {
  const start = Math.floor(now / DAY_MS - INCIDENT.daysAgo) * DAY_MS + INCIDENT.startsAt;
  return at >= start && at < start + INCIDENT.lasts;
};

const drawFate = (sent: Sent, now: number, random: Random): Fate => {
  if (isIncident(sent.at, now) && random.chance(INCIDENT.share)) return 'overloaded';
  // Only of a stream does anybody see a part.
  const streamed = sent.stream ? 1 : 0;
  return random.weighted<Fate>([
    ['completed', 970],
    ['overloaded', 6],
    ['upstream_error', 2],
    ['client_left', 18 * streamed],
    ['cut', 2 * streamed],
  ]);
};

/** The name to send instead of a model that was not released yet at that time: the newest of its family that was. */
const asOf = ({ index }: Snapshot, name: string, at: number): string => {
  const model = index.byId.get(name);
  if (model === undefined || model.releasedAt <= at || model.line === null) return name;
  const earlier = index.byLine.get(model.line)?.find(({ releasedAt }) => releasedAt <= at);
  return earlier?.id ?? name;
};

const idsAt = (random: Random): ((at: number) => string) => {
  let clock = 0;
  const newId: NewId = createNewId(() => clock, random.bytes);
  return (at) => {
    clock = at;
    return newId('request');
  };
};

/** A world under one snapshot of the policy, up to `now`. */
export const createWorld = (snapshot: Snapshot, now: number, random: Random): World => {
  const { index, organisation, version: policyVersion } = snapshot;
  const newId = idsAt(random);
  return {
    random,
    now,
    callerOf: (keyId) => {
      const credential = snapshot.credentials.get(keyId);
      const resolution = credential && resolveCredential(snapshot, credential, now);
      if (resolution === undefined || 'unresolved' in resolution) throw new Error(`the key ${keyId} cannot be used`);
      return resolution.caller;
    },
    send: (caller, sent) => {
      const wanted = { ...sent.wanted, model: asOf(snapshot, sent.wanted.model, sent.at) };
      const decision = decide({ entitlements: caller.entitlements, index, organisation, wanted, policyVersion });
      const { at, endpoint, client, stream, bodyBytes } = sent;
      const decided = { id: newId(at), startedAt: at, endpoint, caller, client, stream, bodyBytes, decision, wanted };
      const model = index.byId.get(decision.model.id ?? '');
      if (decision.effect === 'deny' || model === undefined) return { decided, ending: null };
      if (endpoint === 'count_tokens') return { decided, ending: drawCountEnding(decided, random) };
      const { prompt, usualTokens, stopReason } = sent;
      const fate = drawFate(sent, now, random);
      return { decided, ending: drawEnding({ decided, model, prompt, usualTokens, stopReason, fate }, random) };
    },
  };
};
