// Prints what CHANGELOG.md says of a version, with its date: the notes of the release. A version that stands there as unreleased
// has none yet.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const [version = ''] = process.argv.slice(2);
const sections = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m).slice(1);
const section = sections.find((text) => text.startsWith(`${version} — `));
if (section === undefined) stop(`CHANGELOG.md has no section '## ${version} — date'`);
const [heading, ...lines] = section.split('\n');
const date = heading.slice(`${version} — `.length);
if (!/^\d{4}-\d\d-\d\d$/.test(date))
  stop(`CHANGELOG.md says '${date}' of ${version}; write the day of the release there`);
console.log(`${date}\n\n${lines.join('\n').trim()}`);

function stop(sentence) {
  console.error(`release-notes: ${sentence}`);
  process.exit(1);
}
