import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Content } from '../lab/repository.js';
import { tinyWorkspace } from '../lab/repositories.js';
import { copyOfAction, ownUpstream, runAction } from './harness.js';
import { workspaceWithCrate } from './proof/tiny.js';

/** Fails the compile where a packet would have a way to go. */
const REQUIRES_NO_NETWORK = `fn main() {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    assert!(socket.connect("192.0.2.1:9").is_err(), "this compile has a network");
}
`;

async function build(files: Record<string, Content>, home?: string) {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', files);
  const inputs = { upstream: repository.url, platforms: 'linux/amd64', smoke: 'false' };
  return runAction(inputs, home === undefined ? {} : { home });
}

/** What an SBOM says of the shell, whose hash is that of the file in the image. */
async function shellOf(sbom: string): Promise<unknown> {
  const { components } = JSON.parse(await readFile(sbom, 'utf8')) as { components: { name: string }[] };
  return components.find(({ name }) => name === 'busybox');
}

test('the compile has no network, and one that had would be told', async () => {
  const files = { ...(await tinyWorkspace()), 'phantun/build.rs': REQUIRES_NO_NETWORK };
  const run = await build(files);
  expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0 });

  const home = await copyOfAction();
  const dockerfile = join(home, 'Dockerfile');
  await writeFile(dockerfile, (await readFile(dockerfile, 'utf8')).replaceAll('RUN --network=none', 'RUN'));
  const open = await build(files, home);
  expect(open).toMatchObject({ code: 1, outputs: { failure: 'build' } });
  expect(open.summary).toContain('this compile has a network');
});

test('a build script that replaces the programs of its stage decides neither the shell nor the licences', async () => {
  const replaces = `use std::os::unix::fs::PermissionsExt;
fn main() {
    for name in ["/usr/bin/install", "/usr/bin/cp", "/usr/bin/cat", "/usr/bin/find"] {
        std::fs::write(name, "#!/bin/sh\nexit 1\n").unwrap();
        std::fs::set_permissions(name, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}
`;
  const plain = await build(await tinyWorkspace());
  const run = await build({ ...(await tinyWorkspace()), 'phantun/build.rs': replaces });
  expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0 });
  const [changed, usual] = await Promise.all([run, plain].map(({ outputs }) => shellOf(outputs.sbom ?? '')));
  expect(changed).toEqual(usual);
});

test('a Cargo.lock that does not fit is not mended on the way', async () => {
  const { 'Cargo.lock': lock = '' } = await tinyWorkspace();
  const run = await build({ ...(await workspaceWithCrate()), 'Cargo.lock': lock });
  expect(run).toMatchObject({ code: 1, outputs: { failure: 'build' } });
  expect(run.summary).toMatch(/Cargo\.lock because --locked was passed/);
});
