import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect } from 'vitest';

type Component = {
  name: string;
  version: string;
  purl?: string;
  scope?: string;
  licenses?: { expression?: string; license?: { id?: string; name?: string } }[];
};

/** Whose texts have to be in the image whatever the crates are, and words of them. */
const TEXTS: Record<string, RegExp> = {
  'BUSYBOX-GPL-2.0': /GNU GENERAL PUBLIC LICENSE\s+Version 2/,
  'BUSYBOX-SOURCE': /^Source: https:\/\/busybox\.net\/downloads\/busybox-\d+\.\d+\.\d+\.tar\.bz2$/m,
  'GLIBC-LGPL-2.1': /GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1/,
  'GLIBC-NOTICE': /GNU C Library .*version \d+\.\d+/,
  'LICENSE-APACHE': /Apache License/,
  'LICENSE-MIT': /Permission is hereby granted, free of charge/,
};

/**
 * Requires of the licences in an image, `folder`, and of its SBOM that they are of what is in it: every text is there, every
 * crate that is linked has its own under its name, and `label`, the image's SPDX expression, covers what each crate asks for.
 */
export async function expectLicences(folder: string, sbomText: string, label: string): Promise<void> {
  for (const [name, words] of Object.entries(TEXTS)) expect(await readFile(join(folder, name), 'utf8')).toMatch(words);

  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(sbomText)).toBeNull();
  const { components } = JSON.parse(sbomText) as { components: Component[] };
  const crates = components.filter(({ purl }) => purl?.startsWith('pkg:cargo/'));
  const linked = crates.filter(({ scope }) => scope === 'required');
  expect(linked.map(({ name }) => name)).toEqual(expect.arrayContaining(['phantun', 'fake-tcp', 'tokio']));
  // A procedural macro's crates run in the compiler, and are in no program.
  expect(crates.filter(({ scope }) => scope === 'excluded').map(({ name }) => name)).toContain('syn');

  const thirdParty = await readFile(join(folder, 'THIRD-PARTY'), 'utf8');
  const named = [...thirdParty.matchAll(/^==== (\S+) v(\S+)/gm)].map(([, name, version]) => `${name} ${version}`);
  // Those of procedural macros are there, too: nobody has to know what of them came into a program.
  for (const { name, version } of linked) expect(named).toContain(`${name} ${version}`);
  const covered = new Set(label.split(/ AND | OR |[()]/));
  for (const { name, licenses = [] } of linked)
    for (const { expression, license } of licenses)
      expect([name, isCovered(expression ?? license?.id ?? license?.name ?? '', covered)]).toEqual([name, true]);
}

/** Whether of each part of an SPDX expression one alternative is among the licences. */
function isCovered(expression: string, licences: ReadonlySet<string>): boolean {
  return expression
    .split(' AND ')
    .every((part) => part.split(/ OR |\/|[()]/).some((licence) => licences.has(licence.trim())));
}
