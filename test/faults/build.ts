import { type Section, testsOf } from './row.js';

const real = testsOf('test/e2e/faults/build.test.ts');
const machine = testsOf('test/e2e/faults/machine.test.ts');
const failure = testsOf('test/unit/image/build/failure.test.ts');
const limits = testsOf('test/unit/image/build/failure.machine.test.ts');

export const BUILD: Section = {
  title: 'Docker and buildx',
  rows: [
    {
      number: 56,
      fault: 'docker is not installed, its engine is down or may not be talked to',
      outcome: '`local`, with what to start, install or join.',
      tests: [
        ...testsOf('test/e2e/faults/resolve.test.ts')(
          '56 without docker, and with an engine that does not answer, a sentence says what to do',
        ),
        ...machine('56 an engine that this user may not talk to'),
        ...testsOf('test/programs/image/engine.test.ts')(
          'engineFailure > a daemon that is down',
          'engineFailure > a socket of others',
        ),
      ],
    },
    {
      number: 57,
      fault: 'buildx, BuildKit or the engine is too old',
      outcome:
        '`local`, with the version found and the version needed; never a mere warning. The oldest BuildKit that is accepted builds.',
      tests: [
        ...machine('57 a buildx that is too old', '57 an engine that is too old', '57 a BuildKit that is too old'),
        ...testsOf('test/programs/image/build/builder.test.ts')('chooseBuilder > judges versions: %#'),
        ...testsOf('test/e2e/builders.test.ts')('the oldest BuildKit that is accepted gives the same digest'),
      ],
    },
    {
      number: 58,
      fault: 'two runs, or two builders, on one machine',
      outcome: 'No name is shared, and no builder is removed that the run did not make.',
      tests: machine(
        '58 and 86: two runs at once share folders, cache and engine, and do not touch each other’s things or anybody’s',
      ),
    },
    {
      number: 59,
      fault: 'a registry limits pulls of a base image',
      outcome: 'Tried four times, then `rate-limit`, naming the registry and `docker login`.',
      tests: [
        ...real(
          '59 a registry that limits how often a base image is asked for',
          '59 a registry that limits how often a base image is pulled',
        ),
        ...failure(
          'buildFailure > tells a registry that limits',
          'buildFailure > tells a registry that limits the download of a layer',
        ),
        ...testsOf('test/programs/image/build/buildx.test.ts')(
          'buildEach > waits for a registry that limits, and for nothing else',
        ),
      ],
      unproven: 'Docker Hub’s own limit, which no test may use up; the proxy before the registry answers as it does.',
    },
    {
      number: 60,
      fault: 'the source does not compile, whatever is printed or quoted meanwhile',
      outcome: '`build`, never tried again; the last 50 lines are in the summary, made harmless.',
      tests: [
        ...real(
          '60 source that does not compile is compiled once, and the summary has the last lines',
          '60 a build script that has the words of every fault of the machine’s, and fails, is taken for no more than that',
        ),
        ...limits(
          'buildFailure on a machine at its limits > tells a build script that has the words of every fault, in places of all kinds',
          'buildFailure on a machine at its limits > tells source that quotes the words of a fault',
        ),
        ...failure('buildFailure > tells a build script that has the words of it'),
        ...testsOf('test/programs/image/build/buildx.test.ts')(
          'buildEach > compiles once, whatever the compiler prints',
          'buildEach > keeps the last 50 lines for the summary',
          'buildEach > fails by the exit code though nothing was said, and never compiles twice',
        ),
      ],
    },
    {
      number: 61,
      fault: 'the compiler is killed for want of memory',
      outcome: '`local`, saying so; never tried again.',
      tests: [
        ...real('61 a compile that is killed for want of memory'),
        ...limits(
          'buildFailure on a machine at its limits > tells a killed command',
          'buildFailure on a machine at its limits > tells a command of which the kernel has killed a process',
          'buildFailure on a machine at its limits > tells a killed compiler',
          'buildFailure on a machine at its limits > tells a killed linker',
          'buildFailure on a machine at its limits > tells a compiler that is given no memory',
        ),
      ],
    },
    {
      number: 62,
      fault: 'crates.io is down',
      outcome: 'cargo tries ten times, then `transient`: dependency source unavailable.',
      tests: [
        ...real('62 a registry of crates that cannot be reached'),
        ...failure(
          'buildFailure > tells crates that cannot be fetched',
          'buildFailure > tells a manifest that has the words of it',
        ),
      ],
    },
    {
      number: 63,
      fault: 'no emulator for a foreign platform',
      outcome: 'Its image is checked by reading it; running it is reported as not done, never as passed.',
      tests: [
        ...real('63 a platform without an emulator is read, and reported as not run'),
        ...testsOf('test/programs/image/check/smoke.test.ts')(
          'smokeTest > says which platform could not be run here, and why',
        ),
      ],
      unproven: 'on a kernel without the emulator: the machine’s is everybody’s, so docker is made to refuse instead.',
    },
    {
      number: 64,
      fault: 'buildx ends with 0 and names no image, or not in words that can be read',
      outcome: '`local`: update buildx and BuildKit.',
      tests: real(
        '64 a buildx that ends well and has built nothing',
        '64 a buildx that ends well and whose word on it cannot be read',
      ),
    },
    {
      number: 65,
      fault: 'the registry serves another digest than the one sent',
      outcome: '`registry`; no tag is moved.',
      tests: [
        ...testsOf('test/e2e/faults/registry.test.ts')(
          '65 a registry that serves other bytes than it was sent: no tag moves',
        ),
        ...testsOf('test/programs/image/publish/publish.test.ts')(
          'publish > moves no tag when the registry serves other bytes',
        ),
      ],
    },
    {
      number: 66,
      fault: '`~/.docker/config.json` is broken',
      outcome: '`local`, before the build, naming the file.',
      tests: machine('66 a broken config.json of docker'),
    },
    {
      number: 67,
      fault: 'a file or the config in the image has another time than the commit’s',
      outcome: '`verification`: the finished image is read, and the difference named.',
      tests: [
        ...real('67 files with another time than the commit’s'),
        ...testsOf('test/unit/image/check/check.test.ts')('checkImage > refuses another time'),
      ],
    },
    {
      number: 68,
      fault: 'the build prints commands of the runner',
      outcome: 'Inert, in every form: they are printed behind a random token that nobody can guess.',
      tests: [
        ...testsOf('test/e2e/faults/injection.test.ts')(
          '68 a build that succeeds and prints every form of command: only our own are carried out, and no secret shows',
          '68 a build that fails and prints every form of command: inert in the log and in the summary',
          '68 the command line in a step of a job: what a build prints that fails is inert, on both streams',
          '68 a compiler that quotes the source: inert',
          '68 programs that print lines of 10 MB, in pieces, with guesses of the token: inert, and no half of a secret shows',
          '68 docker that cannot build and prints every form of command: inert in the log and in the summary',
          '68 docker that can nothing and prints every form of command: inert in the log and in the summary',
          '68 git that can nothing and prints every form of command: inert in the log and in the summary',
          '68 skopeo that cannot send and prints every form of command: inert in the log and in the summary',
          '68 a skopeo that prints every form of command while it sends: inert',
          '68 a server that sends the credential back in its error: masked in the log and in the summary',
        ),
        ...testsOf('test/unit/log/runner.test.ts')(
          'a line that is not ours > is inert: %j',
          'a line that is not ours > is inert whatever it holds',
          'the token > is long, random and used once',
          'a secret > shows in no channel, in no spelling, however the line is cut',
        ),
      ],
    },
  ],
};
