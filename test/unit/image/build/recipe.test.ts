import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/hash.js';
import { LAYOUT_VERSION } from '../../../../src/image/layout/compose.js';
import { entrypointOf, thisEntrypoint, thisRecipe } from '../../../../src/image/build/recipe.js';
import { DOCKERFILE } from '../../../../src/wrapper.js';

describe('entrypointOf', () => {
  it.each<[string, string, string[]]>([
    ['one', 'FROM x\nENTRYPOINT ["/bin/sh", "-c", "echo \\"$@\\""]\n', ['/bin/sh', '-c', 'echo "$@"']],
    ['the last of several', 'FROM a\nENTRYPOINT ["/a"]\nFROM b\nENTRYPOINT ["/b"]', ['/b']],
    ['none in a comment', '# ENTRYPOINT ["/no"]\nENTRYPOINT ["/yes"]\n', ['/yes']],
  ])('reads %s', (_, text, entrypoint) => {
    expect(entrypointOf(text)).toEqual(entrypoint);
  });

  it.each([
    '',
    'FROM x\n',
    'ENTRYPOINT /bin/sh -c x\n',
    'ENTRYPOINT ["/bin/sh", \\\n "-c"]\n',
    ' ENTRYPOINT ["/x"]\n',
    'ENTRYPOINT ["/x"] x\n',
  ])('refuses %j', (text) => {
    expect(() => entrypointOf(text)).toThrow(
      expect.objectContaining({
        kind: 'local',
        message: 'the Dockerfile has no ENTRYPOINT in exec form on one line',
      }),
    );
  });
});

describe('this release', () => {
  it('is named by its Dockerfile, its version and that of its layouts', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await thisRecipe()).toEqual({
      dockerfile: sha256(await readFile(DOCKERFILE)),
      wrapper: version,
      layout: LAYOUT_VERSION,
    });
  });

  it('starts one program through the shell, with all arguments', async () => {
    const [shell, option, script = '', name] = await thisEntrypoint();
    expect([shell, option, name]).toEqual(['/bin/sh', '-c', 'phantun-runtime']);
    expect(script).toContain('/usr/local/bin/phantun-$MODE "$@"');
  });
});
