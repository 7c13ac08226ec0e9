import { FOLDER_STATE, STARTED_STATE, removeLeftovers } from './leftovers.js';
import { printable } from './text.js';

// The runner starts this file twice: for the step, and after the job for what a step that was killed has left. The second time
// needs next to nothing, so the bundle has the action itself in another file, which is read where it is wanted. A step that ended
// before it had a folder has begun, too: it must not be run again in its post step.
const state = (name: string) => process.env[`STATE_${name}`] ?? '';
if (state(STARTED_STATE) === '') await (await import('./action.js')).main();
else {
  const trouble = await removeLeftovers(state(FOLDER_STATE));
  if (trouble !== undefined) process.stdout.write(`::warning::${printable(trouble, 1_000)}\n`);
}
