/**
 * A test by its file and its title: those of the groups that hold it before it, ` > ` between them. `inside`: the test calls the
 * code itself, though real parts are around it.
 */
export type TestName = { file: string; title: string; inside?: true };

/** A fault and what the action does about it. Texts are Markdown. */
export type Row = {
  number: number;
  fault: string;
  outcome: string;
  /** Tests that produce it. */
  tests: readonly TestName[];
  /** What of it cannot be produced by a test, and why. */
  unproven?: string;
};

export type Section = { title: string; rows: readonly Row[] };

/** Names tests of one file. */
export function testsOf(file: string): (...titles: string[]) => TestName[] {
  return (...titles) => titles.map((title) => ({ file, title }));
}

/** Names tests of one file that call the code themselves. */
export function insideTestsOf(file: string): (...titles: string[]) => TestName[] {
  return (...titles) => titles.map((title) => ({ file, title, inside: true }));
}
