import { type Section, testsOf } from './row.js';

const real = testsOf('test/e2e/faults/inputs.test.ts');
const resolving = testsOf('test/e2e/faults/resolve.test.ts');
const accepted = testsOf('test/unit/inputs.test.ts');
const refused = testsOf('test/unit/inputs.refused.test.ts');

const COMMIT = 'b42ed82e7fe5e3b9a3e5d0d5b4b7b2b9a7b6c5d4';
const IDS = [`${COMMIT}\n`, `${COMMIT}\0`, `\u200b${COMMIT}`];
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const INPUTS: Section = {
  title: 'Inputs',
  rows: [
    {
      number: 1,
      fault: 'an empty or blank `ref`',
      outcome:
        'Exactly empty means HEAD. Blank, or padded with any space, byte order mark or invisible character: refused, `input`. The summary says which ref was used.',
      tests: [
        ...real('1 blank ref', '1 padded ref', '1 byte order mark'),
        ...testsOf('test/e2e/faults/history.test.ts')(
          '1 and 33: an empty ref is HEAD, whose later moves change nothing; summary and lock say what was resolved',
        ),
        ...refused(
          'a refused input > ref: " "',
          'a refused input > ref: " HEAD"',
          'a refused input > ref: "\ufeffHEAD"',
          'a refused input > ref: "main\u3164"',
        ),
      ],
    },
    {
      number: 2,
      fault: 'a short commit id (7 to 39 hexadecimal digits)',
      outcome: 'Refused, `input`: ambiguous. The message asks for all 40 digits.',
      tests: real('2 short id'),
    },
    {
      number: 3,
      fault: 'a commit id in upper case',
      outcome: 'Taken in lower case, with a notice.',
      tests: real('3 an upper-case id is taken in lower case, with a notice, and 13 a double platform once'),
    },
    {
      number: 4,
      fault: 'an id of 64 digits, as repositories with SHA-256 have it',
      outcome: 'Refused, `input`: such repositories are not supported.',
      tests: real('4 sha256 id'),
    },
    {
      number: 5,
      fault: 'a commit id with a newline, NUL or zero-width character',
      outcome: 'Refused, `input`, before any use; the character is shown escaped.',
      tests: [
        ...real('5 id with a newline', '5 id with a zero-width space'),
        ...refused(...IDS.map((id) => `a refused input > ref: ${JSON.stringify(id)}`)),
      ],
      unproven: 'NUL through the action, as no environment variable can hold it; the parser alone is tested with it.',
    },
    {
      number: 6,
      fault: 'the id of a tree, a blob or a tag object',
      outcome: 'Refused, `input`, naming the kind of object it is.',
      tests: resolving('6 ids of a tree, a blob and a tag object are refused by their type'),
    },
    {
      number: 7,
      fault: 'a ref that is an annotated tag',
      outcome: 'Followed to its commit, through tags of tags; the lock has the ids of both.',
      tests: [
        ...testsOf('test/e2e/faults/history.test.ts')(
          '7 an annotated tag is followed to its commit, and the lock has both ids',
        ),
        ...testsOf('test/programs/source/resolve.test.ts')('a ref that names a commit > nested'),
      ],
    },
    {
      number: 8,
      fault: 'a branch and a tag of one name',
      outcome: 'Refused, `input`: say `refs/heads/…` or `refs/tags/…`.',
      tests: resolving('8 a branch and a tag of one name'),
    },
    {
      number: 9,
      fault: 'a commit that only a fork or a pull request holds',
      outcome: 'Refused, `verification`: upstream serves it, but none of its branches and tags holds it.',
      tests: resolving('9 a commit that only a pull request holds'),
    },
    {
      number: 10,
      fault:
        '`upstream` with a user, an odd port, `..`, `%2f`, a query, a fragment, a leading dash, look-alike letters; plain http',
      outcome:
        'Refused, `input`, by a grammar that mends nothing, before anything is asked. Plain http is for loopback addresses only.',
      tests: [
        ...real(
          '10 user in upstream',
          '10 port with tricks',
          '10 parent path',
          '10 escaped slash',
          '10 query',
          '10 fragment',
          '10 leading dash',
          '10 look-alike',
          '10 plain http',
        ),
        ...testsOf('test/unit/inputs.any.test.ts')(
          'whatever the text > an upstream is refused in clean words, or is an address that no URL parser mends',
        ),
      ],
    },
    {
      number: 11,
      fault: '`archive-sha256` of another length or alphabet',
      outcome: 'Refused, `input`, before the download. A `sha256:` before it and upper case are taken.',
      tests: [
        ...real('11 short sha256'),
        ...refused(`a refused input > archive-sha256: "sha512:${SHA256}"`),
        ...accepted(
          `an accepted input > archive-sha256: "sha256:${SHA256}"`,
          `an accepted input > archive-sha256: "${SHA256.toUpperCase()}"`,
        ),
      ],
    },
    {
      number: 12,
      fault: '`archive-sha256` without a pinned `ref`',
      outcome:
        'Allowed: HEAD is resolved once. A mismatch, `verification`, says which commit HEAD is now and that such a pin wants a commit beside it.',
      tests: testsOf('test/e2e/faults/verify.test.ts')('12 a pin without a commit says what HEAD is now'),
    },
    {
      number: 13,
      fault: 'a platform that is named twice',
      outcome: 'Built once, with a notice; the order is always the same.',
      tests: [
        ...real('3 an upper-case id is taken in lower case, with a notice, and 13 a double platform once'),
        ...accepted(
          'an accepted input > platforms: "linux/arm64, linux/arm64"',
          'an accepted input > platforms: "linux/arm64,linux/amd64"',
        ),
      ],
    },
    {
      number: 14,
      fault: 'an unknown platform or variant, an empty item',
      outcome: 'Refused, `input`, before anything is asked, with the platforms that there are.',
      tests: real('14 unknown platform', '14 unknown variant', '14 empty item'),
    },
    {
      number: 15,
      fault: '`push` without `image`',
      outcome: 'Refused, `input`, before anything is asked.',
      tests: real('15 push without image'),
    },
    {
      number: 16,
      fault: '`load` with several platforms',
      outcome:
        'The engine’s own platform is loaded, and the log says so. If it is not among them: refused, `input`, before the build.',
      tests: [
        ...real('16 load without the own platform is refused before the build'),
        ...testsOf('test/e2e/main.test.ts')(
          'one run goes from a ref to a checked image that is pulled by digest and run on both platforms',
        ),
      ],
    },
    {
      number: 17,
      fault: 'a builder that cannot export OCI layouts of several platforms (the classic image store)',
      outcome:
        'If `builder` names it: refused, `input`, before the build, with the `docker buildx create` to run. Else one that can is made for the run and removed.',
      tests: testsOf('test/e2e/builders.test.ts')(
        'without a builder that can export layouts, one is made for the run, used and removed; a named one is refused',
      ),
    },
    {
      number: 18,
      fault: 'an image name in upper case, with a newline, a tag or a digest; a tag that is none',
      outcome: 'Upper case is taken in lower case, with a notice; all else is refused, `input`.',
      tests: real(
        '18 an upper-case repository is taken in lower case, with a notice',
        '18 image with a digest',
        '18 image with a tag',
        '18 image with a newline inside',
        '18 tag that is none',
      ),
    },
    {
      number: 19,
      fault: 'a label without `=`, with a bad key, with a newline in its value',
      outcome: 'Refused, `input`, by name.',
      tests: real('19 label without =', '19 label with a bad key', '19 label with a newline in its value'),
    },
    {
      number: 20,
      fault: 'inputs that contradict each other: a tag that may and may not move, a lock with another ref or digest',
      outcome: 'Refused with both names: `input`, or `verification` once a build has given another digest.',
      tests: [
        ...real('20 a tag that may and may not move', '15 push without image'),
        ...testsOf('test/e2e/proof/reproduce.test.ts')(
          'a lock is replayed to the same digest; what contradicts it is refused',
        ),
      ],
    },
    {
      number: 21,
      fault: 'a boolean other than YAML 1.2’s: `yes`, `1`',
      outcome: 'Refused, `input`. `true`, `True`, `TRUE` and their counterparts are taken.',
      tests: [
        ...real('21 boolean yes', '21 boolean 1'),
        ...accepted(
          'an accepted input > load: "True"',
          'an accepted input > load: "TRUE"',
          'an accepted input > smoke: "False"',
          'an accepted input > smoke: "FALSE"',
        ),
      ],
    },
    {
      number: 22,
      fault: 'an unknown input',
      outcome: 'Refused, `input`, with the nearest name that there is.',
      tests: real('22 unknown input'),
    },
  ],
};
