import { startLab } from './lab.js';
import { addPhantun } from './repositories.js';

// For developers: `npx tsx test/lab/main.ts` starts the lab, prints what a shell needs to use it, phantun's address among
// that, and stops it at ctrl-C.
const lab = await startLab({ log: (line) => console.error(`# ${line}`) });
const variables = {
  ...lab.env,
  REGISTRY: lab.registry.host,
  RUST_IMAGE: lab.bases.rust,
  SHELL_IMAGE: lab.bases.shell,
  UPSTREAM: (await addPhantun(lab)).url,
};
for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`);
setInterval(() => undefined, 1 << 30);
