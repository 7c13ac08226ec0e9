import { run } from '../test/lab/exec.js';
import type { Lab } from '../test/lab/lab.js';
import { type Row, median, seconds } from './measure.js';

const ROUNDS = 7;
const GOAL_SECONDS = 0.2;

/** `docker stop` against `docker kill` of a running server: the entrypoint must not make anybody wait. */
export async function benchStopping(lab: Lab, image: string): Promise<Row[]> {
  const env = { ...process.env, ...lab.env };
  const docker = async (...args: string[]) => (await run('docker', args, { env })).trim();
  const times = { stop: [] as number[], kill: [] as number[] };
  for (let round = 0; round < ROUNDS; round++)
    for (const verb of ['stop', 'kill'] as const) {
      const privileges = [
        '--network',
        'none',
        '--device',
        '/dev/net/tun',
        '--cap-drop',
        'ALL',
        '--cap-add',
        'NET_ADMIN',
      ];
      const server = ['--local', '4567', '--remote', '127.0.0.1:9'];
      const id = await docker('run', '--detach', ...privileges, '--env', 'MODE=server', image, ...server);
      await run('sleep', ['1']);
      times[verb].push(await seconds(() => docker(verb, id)));
      await docker('rm', '--force', id);
    }
  const [stop, kill] = [median(times.stop), median(times.kill)];
  return [
    {
      what: `docker stop against docker kill, medians of ${ROUNDS}`,
      figure: `${stop.toFixed(2)} s against ${kill.toFixed(2)} s`,
      goal: `at most ${GOAL_SECONDS} s more`,
      met: stop - kill <= GOAL_SECONDS,
    },
  ];
}
