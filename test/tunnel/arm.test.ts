import { beforeAll, expect, test } from 'vitest';
import { realImage } from '../lab/image.js';
import { applyHostSetup } from './hostSetup.js';
import { docker, echo, lab, phantun, ping, twoHosts } from './rig.js';

const PLATFORM = 'linux/arm/v7';
let image = '';

beforeAll(async () => {
  image = await realImage(lab, PLATFORM); // `dist` checks it, and runs it, before it exports it
}, 60 * 60_000);

test('linux/arm/v7 is what the engine gets, and both programs run under emulation', async () => {
  expect(await docker('inspect', '--format', '{{.Os}}/{{.Architecture}}/{{.Variant}}', image)).toBe(PLATFORM);
  for (const mode of ['client', 'server']) {
    const run = ['run', '--rm', '--platform', PLATFORM, '--env', `MODE=${mode}`, image, '--version'];
    expect(await docker(...run)).toMatch(/^Phantun (Client|Server) \d+\.\d+\.\d+$/);
  }
});

test('an emulated linux/arm/v7 client reaches a server', async () => {
  const [left, right] = await twoHosts();
  await applyHostSetup(left, right);
  await echo(right);
  await phantun(right, 'server', ['--local', '4567', '--remote', '127.0.0.1:51820']);
  await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', '10.77.0.2:4567'], undefined, image);
  expect(await ping(left)).toMatchObject({ returned: 50 });
});
