import type { Row } from '../../bench/measure.js';
import { GROUPS } from './groups.js';

/** The part of Stryker's report that is read here: https://github.com/stryker-mutator/mutation-testing-elements. */
export type MutationReport = {
  files: Record<string, { source: string; mutants: Mutant[] }>;
};

export type Mutant = {
  mutatorName: string;
  replacement?: string;
  status: 'Killed' | 'Survived' | 'NoCoverage' | 'Timeout' | 'CompileError' | 'RuntimeError' | 'Ignored' | 'Pending';
  location: { start: { line: number; column: number }; end: { line: number; column: number } };
};

const ALIVE: readonly Mutant['status'][] = ['Survived', 'NoCoverage'];
/** What decides: a comparison, or which way is gone. Others change a number, a call or a pattern. */
const DECIDING = ['BlockStatement', 'BooleanLiteral', 'ConditionalExpression', 'EqualityOperator', 'LogicalOperator'];

/** One row a file: the day, how many of its mutants the tests noticed, and whether one that decides lives. Pure. */
export function rowsOf({ files }: MutationReport, day: string): Row[] {
  return Object.entries(files).map(([file, { mutants }]) => {
    const count = (...wanted: Mutant['status'][]) => mutants.filter(({ status }) => wanted.includes(status)).length;
    const [killed, late, alive] = [count('Killed'), count('Timeout'), count(...ALIVE)];
    const deciding = mutants.filter((mutant) => ALIVE.includes(mutant.status) && DECIDING.includes(mutant.mutatorName));
    return {
      what: file,
      figure: `${day}: of ${killed + late + alive} mutants ${killed} killed, ${late} without end, ${alive} alive; ${deciding.length} of them in a comparison or branch`,
      goal: 'none in a comparison or branch',
      met: deciding.length === 0,
    };
  });
}

/** The rows there were, but for those measured anew and for files that are mutated no longer; in the order of the groups. Pure. */
export function withMeasured(before: readonly Row[], measured: readonly Row[]): Row[] {
  const all = [...measured, ...before];
  const files = Object.values(GROUPS).flatMap(({ mutate }) => mutate);
  return files.flatMap((file) => all.find(({ what }) => what === file) ?? []);
}

/** Every mutant that no test noticed: place, what stood there, what it became. Pure. */
export function survivorsOf({ files }: MutationReport): string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => ALIVE.includes(status))
      .map(({ mutatorName, replacement = '', status, location }) => {
        const before = excerpt(source, location);
        return `${file}:${location.start.line}: ${mutatorName} ${status}: ${before} -> ${oneLine(replacement)}`;
      }),
  );
}

function excerpt(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const text = lines.join('\n');
  const tail = (lines.at(-1)?.length ?? 0) - (end.column - 1);
  return oneLine(text.slice(start.column - 1, text.length - tail));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 120);
}
