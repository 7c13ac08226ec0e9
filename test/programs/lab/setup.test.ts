import { expect, it } from 'vitest';
import { setUpInWords } from '../../lab/exec.js';
import { install } from '../../lab/packages.js';
import { setEnvironment, temporaryFolder } from '../../support/world.js';

const stackOf = async (work: () => Promise<unknown>) =>
  await setUpInWords(work).then(
    () => undefined,
    (error: unknown) => (error as Error).stack,
  );

it('a suite that cannot be set up says what is missing, without a stack', async () => {
  setEnvironment({ PATH: temporaryFolder() });
  const missing = { 'no-such-program': 'no-such-package' };
  expect(await stackOf(() => install(missing))).toBe(
    'Error: The lab needs no-such-package: install them, or run it as root where apt-get can.',
  );
});

it('a fault of the lab’s own keeps its stack', async () => {
  const fault = () => Promise.reject(new TypeError('x is not a function'));
  expect(await stackOf(fault)).toMatch(/^TypeError: x is not a function\n +at /);
});
