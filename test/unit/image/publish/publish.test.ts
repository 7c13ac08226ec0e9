import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Digest, digestOf } from '../../../../src/hash.js';
import { publish } from '../../../../src/image/publish/publish.js';
import type { TagNames } from '../../../../src/image/publish/tags.js';
import { fakeProgram, temporaryFolder, testDeps } from '../../../support/world.js';
import { failureOf } from '../../../support/failureOf.js';

const INDEX = '{"index":1}';
const CHILDREN = ['{"child":1}', '{"child":2}'];
const DIGEST = digestOf(INDEX);
const OTHER = digestOf('other');
const REPOSITORY = 'r.example/a/b';
const TAGS: TagNames = { fixed: ['1.0'], moving: ['latest'] };

/**
 * A skopeo whose registry is a folder: a file a manifest, named by digest, and a file a tag. `before` is shell that runs
 * first, with `$verb` (`inspect`, `send` or `tag`) and `$n`, the count of calls so far.
 */
function fakeRegistry(before = '') {
  const deps = testDeps();
  const [folder, layout] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(folder, 'served'));
  for (const text of [INDEX, ...CHILDREN]) writeFileSync(join(layout, digestOf(text)), text);
  fakeProgram(
    'skopeo',
    `served='${folder}/served'
last() { for word; do :; done; echo "$word"; }
target=$(last "$@"); name=\${target#docker://${REPOSITORY}}; name=\${name#[:@]}
case "$*" in inspect*) verb=inspect;; *oci:.*) verb=send;; *) verb=tag;; esac
echo "$verb $name" >> '${folder}/calls'; n=$(wc -l < '${folder}/calls')
${before}
case $verb in
  inspect) cat "$served/$name" 2>/dev/null || { echo "manifest unknown" >&2; exit 1; };;
  send) cp sha256:* "$served/";;
  tag) cp "$served/${DIGEST}" "$served/$name";;
esac`,
  );
  return {
    deps,
    served: join(folder, 'served'),
    /** What was done, without the looking. */
    done: () =>
      existsSync(join(folder, 'calls'))
        ? readFileSync(join(folder, 'calls'), 'utf8')
            .split('\n')
            .filter((line) => /^(send|tag) /.test(line))
        : [],
    publish: () =>
      publish(
        { layout, digest: DIGEST, children: CHILDREN.map((text): Digest => digestOf(text)) },
        [REPOSITORY],
        TAGS,
        deps,
      ),
  };
}

const ALL = [`send ${DIGEST}`, 'tag 1.0', 'tag latest'];
const RESULT = { refs: [`${REPOSITORY}@${DIGEST}`], tags: [`${REPOSITORY}:1.0`, `${REPOSITORY}:latest`] };

describe('publish', () => {
  it('sends by digest first and tags last', async () => {
    const registry = fakeRegistry();
    expect(await registry.publish()).toEqual(RESULT);
    expect(registry.done()).toEqual(ALL);
  });

  it('does nothing where all is there already', async () => {
    const registry = fakeRegistry();
    await registry.publish();
    const before = registry.done();
    expect(await registry.publish()).toEqual(RESULT);
    expect(registry.done()).toEqual(before);
  });

  it('sends again what a clean-up of the registry has taken away', async () => {
    const registry = fakeRegistry();
    await registry.publish();
    rmSync(join(registry.served, digestOf(CHILDREN[1] ?? '')));
    expect(await registry.publish()).toEqual(RESULT);
    expect(registry.done()).toEqual([...ALL, `send ${DIGEST}`]);
  });

  it('moves a moving tag, and refuses before anything is sent to move a fixed one', async () => {
    const moving = fakeRegistry();
    writeFileSync(join(moving.served, 'latest'), 'other');
    expect(await moving.publish()).toEqual(RESULT);

    const fixed = fakeRegistry();
    writeFileSync(join(fixed.served, '1.0'), 'other');
    expect(await failureOf(fixed.publish)).toMatchObject({
      kind: 'registry',
      message: `${REPOSITORY}:1.0 already names ${OTHER} and may not move to ${DIGEST}. Nothing was published. Choose another tag, or list it in moving-tags`,
    });
    expect(fixed.done()).toEqual([]);
  });

  it('waits until the registry shows what it was sent, then gives up', async () => {
    const slow = fakeRegistry(
      '[ $verb = inspect ] && [ $n -gt 3 ] && [ $n -lt 7 ] && { echo manifest unknown >&2; exit 1; }',
    );
    expect(await slow.publish()).toEqual(RESULT);
    expect(slow.deps.slept.length).toBeGreaterThan(0);

    const never = fakeRegistry('[ $verb = send ] && exit 0');
    const failure = await failureOf(never.publish);
    expect(failure).toMatchObject({
      kind: 'registry',
      message: `${REPOSITORY}@${DIGEST} was sent, but the registry does not show it. No tag was moved`,
    });
    expect(never.deps.slept.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(60_000);
  });

  it('moves no tag when the registry serves other bytes', async () => {
    const registry = fakeRegistry(
      `[ $verb = send ] && { cp sha256:* "$served/"; echo x > "$served/${DIGEST}"; exit 0; }`,
    );
    const failure = await failureOf(registry.publish);
    expect(failure.kind).toBe('registry');
    expect(failure.message).toMatch(/: the registry serves bytes whose digest is sha256:\w+\. No tag was moved$/);
    expect(registry.done()).toEqual([`send ${DIGEST}`]);
  });

  it('leaves a tag that somebody else moved meanwhile', async () => {
    const registry = fakeRegistry('[ $verb = send ] && printf other > "$served/latest"');
    expect(await failureOf(registry.publish)).toMatchObject({
      kind: 'registry',
      message: `${REPOSITORY}:latest was moved by somebody else while this run went on (absent → ${OTHER}); it is left as it is. The image is published as ${REPOSITORY}@${DIGEST}`,
    });
  });

  it('sends again when the registry stumbles, as a whole', async () => {
    const registry = fakeRegistry(
      '[ $verb = send ] && [ $n -lt 5 ] && { echo "503 Service Unavailable" >&2; exit 1; }',
    );
    expect(await registry.publish()).toEqual(RESULT);
    expect(registry.done().filter((line) => line.startsWith('send'))).toHaveLength(2);
  });
});
