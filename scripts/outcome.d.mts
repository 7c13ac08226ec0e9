/** The parts of vitest's JSON report that are read. */
export interface Report {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
  }[];
}

export function outcomeOf(
  project: string,
  code: number,
  report: Report | undefined,
): { passed: number; failures: string[] };
