import { describe, expect, it } from 'vitest';
import { findEngine } from '../../lab/engine.js';
import { fakeProgram, temporaryFolder } from '../../support/world.js';

const CONTAINERD = '[["driver-type","io.containerd.snapshotter.v1"]]';
const CLASSIC = '[["Backing Filesystem","extfs"],["Supports d_type","true"]]';

/** The engine that is found where docker says this of its store. */
async function found(status: string, anyStore: boolean, failing = 'none') {
  fakeProgram(
    'docker',
    `case "$*" in
  ${failing}*) exit 1;;
  'info --format {{json .DriverStatus}}') echo '${status}';;
  'info '*) echo /usr/libexec/docker/cli-plugins/docker-buildx;;
esac`,
  );
  const logged: string[] = [];
  const engine = await findEngine(temporaryFolder(), { anyStore, log: (line) => logged.push(line) });
  return { isFound: engine?.found ?? false, logged };
}

describe("the machine's engine", () => {
  it('is used with the containerd image store', async () => {
    expect(await found(CONTAINERD, false)).toEqual({ isFound: true, logged: [] });
  });

  it.each([CLASSIC, 'null'])(
    'is left alone with another store where tests are to run, and that is said: %s',
    async (status) => {
      const { isFound, logged } = await found(status, false);
      expect([isFound, logged]).toEqual([false, [expect.stringMatching(/classic store.*containerd image store/)]]);
    },
  );

  it('is used with the classic store where that will do', async () => {
    expect(await found(CLASSIC, true)).toEqual({ isFound: true, logged: [] });
  });

  it.each(['version', 'buildx'])('is none where docker %s fails', async (failing) => {
    expect(await found(CONTAINERD, true, failing)).toEqual({ isFound: false, logged: [] });
  });
});
