import { describe, expect, it } from 'vitest';
import { type Inspected, parseInspect } from '../../../../src/image/build/builder.js';
import { DOCKER, TWO_NODES, KUBERNETES, INACTIVE, UNREACHABLE } from '../../../support/inspected.js';

describe('parseInspect', () => {
  it.each<[string, string, Inspected | undefined]>([
    ['the builder of the engine', DOCKER, { name: 'default', driver: 'docker', buildkit: 'v0.0.0+unknown' }],
    [
      'a builder with two nodes: the versions of both',
      TWO_NODES,
      { name: 'builders', driver: 'docker-container', buildkit: 'v0.26.2, v0.24.0' },
    ],
    [
      'a builder whose first node does not run',
      TWO_NODES.replace(/^Status: .*\n.*\nBuildKit version.*/m, 'Status: inactive'),
      { name: 'builders', driver: 'docker-container', buildkit: 'v0.24.0' },
    ],
    [
      'a builder with two nodes of one version',
      TWO_NODES.replace('v0.24.0', 'v0.26.2'),
      { name: 'builders', driver: 'docker-container', buildkit: 'v0.26.2' },
    ],
    ['a builder in a cluster', KUBERNETES, { name: 'cluster', driver: 'kubernetes', buildkit: 'v0.26.2, v0.25.1' }],
    [
      'a builder in a cluster whose pods are not there yet',
      KUBERNETES.replace(/^Status.*\n(?:BuildKit.*\n)+/gm, 'Status: inactive\n'),
      undefined,
    ],
    [
      'a builder that does not say its version',
      DOCKER.replace(/BuildKit version.*\n/, ''),
      { name: 'default', driver: 'docker', buildkit: '' },
    ],
    [
      'a builder of two nodes, as older releases of buildx print it',
      TWO_NODES.replaceAll('BuildKit version:', 'Buildkit:'),
      { name: 'builders', driver: 'docker-container', buildkit: 'v0.26.2, v0.24.0' },
    ],
    ['a builder that does not run', INACTIVE, undefined],
    ['a builder that cannot be reached', UNREACHABLE, undefined],
    ['no text', '', undefined],
    ['an error', 'ERROR: no builder "nonesuch" found\n', undefined],
  ])('%s', (_, text, inspected) => {
    expect(parseInspect(text)).toEqual(inspected);
  });
});
