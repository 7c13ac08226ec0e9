// Writes, beside the tags of the two default base images, the digests that their registries serve now; with --check it only
// says whether every default has one. The defaults' home is action.yml; what repeats them there is kept in step.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const FILES = ['action.yml', 'Dockerfile', 'README.md', 'README.zh-CN.md', '.github/workflows/build.yml'];
const DEFAULT =
  /^ {2}(?:rust|shell)-image:\n(?: {4}.*\n)*? {4}default: ['"]?([^\s'"@]+)(@sha256:[0-9a-f]{64})?['"]?$/gm;

const bases = [...readFileSync(join(root, 'action.yml'), 'utf8').matchAll(DEFAULT)].map(([, name, digest]) => ({
  name,
  digest,
}));
if (bases.length !== 2) stop('action.yml does not have the two defaults rust-image and shell-image');

if (process.argv.includes('--check')) {
  const open = bases.filter(({ digest }) => digest === undefined).map(({ name }) => name);
  if (open.length > 0)
    stop(`not pinned by digest: ${open.join(', ')}. Run the workflow .pins.yml and take the patch it makes`);
} else {
  for (const { name } of bases) {
    const digest = digestOf(name);
    for (const file of FILES.map((each) => join(root, each)).filter(existsSync)) {
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, pin(text, name, digest));
    }
    console.log(`${name}@${digest}`);
  }
}

/** Every mention of the image, pinned or not, with this digest. */
function pin(text, name, digest) {
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`${quoted}(?:@sha256:[0-9a-f]{64})?(?![\\w.@:-])`, 'g'), `${name}@${digest}`);
}

/** The digest of the index itself: what a tag serves, hashed here. */
function digestOf(name) {
  const { status, stdout, stderr } = spawnSync('skopeo', ['inspect', '--raw', `docker://${name}`], {
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status !== 0) stop(`${name} cannot be read: ${String(stderr).trim()}`);
  return `sha256:${createHash('sha256').update(stdout).digest('hex')}`;
}

function stop(sentence) {
  console.error(`pin-bases: ${sentence}`);
  process.exit(1);
}
