import { aimAt, measureHold, measureRound, type Round, type Shot, type Surroundings, warmUp } from './measure.ts';
import type { Options } from './options.ts';
import { forgetPeak } from './processes/process-tree.ts';
import type { Scenario } from './scenarios.ts';
import { STARTERS } from './variants/start.ts';
import type { Stage, Variant, VariantName } from './variants/variant.ts';

/** Something a reader must know about a figure, or the reason why there is none. */
type Remark = { variant: VariantName; scenario: string; sentence: string; isFailure: boolean };

/** All that a run has found. */
export type Findings = { rounds: Round[]; remarks: Remark[]; about: Partial<Record<VariantName, string>> };

type Session = {
  stage: Stage;
  around: Surroundings;
  options: Options;
  findings: Findings;
  /** Those whose processes have served traffic before. */
  warm: Set<Variant>;
  say(line: string): void;
};

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const remark = ({ findings, say }: Session, entry: Remark): void => {
  if (findings.remarks.some(({ variant, sentence }) => variant === entry.variant && sentence === entry.sentence))
    return;
  findings.remarks.push(entry);
  say(`  ${entry.variant}, ${entry.scenario}: ${entry.sentence}`);
};

/** Runs `work`; a failure becomes a remark and undefined, so that the other variants go on. */
const attempt = async <Result>(
  session: Session,
  about: { variant: VariantName; scenario: string },
  work: () => Promise<Result>,
): Promise<Result | undefined> => {
  try {
    return await work();
  } catch (error) {
    remark(session, { ...about, sentence: sentenceOf(error), isFailure: true });
    return undefined;
  }
};

const startVariants = async (session: Session, names: readonly VariantName[], scenario: string): Promise<Variant[]> => {
  const started: Variant[] = [];
  for (const name of session.options.variants.filter((each) => names.includes(each))) {
    session.say(`starting ${name}`);
    const variant = await attempt(session, { variant: name, scenario }, () => STARTERS[name](session.stage));
    if (variant === undefined) continue;
    session.findings.about[name] = variant.about;
    started.push(variant);
  }
  return started;
};

const aimAtVariant = async (session: Session, variant: Variant, scenario: Scenario): Promise<Shot | undefined> => {
  const about = { variant: variant.name, scenario: scenario.name };
  const aimed = await attempt(session, about, () => aimAt(session.around, variant, scenario));
  for (const sentence of aimed?.remarks ?? []) remark(session, { ...about, sentence, isFailure: false });
  return aimed?.shot;
};

const keep = (session: Session, found: Round | undefined): void => {
  if (found === undefined) return;
  session.findings.rounds.push(found);
  const wrong = found.odd + found.broken;
  if (wrong === 0) return;
  const sentence = `${found.odd} unexpected answers and ${found.broken} broken connections`;
  remark(session, { variant: found.variant, scenario: found.scenario, sentence, isFailure: true });
};

/** Begins each round with another variant, so that none always follows the same neighbour. */
const turned = <Item>(items: readonly Item[], by: number): Item[] => {
  const at = by % Math.max(items.length, 1);
  return [...items.slice(at), ...items.slice(0, at)];
};

const runDriven = async (session: Session, scenario: Scenario, variants: readonly Variant[]): Promise<void> => {
  const { around, options } = session;
  const shots: Shot[] = [];
  for (const variant of variants) {
    const shot = await aimAtVariant(session, variant, scenario);
    if (shot === undefined) continue;
    const warm = await attempt(session, { variant: variant.name, scenario: scenario.name }, () =>
      warmUp(around, shot, session.warm.has(variant) ? options.warmUpSeconds : options.coldSeconds),
    );
    session.warm.add(variant);
    if (warm !== undefined) shots.push(shot);
    if (variant.program !== undefined) forgetPeak(variant.program.pid);
  }
  const seconds = options.secondsPerRound * scenario.weight;
  for (let round = 0; round < options.rounds * (options.mode === 'quick' ? 1 : scenario.repeats); round += 1)
    for (const shot of turned(shots, round)) {
      const about = { variant: shot.variant.name, scenario: scenario.name };
      keep(session, await attempt(session, about, () => measureRound(around, shot, { round, seconds })));
    }
};

const runHeld = async (session: Session, scenario: Scenario, variant: Variant): Promise<void> => {
  const { around, options } = session;
  const shot = await aimAtVariant(session, variant, scenario);
  if (shot === undefined) return;
  const wish = { streams: options.openStreams, seconds: options.secondsPerRound, round: 0 };
  const about = { variant: variant.name, scenario: scenario.name };
  keep(session, await attempt(session, about, () => measureHold(around, shot, wish)));
};

const stopAll = (variants: readonly Variant[]): Promise<unknown> =>
  Promise.all(variants.map(({ program }) => program?.stop()));

/** Memory and compiled code that earlier scenarios left behind would be counted here: these get processes of their own. */
const runFresh = async (session: Session, scenario: Scenario): Promise<void> => {
  if (scenario.drive.kind !== 'hold') {
    const variants = await startVariants(session, scenario.variants, scenario.name);
    await runDriven(session, scenario, variants);
    await stopAll(variants);
    return;
  }
  for (const name of scenario.variants) {
    const variants = await startVariants(session, [name], scenario.name);
    for (const variant of variants) await runHeld(session, scenario, variant);
    await stopAll(variants);
  }
};

/** Runs every wanted scenario against every wanted variant, and collects what was found; never throws for a variant's fault. */
export const runSession = async (wish: Omit<Session, 'findings' | 'warm'>): Promise<Findings> => {
  const session: Session = { ...wish, findings: { rounds: [], remarks: [], about: {} }, warm: new Set() };
  const fresh = wish.options.scenarios.filter(({ needsFresh }) => needsFresh);
  const shared = wish.options.scenarios.filter(({ needsFresh }) => !needsFresh);
  const variants = await startVariants(
    session,
    shared.flatMap((each) => each.variants),
    'start',
  );
  for (const scenario of shared) {
    session.say(`running ${scenario.name}`);
    const taking = variants.filter(({ name }) => scenario.variants.includes(name));
    await runDriven(session, scenario, taking);
  }
  await stopAll(variants);
  for (const scenario of fresh) {
    session.say(`running ${scenario.name}`);
    await runFresh(session, scenario);
  }
  return session.findings;
};
