import { cpus, totalmem } from 'node:os';

/** The middle value; of an even count the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Runs each of the works in turn, `rounds` times over, so that a slow minute of the machine hits all of them; medians in seconds. */
export async function interleaved<Name extends string>(
  rounds: number,
  works: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(works) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) for (const name of names) times[name].push(await seconds(works[name]));
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Name, number>;
}

/** One line of the table: what was measured, the figure, and the goal it is held against. */
export type Row = { what: string; figure: string; goal: string; met: boolean | undefined };

/** The machine and the rows, as Markdown for the documents. */
export function report(rows: readonly Row[]): string {
  const [cpu] = cpus();
  const verdict = ({ met }: Row) => (met === undefined ? '' : met ? 'met' : '**missed**');
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores of ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    '',
    '| measured | figure | goal | |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row.what} | ${row.figure} | ${row.goal} | ${verdict(row)} |`),
    '',
  ].join('\n');
}
