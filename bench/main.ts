import { parseArgs } from 'node:util';
import { endWithSentence } from '../test/lab/exec.js';
import { realImage } from '../test/lab/image.js';
import { type Lab, startLab } from '../test/lab/lab.js';
import { PHANTUN, phantunWorkspace, tinyWorkspace } from '../test/lab/repositories.js';
import type { Repository } from '../test/lab/repository.js';
import { benchBounds } from './bounds.js';
import { benchBuilding } from './building.js';
import { buildFlags, runCli } from './cli.js';
import { writeFigures } from './document.js';
import { benchEmulation } from './emulation.js';
import { type Row, report } from './measure.js';
import { benchReproducing } from './reproducing.js';
import { benchScaling } from './scaling.js';
import { benchScheduled } from './scheduled.js';
import { benchStartup } from './startup.js';
import { benchStopping } from './stopping.js';
import { benchSuites } from './suites.js';
import { benchTunnel } from './tunnel.js';
import { benchVerification } from './verification.js';
import { buildRivals } from './rivals.js';

const SECTIONS = [
  'startup',
  'bounds',
  'verification',
  'scaling',
  'scheduled',
  'building',
  'reproducing',
  'stopping',
  'tunnel',
  'emulation',
  'emulation-phantun',
  'suites',
] as const;

type Section = (typeof SECTIONS)[number];

await endWithSentence(async () => {
  const { wanted, rounds, write } = readCommandLine();
  const lab = await startLab({ log: (line) => console.error(`  ${line}`) });
  try {
    const workspace = await phantunWorkspace(lab.bases.rust, lab.env);
    const repository = await lab.upstream.addRepository('dndx', 'phantun', workspace, { time: PHANTUN.time });
    const rows: Row[] = [];
    for (const section of wanted) {
      console.error(`==> ${section}`);
      const found = await measure(section, { lab, repository, workspace, rounds });
      if (write) writeFigures(section, found);
      rows.push(...found);
    }
    console.log(report(rows));
  } finally {
    await lab.stop();
  }
});

function readCommandLine(): { wanted: readonly Section[]; rounds: number; write: boolean } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '1' },
      write: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !(SECTIONS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`there is no section '${unknown}'; known: ${SECTIONS.join(', ')}`);
  // By name alone: one takes more than an hour, the other is `npm test` once more.
  const usual = SECTIONS.filter((name) => name !== 'suites' && name !== 'emulation-phantun');
  const wanted = positionals.length === 0 ? usual : SECTIONS.filter((name) => positionals.includes(name));
  return { wanted, rounds: Number(values.rounds), write: values.write };
}

type Surroundings = { lab: Lab; repository: Repository; workspace: string; rounds: number };

async function measure(section: Section, { lab, repository, workspace, rounds }: Surroundings): Promise<Row[]> {
  switch (section) {
    case 'startup':
      return benchStartup();
    case 'bounds':
      return benchBounds(lab);
    case 'verification':
      return benchVerification(repository);
    case 'scaling':
      return benchScaling();
    case 'scheduled':
      return benchScheduled(lab);
    case 'reproducing':
      return benchReproducing(lab, repository, rounds);
    case 'building':
      return benchBuilding(lab, repository, rounds);
    case 'stopping':
      return benchStopping(lab, await loadImage(lab, repository));
    case 'tunnel':
      return benchTunnel(lab, await realImage(lab), await buildRivals(workspace));
    case 'emulation':
      return benchEmulation(lab, 'tiny workspace', await tinyRepository(lab));
    case 'emulation-phantun':
      return benchEmulation(lab, 'phantun', repository);
    case 'suites':
      return benchSuites();
  }
}

async function tinyRepository(lab: Lab): Promise<Repository> {
  return lab.upstream.addRepository('bench', 'tiny', await tinyWorkspace());
}

/** Builds phantun for this machine and loads it; the name it has in docker. */
async function loadImage(lab: Lab, repository: Repository): Promise<string> {
  const platform = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const flags = buildFlags(lab, { upstream: repository.url, platforms: platform, tags: 'bench' });
  await runCli(lab, lab.dir, ['build', '--load', '--no-smoke', ...flags]);
  return 'phantun-runtime:bench';
}
