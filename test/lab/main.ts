import { startLab } from './lab.js';

// For developers: `npx tsx test/lab/main.ts` starts the lab, prints what a shell needs to use it, and stops it at ctrl-C.
const lab = await startLab({ log: (line) => console.error(`# ${line}`) });
const variables = {
  ...lab.env,
  REGISTRY: lab.registry.host,
  RUST_IMAGE: lab.bases.rust,
  SHELL_IMAGE: lab.bases.shell,
  UPSTREAM: lab.upstream.origin,
};
for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`);
setInterval(() => undefined, 1 << 30);
