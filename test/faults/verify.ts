import { type Section, testsOf } from './row.js';

const real = testsOf('test/e2e/faults/verify.test.ts');
const tampers = testsOf('test/e2e/proof/tampers.test.ts');
const verdict = testsOf('test/programs/source/verdict.test.ts');
const attributes = testsOf('test/programs/source/attributes.test.ts');

const HOSTILE = [
  ...['a parent', 'an absolute path', 'a file beneath a link', 'a hard link', 'a character device', 'a block device'],
  ...['a FIFO', 'a file twice', 'a second root', '.git in upper case', '.git beneath a folder', 'a setuid file'],
];

export const VERIFY: Section = {
  title: 'Verify',
  rows: [
    {
      number: 49,
      fault: 'the archive has another SHA256 than `archive-sha256`',
      outcome:
        'Compared before a byte is unpacked, of the download and of one fresh one; then `verification` with both hashes, size, address and date; the expectation is never changed. The command line’s exit code is that of its class alone; of an action a runner knows success or failure and no code, so its sign is the output `failure`.',
      tests: [
        ...testsOf('test/unit/errors.test.ts')('the exit code of the command line > is another one for each class'),
        ...testsOf('test/programs/source/proven.test.ts')(
          'the archive of a source > that has not the pin is not unpacked, while a fresh download may still have it',
          'the archive of a source > that has not the pin is told by its SHA256, though it is no gzip behind its first bytes',
        ),
        ...real('49 and 50: a pin that does not match fails, and says when only the compression differs'),
      ],
    },
    {
      number: 50,
      fault: 'the archive has another tree than the commit',
      outcome:
        'Always fails, `verification`, and says which it is: only compressed again, packed otherwise, content changed (with the paths), another commit, or attributes and submodules.',
      tests: [
        ...real(
          '49 and 50: a pin that does not match fails, and says when only the compression differs',
          '50 changed content, with the paths; another commit; another packaging',
        ),
        ...tampers('on the wire > 1 a byte of the archive: the tree id'),
        ...verdict('the same tree with other bytes > is repackaged when it is packed otherwise'),
        ...attributes(
          'attributes and submodules, with real archives > explain: export-subst',
          'attributes and submodules, with real archives > explain: a submodule',
        ),
      ],
    },
    {
      number: 51,
      fault: 'the archive names another commit in its comment',
      outcome: '`verification`, even where the files are the right ones.',
      tests: real('51 a comment that names another commit'),
    },
    {
      number: 52,
      fault:
        'an archive with parent paths, absolute names, writes through a link, hard links, devices, FIFOs, duplicates, two roots, `.git` in any case, setuid',
      outcome: '`verification` before anything touches the disk; names are shown escaped.',
      tests: [
        ...real('52 hostile archives are refused before anything touches the disk'),
        ...testsOf('test/programs/source/proven.test.ts')(
          'the archive of a source > that is hostile is refused before anything is written: %s',
        ),
        ...testsOf('test/unit/source/hostile.test.ts')(
          ...HOSTILE.map((what) => `whatever git archive never writes is refused > ${what}`),
          'whatever git archive never writes is refused > names are escaped in messages',
        ),
        ...testsOf('test/fuzz/archives.test.ts')(
          'archives made and spoiled by the thousand > what is accepted has git’s tree id and nothing hostile; what git wrote is accepted, and what is refused breaks a rule',
        ),
      ],
    },
    {
      number: 53,
      fault: 'two names that a file system without case takes for one',
      outcome: 'Runs on Linux only, and says so at once, `input`; an existing file is never written over.',
      tests: [
        ...testsOf('test/e2e/faults/machine.test.ts')('53 and 89: a runner that is not Linux is refused at once'),
        ...testsOf('test/programs/source/disk.test.ts')('writeTree > never overwrites, and names escape the message'),
      ],
      unproven: 'on a real macOS or Windows runner: node is told that it runs there.',
    },
    {
      number: 54,
      fault: 'git is missing or older than 2.25, or may not run what it needs in the temporary folder',
      outcome: '`local`, with the version needed, or with the folder to change.',
      tests: testsOf('test/e2e/faults/resolve.test.ts')(
        '54 git missing, and git too old',
        '54 a temporary folder in which nothing may be run',
      ),
    },
    {
      number: 55,
      fault: 'git reports a SHA-1 collision',
      outcome: '`verification`: called an attack, and never tried again.',
      tests: [
        ...testsOf('test/e2e/faults/history.test.ts')(
          '55 a SHA-1 collision that git reports is called an attack, once',
        ),
        ...testsOf('test/programs/source/git.test.ts')('gitFailure > calls a collision an attack'),
      ],
      unproven: 'with two colliding commits, of which none are known: git’s words are put into its mouth.',
    },
  ],
};
