export {
  type ReceivedRequest,
  type SimulatedUpstream,
  type SimulatedUpstreamOptions,
  startSimulatedUpstream,
} from './start-simulated-upstream.ts';
