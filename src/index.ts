import { FOLDER_STATE, removeLeftovers } from './leftovers.js';

// The runner starts this file twice: for the step, and after the job for what a step that was killed has left. The second time
// needs next to nothing, so the bundle has the action itself in another file, which is read where it is wanted.
const left = process.env[`STATE_${FOLDER_STATE}`] ?? '';
if (left !== '') await removeLeftovers(left);
else await (await import('./action.js')).main();
