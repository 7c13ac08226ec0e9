import { FOLDER_STATE, removeLeftovers } from './leftovers.js';
import { printable } from './text.js';

// What the runner starts after the job: it removes what a step that was killed has left. A file of its own, and not the action's with
// a look at what the step has told the runner: a step that is ended early enough has told nothing, and would be begun by this one.
const trouble = await removeLeftovers(process.env[`STATE_${FOLDER_STATE}`] ?? '');
if (trouble !== undefined) process.stdout.write(`::warning::${printable(trouble, 1_000)}\n`);
