import { type Section, testsOf } from './row.js';

const real = testsOf('test/e2e/faults/resolve.test.ts');
const history = testsOf('test/e2e/faults/history.test.ts');
const trouble = testsOf('test/programs/source/resolve.trouble.test.ts');
const failure = testsOf('test/unit/http/failure.test.ts');

export const RESOLVE: Section = {
  title: 'Resolve',
  rows: [
    {
      number: 23,
      fault: '401 from git or the archive, although a token was given',
      outcome: '`auth` at once. Nothing is asked again without the token, which shows nowhere.',
      tests: [
        ...real('23 401 with a token'),
        ...trouble('a server that refuses > the token is not asked again without it'),
        ...testsOf('test/unit/source/download.test.ts')('downloadArchive > asks once after 401'),
      ],
    },
    {
      number: 24,
      fault: '429, with or without `Retry-After`',
      outcome:
        'Waited for as asked, if that fits two minutes. Else `rate-limit` with the time to come back, and no second request. Of git’s own requests the answer’s headers are not known: upstream is greeted once more, which says how long; if it does not, a minute.',
      tests: [
        ...trouble(
          'a server in trouble > that says to git itself 429, which upstream explains is given its time',
          'a server in trouble > that says to git itself 429, which nobody explains is given its time',
          'a server in trouble > that limits whoever asks for a commit id is greeted, and asked again when it says',
        ),
        ...real('24 429 for longer than the budget', '24 429 with a wait that fits is waited for'),
        ...failure('statusFailure > tells a rate limit: no wait'),
      ],
    },
    {
      number: 25,
      fault: '403 that names a rate limit',
      outcome: 'As 429; waits a minute where nothing says how long.',
      tests: [
        ...trouble('a server in trouble > that says to git itself 403 for a used-up quota is given its time'),
        ...real('25 403 with a used-up quota'),
        ...failure('statusFailure > tells a rate limit: 403 that names the limit only'),
      ],
    },
    {
      number: 26,
      fault: '403 by policy; 401 or 404 of what may be a private repository',
      outcome: '`auth` or `not-found`, each in its own words, naming `upstream-token`; never asked twice.',
      tests: [
        ...real('26 401 without', '26 403 by policy', '26 404'),
        ...trouble('a server that refuses > with 403, token ghp_token, is asked once'),
      ],
    },
    {
      number: 27,
      fault: '410, 451; 301 of a renamed repository',
      outcome: '`not-found`, never asked twice. A rename names the new address, and nobody goes there.',
      tests: [
        ...real('27 410', '27 451', '27 renamed'),
        ...trouble('a server that sends git itself elsewhere > is not followed there'),
      ],
    },
    {
      number: 28,
      fault: 'upstream rewrote its history: HEAD does not come after the commit published last',
      outcome: 'A scheduled run stops, `verification`, and says so; nothing is published, no tag moves.',
      tests: [
        ...testsOf('test/e2e/scheduled.test.ts')(
          'a scheduled run publishes what is new, skips what is there, goes on with upstream and stops at a rewritten history',
        ),
        ...testsOf('test/workflows/rebuild.test.ts')(
          'a new HEAD is published, also where the pin of build.yml has moved, and a rewritten history stops',
        ),
      ],
    },
    {
      number: 29,
      fault: 'an empty repository, a HEAD that names nothing',
      outcome: '`not-found`, with a sentence. Where HEAD alone names nothing, branches and tags are found.',
      tests: [
        ...real(
          '29 an empty repository',
          '29 a HEAD that names nothing is refused, and the branch that is there is found',
        ),
        ...testsOf('test/programs/source/resolve.test.ts')(
          'a ref that names no commit of upstream > because the repository is empty is refused',
          'a ref that names no commit of upstream > is found where HEAD names nothing, and the branch that is asked for is there',
        ),
      ],
    },
    {
      number: 30,
      fault: 'a server in trouble: 5xx, a connection that breaks, a name that does not resolve, silence',
      outcome:
        'Tried four times, then `transient`: “upstream unavailable” or what happened to the connection, never the words of a failed verification.',
      tests: [
        ...real('30 503 for ever', '30 nobody listens'),
        ...testsOf('test/e2e/faults/network.test.ts')(
          '40 a proxy that wants a password is named without one, and NO_PROXY is obeyed',
        ),
        ...testsOf('test/fuzz/faultScripts.test.ts')(
          'a run under any script of upstream’s faults ends with the right tree or in a classified failure, and leaves nothing',
        ),
        ...trouble('a server in trouble > is asked again, and again'),
        ...testsOf('test/programs/http/fetch.test.ts')(
          'a server > that is silent for long is given up before the deadline',
        ),
      ],
    },
    {
      number: 31,
      fault:
        'an HTML page, of a login or a captive portal, where git or gzip was expected; answers that make git ask from within without end',
      outcome:
        'Refused by its type, or by the first bytes; asked once more, then `transient`. Of fetches from within one another git is let do 16: then `verification`, never tried again.',
      tests: [
        ...real('31 an HTML page instead of git', '31 a server of plain files makes git ask from within only so often'),
        ...testsOf('test/e2e/faults/download.test.ts')('43 a page with status 200'),
      ],
    },
    {
      number: 32,
      fault: 'an object that is not the commit asked for',
      outcome: '`verification`: its id is computed here once more. No archive is asked for.',
      tests: [
        ...history('32 an object that is not the commit asked for'),
        ...testsOf('test/programs/source/resolve.test.ts')(
          'the machine > whose git hands over another object than was asked for is not believed',
        ),
      ],
    },
    {
      number: 33,
      fault: 'HEAD or a tag moves between resolve and download',
      outcome: 'Nothing changes: everything after the resolve uses the full id. The lock says when that was.',
      tests: [
        ...history(
          '1 and 33: an empty ref is HEAD, whose later moves change nothing; summary and lock say what was resolved',
        ),
        ...testsOf('test/e2e/proof/tampers.test.ts')(
          'on the wire > 5 a tag moved between resolve and build: the commit is asked for by its id',
        ),
      ],
    },
    {
      number: 34,
      fault: 'upstream takes a commit back (force-push) while a run goes on',
      outcome:
        'Gone when upstream is asked for its history: `verification`, unreachable. Gone with its archive after that: `not-found`. Gone after the build: `publish` asks again and refuses, `verification`.',
      tests: [
        ...history(
          '34 a commit that upstream takes back while it is asked for',
          '34 a commit that upstream takes back with its archive',
        ),
        ...testsOf('test/e2e/faults/registry.test.ts')(
          '34 a commit that upstream has taken back since it was built is not published',
        ),
      ],
    },
    {
      number: 35,
      fault: 'the machine’s clock is before the commit’s time',
      outcome: 'Refused, `local`, before the build: times in the image would lie.',
      tests: real('35 a commit from the future'),
    },
  ],
};
