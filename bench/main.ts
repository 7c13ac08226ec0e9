import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../test/lab/exec.js';
import { type Lab, startLab } from '../test/lab/lab.js';
import { PHANTUN, phantunWorkspace } from '../test/lab/repositories.js';
import type { Repository } from '../test/lab/repository.js';
import { benchBuilding } from './building.js';
import { benchEmulation } from './emulation.js';
import { type Row, report } from './measure.js';
import { benchStopping } from './stopping.js';
import { benchVerification } from './verification.js';

const ROOT = resolve(import.meta.dirname, '..');
const SECTIONS = ['verification', 'building', 'stopping', 'emulation'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '1' }, minutes: { type: 'string', default: '10' } },
});
const unknown = positionals.find((name) => !(SECTIONS as readonly string[]).includes(name));
if (unknown !== undefined) throw new Error(`there is no section '${unknown}'; known: ${SECTIONS.join(', ')}`);
const wanted = positionals.length === 0 ? SECTIONS : SECTIONS.filter((name) => positionals.includes(name));

const lab = await startLab({ log: (line) => console.error(`  ${line}`) });
try {
  const repository = await lab.upstream.addRepository(
    'dndx',
    'phantun',
    await phantunWorkspace(lab.bases.rust, lab.env),
    {
      time: PHANTUN.time,
    },
  );
  const rows: Row[] = [];
  for (const section of wanted) {
    console.error(`==> ${section}`);
    rows.push(...(await measure(section, lab, repository)));
  }
  console.log(report(rows));
} finally {
  await lab.stop();
}

async function measure(section: (typeof SECTIONS)[number], lab: Lab, repository: Repository): Promise<Row[]> {
  switch (section) {
    case 'verification':
      return benchVerification(repository);
    case 'building':
      return benchBuilding(lab, repository, Number(values.rounds));
    case 'stopping':
      return benchStopping(lab, await loadImage(lab, repository));
    case 'emulation':
      return benchEmulation(lab, repository, Number(values.minutes));
  }
}

/** Builds phantun for this machine and loads it; the name it has in docker. */
async function loadImage(lab: Lab, repository: Repository): Promise<string> {
  const platform = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const flags = {
    upstream: repository.url,
    platforms: platform,
    tags: 'bench',
    'rust-image': lab.bases.rust,
    'shell-image': lab.bases.shell,
  };
  const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  await run(process.execPath, [join(ROOT, 'dist', 'cli.js'), 'build', '--load', '--no-smoke', ...words], {
    env: { ...process.env, ...lab.env },
    timeoutMs: 3_600_000,
  });
  return 'phantun-runtime:bench';
}
