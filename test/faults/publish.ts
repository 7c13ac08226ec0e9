import { type Section, insideTestsOf, testsOf } from './row.js';

const real = testsOf('test/e2e/faults/registry.test.ts');
const verified = testsOf('test/e2e/verify.test.ts');
const beside = insideTestsOf('test/e2e/verify.test.ts');
const workflows = testsOf('test/unit/workflows/workflows.test.ts');

const CLI =
  'the built command line > 80, 81, 82: passes what is right, and refuses no attestation, other signers, a missing platform';

const PASSING = [
  'a 500',
  'a 503',
  'an EOF',
  'a reset in mid-upload',
  'a lost answer to a layer',
  'a lost answer to a platform',
  'a lost answer to the index',
  'a lost answer to a tag',
  'a lost answer to the list of referrers',
  'an answer cut short',
  'a wait asked of a reader',
];

export const PUBLISH: Section = {
  title: 'Publish, sign, verify',
  rows: [
    {
      number: 69,
      fault: 'a push is refused: 401, 403',
      outcome:
        '`auth` at the first write, never tried again, naming `docker login` and `packages: write`. It is known when the image is sent, after the build: what a token permits many registries say only when it is used. To open an upload and give it up is a write: registries may make the repository for it, or keep what was opened, and a run that fails later has to leave nothing. A login that a credential helper keeps only skopeo and docker can use.',
      tests: real(
        '69 a push that is refused with 401 fails at once, and says what may be missing',
        '69 a push that is refused with 403 fails at once, and says what may be missing',
      ),
      unproven: 'an organisation’s policy at ghcr.io, which takes live GitHub; the registry answers as ghcr.io does.',
    },
    {
      number: 70,
      fault: 'a push is limited: 429',
      outcome:
        'The client waits as asked where it can ask again; else the registry is asked how long, and gets a minute where it does not say. Then the whole copy is tried again, by digest, four times; then `rate-limit`, with the time to come back. No tag moves.',
      tests: real(
        '70 a registry that asks to wait is waited for',
        '70 a registry that asks to wait behind a body is given the time it asks for',
        '70 a registry that asks for more than there is time for fails at once, and says when to come back',
        '70 a registry that always asks to wait fails as what it is, and no tag moves',
      ),
    },
    {
      number: 71,
      fault: 'a push breaks: 5xx, end of file, reset, an answer that is lost or cut short',
      outcome: 'As for 429, then `transient`; layers that are there are not sent again.',
      tests: [
        ...real(
          ...PASSING.map(
            (what) => `71 ${what} is no end: the copy is tried again, and what is there is not sent again`,
          ),
          '71 a registry that stays broken fails, after four attempts, and no tag moves',
        ),
        ...insideTestsOf('test/e2e/faults/registryScripts.test.ts')(
          'publishing under any script of a registry’s faults ends as a whole or in a classified failure, no tag names anything else, and no referrer is lost',
        ),
      ],
    },
    {
      number: 72,
      fault: 'a manifest is unknown right after it was sent',
      outcome: 'Asked for with growing waits, up to a minute; then `registry`, and no tag moves.',
      tests: real(
        '72 a manifest that appears late is waited for',
        '72 a manifest that never appears fails, and no tag moves',
      ),
    },
    {
      number: 73,
      fault: 'one platform is sent, another fails',
      outcome:
        'No tag moves; the index, which would name both, is not sent. The message says which platforms each repository serves already.',
      tests: [
        ...real('73 one platform is copied, the other fails: no tag moves, and the message says what is there'),
        ...testsOf('test/programs/image/publish/publish.test.ts')(
          'publish > says which platforms and which repositories are served already when it fails',
        ),
      ],
    },
    {
      number: 74,
      fault: 'a tag of `tags` names another digest already',
      outcome: 'Refused, `registry`, before anything is sent. The same digest: success, nothing is sent.',
      tests: [
        ...real(
          '74 a fixed tag that names another digest stops the run before it writes; once published, nothing is sent again',
        ),
        ...testsOf('test/e2e/main.test.ts')(
          'a fixed tag that names another digest stops the run before anything is sent; a moving tag moves',
        ),
      ],
    },
    {
      number: 75,
      fault: 'two publishers at once',
      outcome:
        'A tag that moved since it was read, also while the image was signed, is left as it is, `registry`. Publishing jobs of the workflows take turns; of those that wait for one, GitHub keeps the last and cancels the others, which a person has to run again; what a scheduled one would have done, the next one does.',
      tests: [
        ...real(
          '75 a tag that somebody else moved in between is left as it is',
          '75 a tag that somebody else moved while the image was signed is left as it is',
        ),
        ...workflows(
          'every workflow > $name ends in time and not beside itself',
          'build.yml > publishes and tags what was built, checked and built again, and nothing else',
        ),
      ],
      unproven: 'GitHub’s concurrency groups, which exist on GitHub alone; that the workflow asks for one is tested.',
    },
    {
      number: 76,
      fault: 'an older commit would take a moving tag from a newer one',
      outcome: 'Refused, `registry`, before anything is sent: upstream’s history decides which is newer.',
      tests: real('76 an image of an older commit does not take a moving tag from one of a newer'),
    },
    {
      number: 77,
      fault: 'Fulcio, Rekor or the time stamps are down or slow',
      outcome:
        'The image is sent and no tag moved; signing is a job of its own that builds nothing: run the failed jobs again, or the whole: what is then signed is the lock that lies beside the image already. Keys for `verify` are asked for again, in bounds.',
      tests: [
        ...testsOf('test/workflows/build.test.ts')(
          'a release whose signing services are down is sent, and no tag moves; the next run signs it, and the one after it nothing',
        ),
        ...workflows('build.yml > signs in a job that builds nothing, and tags only after it verified'),
        ...testsOf('test/unit/verify/tuf.test.ts')(
          'fetchTarget > waits for a server that is busy',
          'fetchTarget > names the way around a repository that is not whole or not there',
        ),
      ],
      unproven: 'Sigstore’s public instance itself, and GitHub’s button that runs the failed jobs again.',
    },
    {
      number: 78,
      fault: '`id-token: write` is missing',
      outcome:
        'GitHub refuses the called workflow before it starts, naming the permission. docs/maintainers.md has the line to copy.',
      tests: workflows(
        'build.yml > is called by release.yml with just the permissions its jobs take',
        'build.yml > is called by rebuild.yml with just the permissions its jobs take',
        'build.yml > has the permissions that docs/maintainers.md says a caller has to grant',
      ),
      unproven: 'GitHub’s refusal, which takes live GitHub.',
    },
    {
      number: 79,
      fault: 'a run for a pull request of a fork: no token, no secrets',
      outcome:
        'Builds and checks. build.yml refuses at the start to publish, with the reason; the action alone ends with `auth` at the first write.',
      tests: testsOf('test/programs/workflows/guard.test.ts')(
        'the guard of build.yml > lets pull_request build',
        'the guard of build.yml > refuses publishing for a pull request',
      ),
      unproven: 'the token that GitHub gives such a run, which takes live GitHub; the guard’s own script is run.',
    },
    {
      number: 80,
      fault: 'no attestation is found',
      outcome: '`verification`: nothing is never a pass.',
      tests: [
        ...verified(CLI),
        ...beside(
          'an image in a registry > without attestations fails, also when only other things lie beside it',
          'an image in a registry > a bundle that is listed for it but says it is of another is passed over',
        ),
        ...testsOf('test/unit/verify/signature.test.ts')('a signed bundle > zero attestations'),
      ],
    },
    {
      number: 81,
      fault: 'an attestation of another digest, workflow or repository, or from a self-hosted runner',
      outcome: '`verification`, with the field, what was expected and what was found.',
      tests: [
        ...verified(CLI),
        ...beside(
          'an image in a registry > is refused by name: other digest',
          'an image in a registry > is refused by name: wrong workflow ref',
          'an image in a registry > is refused by name: wrong repository',
          'an image in a registry > is refused by name: self-hosted runner',
        ),
      ],
    },
    {
      number: 82,
      fault: 'a clean-up of the registry took a platform’s manifest',
      outcome: '`verification`: every platform is pulled, and the missing one named.',
      tests: [...verified(CLI), ...beside('an image in a registry > 82 a platform that a clean-up took is named')],
    },
  ],
};
