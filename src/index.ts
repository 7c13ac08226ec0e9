import { FOLDER_STATE, removeLeftovers } from './leftovers.js';

// The runner starts this file twice: for the step, and after the job for what a step that was killed has left. The second time
// needs next to nothing, so the action itself stays in the one file of the bundle and is run where it is wanted.
const left = process.env[`STATE_${FOLDER_STATE}`] ?? '';
if (left !== '') await removeLeftovers(left);
else await (await import(/* webpackMode: "eager" */ './action.js')).main();
