import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicroseconds, peakBytes } from './processes/process-tree.ts';
import type { Loader, Upstream } from './processes/traffic-process.ts';
import type { Drive, Scenario } from './scenarios.ts';
import { STREAM_EVENTS } from './traffic/answers.ts';
import { requestBytes } from './traffic/bodies.ts';
import type { LoaderReply, Probe, Traffic } from './traffic/protocol.ts';
import type { Variant, VariantName } from './variants/variant.ts';

/** One round of one variant in one scenario. CPU in µs per request, times in ms; a figure that does not exist is absent. */
export type Round = {
  scenario: string;
  variant: VariantName;
  round: number;
  requests: number;
  odd: number;
  broken: number;
  requestsPerSecond?: number;
  cpuMicros?: number;
  upstreamCpuMicros?: number;
  loaderCpuMicros?: number;
  firstByteP50?: number;
  firstByteP99?: number;
  peakBytes?: number;
};

/** The processes around a gateway. */
export type Surroundings = { upstream: Upstream; loader: Loader };

/** What a variant gets sent in a scenario and the size of the answer that it gives. */
export type Shot = { variant: Variant; scenario: Scenario; request: Buffer; payloadBytes: number };

// Usage rows that are written in batches after the last answer belong to the requests of the round.
const SETTLE_MILLISECONDS = 250;
const DRAIN_SECONDS_MAX = 30;

const trafficOf = (reply: LoaderReply): Traffic => {
  if (reply.kind !== 'traffic') throw new Error('the loader answered something else than traffic');
  return reply.traffic;
};

const heldOf = (reply: LoaderReply) => {
  if (reply.kind !== 'held') throw new Error('the loader answered something else than held streams');
  return reply;
};

const judgeProbe = (probe: Probe, scenario: Scenario): string[] => {
  if (probe.status !== 200) throw new Error(`answers ${probe.status}: ${probe.payload.slice(0, 300)}`);
  if (scenario.answer === 'json') return probe.payload.includes('"usage"') ? [] : ['its answer carries no usage'];
  const events = probe.payload.split('event: ').length - 1;
  return events === STREAM_EVENTS ? [] : [`its stream has ${events} events instead of ${STREAM_EVENTS}`];
};

/**
 * Sends one request and looks at it from both ends: did it reach the upstream's /v1/messages once, with how many bytes,
 * and what came back. Throws when the variant does not work; answers remarks when it works differently.
 */
export const aimAt = async (
  around: Surroundings,
  variant: Variant,
  scenario: Scenario,
): Promise<{ shot: Shot; remarks: string[] }> => {
  const body = scenario.body();
  const request = requestBytes(variant.port, variant.headers, body);
  await around.upstream.ask({ kind: 'answer', answer: scenario.answer === 'json' ? 'json' : 'stream' });
  const before = await around.upstream.ask({ kind: 'count' });
  const reply = await around.loader.ask({ kind: 'probe', port: variant.port, request });
  if (reply.kind !== 'probe') throw new Error('the loader answered something else than a probe');
  const after = await around.upstream.ask({ kind: 'count' });
  const remarks = judgeProbe(reply.probe, scenario);
  if (after.messages !== before.messages + 1)
    throw new Error('its request did not arrive at /v1/messages of the upstream');
  const arrived = after.bodyBytes - before.bodyBytes;
  if (arrived !== body.length) remarks.push(`it rewrites the request: ${arrived} bytes arrive of ${body.length}`);
  await around.upstream.ask({ kind: 'answer', answer: scenario.answer });
  return { shot: { variant, scenario, request, payloadBytes: reply.probe.payloadBytes }, remarks };
};

type Pace = { how: Drive; seconds: number };

const drive = async ({ loader }: Surroundings, shot: Shot, { how, seconds }: Pace): Promise<Traffic> => {
  const aim = { port: shot.variant.port, request: shot.request, payloadBytes: shot.payloadBytes, seconds };
  if (how.kind === 'hold') throw new Error('open streams are held, not driven');
  return trafficOf(await loader.ask({ ...aim, ...how }));
};

/** Runs traffic that is not measured, at full speed whatever the scenario, so that compilers and connection pools have settled. */
export const warmUp = (around: Surroundings, shot: Shot, seconds: number): Promise<Traffic> =>
  drive(around, shot, { how: { kind: 'closed', connections: 16 }, seconds });

/** Runs one round and reads what it cost. Throws when nothing was answered. */
export const measureRound = async (
  around: Surroundings,
  shot: Shot,
  { round, seconds }: { round: number; seconds: number },
): Promise<Round> => {
  const gateway = shot.variant.program?.pid;
  const pids = { gateway, upstream: around.upstream.pid, loader: around.loader.pid };
  const cpu = () => ({
    gateway: pids.gateway === undefined ? 0 : cpuMicroseconds(pids.gateway),
    upstream: cpuMicroseconds(pids.upstream),
    loader: cpuMicroseconds(pids.loader),
  });
  const before = cpu();
  const traffic = await drive(around, shot, { how: shot.scenario.drive, seconds });
  await sleep(SETTLE_MILLISECONDS);
  const after = cpu();
  if (traffic.requests === 0) throw new Error(`nothing was answered; ${traffic.broken} connections broke`);
  return {
    scenario: shot.scenario.name,
    variant: shot.variant.name,
    round,
    requests: traffic.requests,
    odd: traffic.odd,
    broken: traffic.broken,
    requestsPerSecond: traffic.requests / traffic.seconds,
    firstByteP50: traffic.firstByteP50,
    firstByteP99: traffic.firstByteP99,
    upstreamCpuMicros: (after.upstream - before.upstream) / traffic.sent,
    loaderCpuMicros: (after.loader - before.loader) / traffic.sent,
    ...(gateway === undefined ? {} : { cpuMicros: (after.gateway - before.gateway) / traffic.sent }),
    ...(gateway === undefined ? {} : { peakBytes: peakBytes(gateway) }),
  };
};

/** Holds `streams` slow streams open for `seconds`, lets them end, and reads the gateway's peak memory. */
export const measureHold = async (
  around: Surroundings,
  shot: Shot,
  wish: { streams: number; seconds: number; round: number },
): Promise<Round> => {
  const { port, program, name } = shot.variant;
  const command = { port, request: shot.request, connections: wish.streams, secondsMax: DRAIN_SECONDS_MAX };
  const held = heldOf(await around.loader.ask({ kind: 'hold', ...command }));
  await sleep(wish.seconds * 1000);
  const peak = program === undefined ? {} : { peakBytes: peakBytes(program.pid) };
  await around.upstream.ask({ kind: 'release' });
  const drained = heldOf(await around.loader.ask({ kind: 'drain', secondsMax: DRAIN_SECONDS_MAX }));
  if (held.open < wish.streams) throw new Error(`only ${held.open} of ${wish.streams} streams opened`);
  return {
    scenario: shot.scenario.name,
    variant: name,
    round: wish.round,
    requests: drained.finished,
    odd: 0,
    broken: wish.streams - drained.finished,
    ...peak,
  };
};
