import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Linux reports process times in ticks of 1/100 s to every program, whatever the kernel was built with. */
const TICK_MICROSECONDS = 10_000;

type Stat = { pid: number; parent: number; ticks: number };

const readStat = (pid: number): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program's name is in parentheses and may hold anything; fields are counted from behind it (proc_pid_stat(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return undefined;
  }
};

const everyProcess = (): Stat[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);

const treeOf = (root: number): Stat[] => {
  const every = everyProcess();
  const tree = every.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...every.filter(({ parent }) => parent === pid));
  return tree;
};

/** A process and all its descendants, by id. */
export const processTree = (root: number): number[] => treeOf(root).map(({ pid }) => pid);

/** CPU time in microseconds, user and system, of a process with its threads, its children and children already gone. */
export const cpuMicroseconds = (root: number): number =>
  treeOf(root).reduce((sum, { ticks }) => sum + ticks, 0) * TICK_MICROSECONDS;

const peakOf = (pid: number): number => {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};

/** Peak resident bytes since {@link forgetPeak} (or start), summed over a process and its descendants. */
export const peakBytes = (root: number): number => processTree(root).reduce((sum, pid) => sum + peakOf(pid), 0);

/** Lets the kernel count peaks anew (proc_pid_clear_refs(5), value 5). Where that is not allowed, peaks stay those since start. */
export const forgetPeak = (root: number): void => {
  for (const pid of processTree(root)) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // A process of another user: its peak since start is an upper bound, which is good enough to report.
    }
  }
};
