import { DEFAULT_LIMITS } from '../../src/http/fetch.js';
import { RETRY } from '../../src/retry.js';
import { DEADLINE_SECONDS } from '../../src/source/download.js';
import { type Section, testsOf } from './row.js';

const real = testsOf('test/e2e/faults/download.test.ts');
const network = testsOf('test/e2e/faults/network.test.ts');
const fetching = testsOf('test/programs/http/fetch.test.ts');
const redirect = testsOf('test/unit/http/redirect.test.ts');
const failure = testsOf('test/unit/http/failure.test.ts');

export const DOWNLOAD: Section = {
  title: 'Download',
  rows: [
    {
      number: 36,
      fault: 'redirects in a loop, or more than five',
      outcome: '`transient`, and not tried again.',
      tests: [
        ...real('36 a redirect loop, 37 a redirect elsewhere'),
        ...redirect('a redirect > is followed five times and no more'),
      ],
    },
    {
      number: 37,
      fault: 'a redirect to another host, port or scheme',
      outcome:
        '`verification`: nothing is asked there, no token is sent there. Only github.com may send to its own download host.',
      tests: [
        ...real('36 a redirect loop, 37 a redirect elsewhere'),
        ...network('37 a redirect from https to plain http, on the same host and port'),
        ...redirect(
          'a redirect > to another origin is refused, and nothing is asked there',
          'a redirect > never takes the authorization to another origin',
        ),
      ],
    },
    {
      number: 38,
      fault: 'a redirect with a relative address',
      outcome: 'Followed from where it came.',
      tests: real('38 a relative redirect within upstream is followed'),
    },
    {
      number: 39,
      fault: 'a certificate that is expired, self-signed or a proxy’s',
      outcome:
        '`local` at once, naming `NODE_EXTRA_CA_CERTS`, and for git `GIT_SSL_CAINFO`; verification is never switched off.',
      tests: [
        ...real(
          '39 a certificate nobody trusts is not tried again',
          '39 a certificate that is trusted and expired is not tried again',
        ),
        ...network('39 a certificate that only node was told to trust is not tried again, and git’s variable is named'),
        ...failure(
          'connectionFailure > CERT_HAS_EXPIRED: local',
          'connectionFailure > SELF_SIGNED_CERT_IN_CHAIN: local',
        ),
      ],
    },
    {
      number: 40,
      fault: 'a proxy that wants a password; addresses in `NO_PROXY`',
      outcome: '`auth`, naming the variable to set and showing no password. `NO_PROXY` is obeyed.',
      tests: network('40 a proxy that wants a password is named without one, and NO_PROXY is obeyed'),
    },
    {
      number: 41,
      fault: 'a connection cut before the promised length',
      outcome: 'Tried four times, then `transient`.',
      tests: real('41 a connection cut in the middle is tried again, then given up'),
    },
    {
      number: 42,
      fault: 'a short archive with a clean end',
      outcome: 'One fresh download, then `verification`: it ends early.',
      tests: [
        ...real('42 a short gzip with a clean end'),
        ...testsOf('test/unit/source/archive.test.ts')('the end of the tar > at every shorter length it is truncated'),
      ],
    },
    {
      number: 43,
      fault: 'status 200 with HTML or JSON',
      outcome: 'Refused by the first bytes, before any hash; one more try, then `transient`.',
      tests: [
        ...real('43 a page with status 200'),
        ...testsOf('test/unit/source/download.test.ts')(
          'downloadArchive > says what came when it was never an archive',
        ),
      ],
    },
    {
      number: 44,
      fault: 'a server that drips, stalls or never ends',
      outcome: `Given up, \`transient\`: after ${DEFAULT_LIMITS.stallSeconds} s with less than ${DEFAULT_LIMITS.minBytesPerSecond} bytes a second, tried ${RETRY.attempts} times; after ${DEADLINE_SECONDS} s in any case, and then not tried again, as the ${RETRY.budgetMilliseconds / 1_000} s for that are over.`,
      tests: fetching(
        'a body > that drips is given up',
        'a body > that flows but never ends meets the deadline',
        'a server > that is silent for long is given up before the deadline',
        'a server > shares the one deadline with those it redirects to',
      ),
      unproven:
        'in `npm test` through the built command line, whose limits are minutes of real time: `npm run bench bounds` does that, and the tests use the same code with shorter limits.',
    },
    {
      number: 45,
      fault: 'an archive without end, a decompression bomb; the same from git',
      outcome:
        '`verification`, cut at the cap: 64 MiB packed, 512 MiB unpacked, 50,000 entries, paths of 4,096 bytes, 64 folders deep, 1 MiB for a `Cargo.toml` or `Cargo.lock`. git may take 2 GiB of memory, and 512 MiB for a file.',
      tests: [
        ...real('45 a bomb is cut at the cap', '45 an archive without end is cut at the cap'),
        ...testsOf('test/unit/source/cargo.test.ts')(
          'what is too large to be parsed > is a Cargo.toml of more than 1 MiB, wherever it lies',
        ),
        ...testsOf('test/programs/source/git.bounds.test.ts')(
          'a server that sends more than git may take is cut off > an object without end',
          'a server that sends more than git may take is cut off > an object that is said to be larger than the memory',
          'a server that sends more than git may take is cut off > refs without end',
        ),
        ...testsOf('test/unit/source/archive.test.ts')(
          'caps > the limits are the documented ones',
          'caps > 65 folders deep is refused',
          'caps > a path of 4097 bytes is refused',
          'caps > that are smaller than the real ones, so that a test reaches them > as many entries are accepted, one more is refused',
        ),
      ],
    },
    {
      number: 46,
      fault: 'other bytes at the second download',
      outcome:
        'Both hashes are logged. Right the second time: the first was damaged on its way, and the run goes on. Wrong again: `verification`, with what differs.',
      tests: [
        ...real('46 bytes that are wrong once and right the second time: corruption, told with both hashes'),
        ...testsOf('test/e2e/faults/verify.test.ts')(
          '49 and 50: a pin that does not match fails, and says when only the compression differs',
        ),
      ],
    },
    {
      number: 47,
      fault: 'a full disk, a temporary folder that cannot be written to',
      outcome:
        '`local`, with the path and the size of what has no room, of what docker writes the path alone; nothing is tried again, sent or left.',
      tests: [
        ...testsOf('test/e2e/faults/disk.test.ts')(
          '47 no room for the source',
          '47 no room for the image that docker writes',
          '47 no room for any file that docker writes, of which it does not say so',
          '47 no room for the evidence',
          '47 no room for an export: neither for its image nor for the evidence beside that',
          '47 no room for anything in a folder of the run’s own',
        ),
        ...testsOf('test/unit/image/build/failure.machine.test.ts')(
          'buildFailure on a machine at its limits > tells a full disk of the run’s own',
        ),
        ...testsOf('test/unit/files.test.ts')('noRoom > says of EDQUOT which file it is and how much it takes'),
        ...testsOf('test/e2e/faults/machine.test.ts')('47 a temporary folder that cannot be written to'),
      ],
      unproven: 'an exceeded quota, which no file system of the test machines has: its sentence alone is tested.',
    },
    {
      number: 48,
      fault: 'a temporary folder that others foresee, or put a link in the place of',
      outcome: 'Each run makes one with a name of its own that only its user can enter. Links are not followed.',
      tests: [
        ...testsOf('test/e2e/faults/machine.test.ts')(
          '48 a run’s folder is its user’s alone, and a link planted beside it is not followed',
        ),
        ...testsOf('test/programs/leftovers.test.ts')(
          'a run’s own folder > is nobody else’s, and says whose it is',
          'what a killed run left > is no link to elsewhere',
        ),
      ],
    },
  ],
};
