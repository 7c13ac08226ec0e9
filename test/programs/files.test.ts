import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCapped } from '../../src/files.js';
import { failureOf } from '../support/failureOf.js';
import { afterThisTest, temporaryFolder } from '../support/world.js';

function fileOf(bytes: number): string {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'x'.repeat(bytes));
  return file;
}

async function socket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  afterThisTest(() => void server.close());
}

describe('readCapped', () => {
  it.each([0, 1, 1_000])('reads a file of %i bytes', async (bytes) => {
    expect((await readCapped(fileOf(bytes), 1_000, 'it')).toString()).toBe('x'.repeat(bytes));
  });

  it.each<[string, (path: string) => unknown, string]>([
    ['is not there', () => undefined, 'it is missing: there is no PATH'],
    [
      'is larger',
      (path) => writeFileSync(path, 'x'.repeat(1_001)),
      'it has 1001 bytes, more than the 1000 allowed: PATH',
    ],
    ['is a folder', (path) => mkdirSync(path), 'it is not a plain file: PATH'],
    // Nobody writes to it: whoever waited for that would wait for ever.
    ['is a FIFO', (path) => execFileSync('mkfifo', [path]), 'it is not a plain file: PATH'],
    ['is a socket', socket, 'it is not a plain file: PATH'],
    ['is a link to a device', (path) => symlinkSync('/dev/zero', path), 'it is not a plain file: PATH'],
    ['is a link to nothing', (path) => symlinkSync('/nonexistent', path), 'it is not a plain file: PATH'],
    ['is a link to a file', (path) => symlinkSync(fileOf(1), path), 'it is not a plain file: PATH'],
  ])('refuses what %s', async (_, make, message) => {
    const path = join(temporaryFolder(), 'a\u001bb');
    await make(path);
    expect(await failureOf(() => readCapped(path, 1_000, 'it'))).toMatchObject({
      kind: 'verification',
      message: message.replace('PATH', path.replace('\u001b', '\\u{1b}')),
    });
  });

  it('says that there is nothing below a file', async () => {
    expect((await failureOf(() => readCapped(join(fileOf(1), 'x'), 1_000, 'it'))).message).toMatch(/^it is missing/);
  });

  it('follows a link where that is wanted, to a file and to nothing else', async () => {
    const [link, device] = [join(temporaryFolder(), 'link'), join(temporaryFolder(), 'device')];
    symlinkSync(fileOf(3), link);
    symlinkSync('/dev/zero', device);
    expect((await readCapped(link, 1_000, 'it', 'followed')).toString()).toBe('xxx');
    expect((await failureOf(() => readCapped(device, 1_000, 'it', 'followed'))).message).toMatch(/not a plain file/);
    expect((await failureOf(() => readCapped(link, 2, 'it', 'followed'))).message).toMatch(/^it has 3 bytes, more/);
  });
});
