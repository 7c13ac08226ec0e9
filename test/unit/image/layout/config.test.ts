import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/hash.js';
import { configBytes, parseConfig } from '../../../../src/image/layout/config.js';
import { PLATFORMS } from '../../../../src/platform.js';
import { EPOCH } from '../../../support/layouts.js';
import { failureOf } from '../../../support/failureOf.js';

const DIFF_ID = digestOf('tar');
const plain = { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [DIFF_ID] } };
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('configBytes', () => {
  it('writes canonical JSON without history', () => {
    const bytes = configBytes('linux/arm/v7', { Labels: { b: '1', a: '2' }, Entrypoint: ['/bin/sh'] }, EPOCH, DIFF_ID);
    expect(bytes.toString()).toBe(
      '{"architecture":"arm","config":{"Entrypoint":["/bin/sh"],"Labels":{"a":"2","b":"1"}},"created":"2025-10-06T16:29:18Z",' +
        `"os":"linux","rootfs":{"diff_ids":["${DIFF_ID}"],"type":"layers"},"variant":"v7"}`,
    );
  });

  it.each([-1, 1.5, NaN, 253_402_300_800])('refuses the time %d', (epoch) => {
    expect(() => configBytes('linux/amd64', {}, epoch, DIFF_ID)).toThrow(RangeError);
  });
});

describe('parseConfig', () => {
  it.each(PLATFORMS)('reads back what configBytes writes for %s', (platform) => {
    const runtime = {
      Cmd: ['a'],
      Entrypoint: ['/bin/sh'],
      Env: ['PATH=/bin'],
      ExposedPorts: { '4567/tcp': {} },
      Labels: { a: 'b' },
      StopSignal: 'SIGINT',
      User: '1:1',
      Volumes: { '/data': {} },
      WorkingDir: '/',
    };
    expect(parseConfig(configBytes(platform, runtime, 0, DIFF_ID), 'config')).toEqual({
      platform,
      epochSeconds: 0,
      runtime,
      diffIds: [DIFF_ID],
    });
  });

  it('leaves out what says nothing, and how the image came about', () => {
    const config = { User: '', Cmd: null, OnBuild: [], Labels: {}, AttachStdin: false, WorkingDir: '/' };
    const bytes = bytesOf({
      ...plain,
      config,
      author: 'me',
      history: [{ comment: 'x' }],
      created: '2025-10-06T16:29:18.5Z',
    });
    expect(parseConfig(bytes, 'config')).toMatchObject({ runtime: { WorkingDir: '/' }, epochSeconds: undefined });
  });

  it('takes arm64/v8 as arm64', () => {
    expect(parseConfig(bytesOf({ ...plain, architecture: 'arm64', variant: 'v8' }), 'c').platform).toBe('linux/arm64');
  });

  it.each<[string, unknown, RegExp]>([
    ['what is not JSON', '{', /found|JSON/],
    ['a list', [], /expected an object/],
    ['an unknown member', { ...plain, 'os.version': '10' }, /os\.version, which the layout writer does not know/],
    ['a health check', { ...plain, config: { Healthcheck: { Test: ['x'] } } }, /Healthcheck, which/],
    ['ONBUILD', { ...plain, config: { OnBuild: ['RUN x'] } }, /OnBuild, which/],
    ['a shell', { ...plain, config: { Shell: ['/bin/bash'] } }, /Shell, which/],
    ['another system', { ...plain, os: 'windows' }, /platform of config: expected one of .*, found windows\/amd64/],
    ['another processor', { ...plain, architecture: 'riscv64' }, /found linux\/riscv64/],
    ['another variant', { ...plain, architecture: 'arm', variant: 'v6' }, /found linux\/arm\/v6/],
    ['no rootfs', { ...plain, rootfs: undefined }, /rootfs of config: expected an object, found nothing/],
    ['a diff_id that is none', { ...plain, rootfs: { diff_ids: ['sha256:1'] } }, /diff_id of config/],
    [
      'a label that is not text',
      { ...plain, config: { Labels: { a: 1 } } },
      /Labels of config, a: expected a text, found 1/,
    ],
    ['half a surrogate pair', { ...plain, config: { Labels: { '\ud800': 'x' } } }, /expected a text/],
    [
      'an entrypoint that is text',
      { ...plain, config: { Entrypoint: '/bin/sh' } },
      /Entrypoint of config: expected a list/,
    ],
  ])('refuses %s', async (_, value, message) => {
    const failure = await failureOf(() => parseConfig(bytesOf(value), 'config'));
    expect(failure).toMatchObject({ kind: 'verification', message: expect.stringMatching(message) as string });
  });

  it('refuses bytes that are not UTF-8', async () => {
    expect((await failureOf(() => parseConfig(Buffer.from([0x22, 0xff, 0x22]), 'config'))).message).toBe(
      'config is not JSON',
    );
  });
});
