const PACKAGES = /\n +at [^\n]*\/node_modules\/[^\n]*/g;

/**
 * What a vitest run comes to: how many tests passed, and a text for each failure: the test's name, and what it said without the
 * stack's lines in packages. A skipped test is a failure, and so is a run that ends badly or in which nothing passed. `report` is
 * vitest's JSON report, undefined when it wrote none. Pure.
 */
export function outcomeOf(project, code, report) {
  const tests = report?.testResults.flatMap((file) => file.assertionResults) ?? [];
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failures = tests
    .filter(({ status }) => status !== 'passed')
    .map(({ status, fullName, failureMessages = [] }) =>
      `${project}: ${status}: ${fullName}\n${failureMessages.join('\n').replace(PACKAGES, '')}`.trimEnd(),
    );
  // A file that cannot be loaded, or whose hook fails, has a message of its own and perhaps no test.
  for (const { status, name, message } of report?.testResults ?? [])
    if (status === 'failed' && message) failures.push(`${project}: ${name}\n${message}`);
  if (failures.length === 0 && (code !== 0 || passed === 0))
    failures.push(`${project}: exit code ${code}, ${passed} tests passed`);
  return { passed, failures };
}
