import { BUILD } from './build.js';
import { DOWNLOAD } from './download.js';
import { INPUTS } from './inputs.js';
import { LIFECYCLE } from './lifecycle.js';
import { PUBLISH } from './publish.js';
import { RESOLVE } from './resolve.js';
import type { Section } from './row.js';
import { VERIFY } from './verify.js';

/** Every fault that there is a promise for, in the order of a run. */
export const SECTIONS: readonly Section[] = [INPUTS, RESOLVE, DOWNLOAD, VERIFY, BUILD, PUBLISH, LIFECYCLE];
