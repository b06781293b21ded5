import { Refusal } from '../../kernel/index.ts';
import type { Admitted } from './admit.ts';
import type { ClientFrame } from './frames/read-client-frames.ts';
import { denialOf, type Ruling, ruleOnTool } from './rule-on-tools.ts';
import { RECORDED_METHODS, type RecordedMethod } from './tables.ts';

/** A message with what was decided about it. */
export type JudgedFrame = {
  readonly frame: ClientFrame;
  readonly ruling: Ruling;
  /** What to tell the client; null when it is passed on. */
  readonly denial: Refusal | null;
  /** Its method where it is to be recorded. */
  readonly recorded: RecordedMethod | null;
};

const isRecorded = (method: string | null): method is RecordedMethod =>
  RECORDED_METHODS.some((recorded) => recorded === method);

const callWithoutName = (): Refusal =>
  new Refusal('invalid_request', 'tools/call needs an id, and the name of its tool in params.name.', {
    details: { error_code: 'mcp_message_invalid' },
  });

/** Decides about one message. Throws a Refusal for a call of a tool that nobody could judge. */
export const judgeFrame = ({ caller, connector, denied }: Admitted, frame: ClientFrame): JudgedFrame => {
  const { method, name, kind } = frame;
  const isCall = method === 'tools/call';
  if (isCall && (name === null || kind !== 'request')) throw callWithoutName();
  const ofTool = isCall && name !== null ? ruleOnTool(caller, connector, name) : undefined;
  const ruling: Ruling = denied === null ? (ofTool ?? { level: null, reason: null }) : { level: null, reason: denied };
  return {
    frame,
    ruling,
    denial: ruling.reason === null ? null : denialOf(ruling.reason, connector, name),
    recorded: isRecorded(method) ? method : null,
  };
};
