import { type Section, insideTestsOf, testsOf } from './row.js';

const cancelling = testsOf('test/e2e/faults/cancellation.test.ts');
const machine = testsOf('test/e2e/faults/machine.test.ts');
const reproduce = testsOf('test/e2e/proof/reproduce.test.ts');
const scheduled = testsOf('test/e2e/scheduled.test.ts');
const main = testsOf('test/e2e/main.test.ts');

const SCHEDULED =
  'a scheduled run publishes what is new, skips what is there, goes on with upstream and stops at a rewritten history';

const ANY_MOMENT =
  '83, 84 ${TIMES} runs that are told to end or killed at any moment leave nothing, are no success, and stop no next run';
const TRIED = '83, 84 an image that is tried goes with the run, when it is told to end and when it is killed';
const OWN_BUILDER = '83, 84 the builder that a run made goes with it, when it is told to end and when it is killed';

const STAYS = [
  'does not say whose it is, as it may be about to',
  'is of a process in another container, which nobody sees from here',
  'has another name',
];

export const LIFECYCLE: Section = {
  title: 'Lifecycle',
  rows: [
    {
      number: 83,
      fault: 'cancelled: SIGINT or SIGTERM at any moment, to the node process alone',
      outcome:
        'Over within five seconds, `cancelled`; not with 0, however early it comes. Children are ended as a group; files, containers and the run’s builder are removed; nothing is published after it.',
      tests: [
        ...cancelling(
          ANY_MOMENT,
          '83 a run that is told to end while it tags ends between two writes',
          TRIED,
          OWN_BUILDER,
        ),
        ...testsOf('test/e2e/faults/made.test.ts')(
          'a run that fails removes the builder it made, and the container and the image of a trial',
        ),
        ...testsOf('test/programs/deps.test.ts')(
          'withDeps > is cancelled while it removes what a killed run left, and listens no more',
        ),
        ...testsOf('test/programs/process.test.ts')(
          'a child that does not end in time > is ended when the run is cancelled: a child that obeys',
          'a child that does not end in time > is ended when the run is cancelled: a child that ignores SIGTERM',
        ),
      ],
    },
    {
      number: 84,
      fault: 'a run that was killed leaves files, a builder, a container, an image or half an export',
      outcome:
        'The post step, or the next run, removes what that run made and nothing else. What it cannot remove it tells of, and goes on. A post step never begins the run again.',
      tests: [
        ...cancelling(
          ANY_MOMENT,
          '84 what a killed run left is removed by the post step, or by the next run',
          '84 a run that ended before it had a folder is not begun again by its post step',
          '84 a run that ended before it said anything is not begun at all by its post step',
          TRIED,
          OWN_BUILDER,
        ),
        ...testsOf('test/e2e/faults/made.test.ts')(
          '84 a builder that cannot be removed is told of, and the post step tries again',
        ),
        ...testsOf('test/e2e/faults/disk.test.ts')(
          '84 what cannot be removed of a killed run is told of, and keeps no run from its work',
        ),
        ...testsOf('test/programs/image/publish/deliver.test.ts')(
          'an export that was killed midway does not stand in the way of the next one',
        ),
        ...testsOf('test/programs/leftovers.test.ts')(
          'what a killed run left > is removed, with what it made in docker, when its process id is another process’s now',
          'what a killed run left > is removed, with what it made in docker, when no process has its id',
          ...STAYS.map((why) => `what a killed run left > stays when it ${why}`),
          'what a killed run left > includes children that work in its folder, however that is reached, and no other process',
        ),
      ],
    },
    {
      number: 85,
      fault: 'upstream, a registry or a child hangs',
      outcome: 'Every step has a deadline; the message names the step, and its children are ended.',
      tests: [
        ...machine('85 an engine that hangs is given up by its deadline, and what hung is ended'),
        ...testsOf('test/programs/process.test.ts')(
          'a child that does not end in time > is ended at the deadline with its whole group, and the step is named',
        ),
        ...insideTestsOf('test/e2e/faults/hanging.test.ts')(
          '85 a registry that hangs is given up by the deadline of the step, which is named',
        ),
        ...testsOf('test/programs/source/git.bounds.test.ts')(
          'a server that takes its time is given up, and the step is named > when it does not answer at all, at the deadline',
          'a server that takes its time is given up, and the step is named > when it drips, at GET, before the deadline',
          'a server that takes its time is given up, and the step is named > when it drips, at POST, before the deadline',
        ),
        ...testsOf('test/programs/http/fetch.test.ts')(
          'a server > that never answers meets the deadline, and its connection is closed',
        ),
      ],
    },
    {
      number: 86,
      fault: 'the action runs twice in one job, or at once',
      outcome: 'Every run has a folder and a builder of its own.',
      tests: machine(
        '58 and 86: two runs at once share folders, cache and engine, and do not touch each other’s things or anybody’s',
      ),
    },
    {
      number: 87,
      fault: 'a run again with the same inputs',
      outcome:
        'The same digest. What is published already is not sent again, and what is signed is not signed again; with `skip-unchanged` nothing is built.',
      tests: [
        ...main('a second run of the same commit sends nothing and ends with the same digest and the same tags'),
        ...scheduled(SCHEDULED),
        ...testsOf('test/workflows/build.test.ts')(
          'a release whose signing services are down is sent, and no tag moves; the next run signs it, and the one after it nothing',
        ),
      ],
    },
    {
      number: 88,
      fault: 'GitHub Enterprise Server: no attestations, no `job.workflow_sha`',
      outcome:
        'build.yml refuses at the start and says why. The action and the command line need none of it and work there.',
      tests: [
        ...testsOf('test/programs/workflows/guard.test.ts')(
          'the guard of build.yml > refuses another server than github.com',
        ),
        ...machine('88 on a runner of another GitHub server, which is asked for nothing'),
      ],
      unproven:
        'on a real GitHub Enterprise Server: the guard’s own script is run, and the action is told of such a server.',
    },
    {
      number: 89,
      fault: 'a runner of Windows or macOS',
      outcome: 'Refused at once, `input`: Linux only.',
      tests: machine('53 and 89: a runner that is not Linux is refused at once'),
      unproven: 'on such a runner: node is told that it runs there.',
    },
    {
      number: 90,
      fault: 'a job in a container, with docker’s socket mounted',
      outcome: 'Works: the engine is never asked for a path that it may not see.',
      tests: machine('90 a job in a container: the engine sees none of the folders that the run has'),
    },
    {
      number: 91,
      fault: 'a schedule comes late, twice, or is switched off after 60 days',
      outcome: 'Any cadence is right: every run looks at the whole state. docs/maintainers.md says so.',
      tests: scheduled(SCHEDULED),
      unproven: 'GitHub’s scheduler, which exists on GitHub alone.',
    },
    {
      number: 92,
      fault: 'upstream is unchanged since the last run',
      outcome: 'Nothing is built or written; the signature and every platform of what is published are verified again.',
      tests: [
        ...scheduled(SCHEDULED, 'a build whose platform or tag the registry lacks is built and sent again'),
        ...testsOf('test/workflows/rebuild.test.ts')(
          'a registry that shows nothing without a login stops the schedule; a run by hand builds anyway, and the next one writes nothing',
          'a clean-up that takes the signatures is told with its cure, and a run that builds anyway signs the same image again',
        ),
      ],
    },
    {
      number: 93,
      fault: 'upstream changes so that the build breaks',
      outcome: '`build`, with the compiler’s last lines in the summary; what is published stays as it is.',
      tests: testsOf('test/e2e/faults/build.test.ts')(
        '93 a new HEAD that does not compile leaves what is published as it is',
      ),
    },
    {
      number: 94,
      fault: 'a base image is gone from its registry when an image is reproduced',
      outcome: '`unbuildable`, `not-found`, with every base that is missing. A mirror of them goes into the evidence.',
      tests: [
        ...reproduce(
          '94 bases that are gone from their registry make an image unbuildable, and each is named',
          'with the base images in the evidence no network is needed at all',
        ),
        ...testsOf('test/programs/proof/reproduce.test.ts')(
          'an image is unbuildable > without base images that their registry no longer serves, each of which is named',
        ),
      ],
    },
    {
      number: 95,
      fault: 'a second build gives another digest',
      outcome: '`verification`: platform, file and bytes that differ first are named; nothing is published.',
      tests: [
        ...testsOf('test/e2e/faults/build.test.ts')('95 what a second build does not give again is not published'),
        ...reproduce('a program that differs from build to build is told apart: platform, file and bytes are named'),
      ],
    },
  ],
};
