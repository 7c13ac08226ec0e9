import { PackageURL } from 'packageurl-js';
import type { LockInputs } from './lock.js';

/** The package URL of a crate (github.com/package-url/purl-spec): of crates.io, or, with `own`, of upstream's own commit. Pure. */
export function cratePurl(name: string, version: string, own?: Pick<LockInputs, 'upstream' | 'commit'>): string {
  const qualifiers = own && { vcs_url: `git+${own.upstream}@${own.commit}` };
  return new PackageURL('cargo', undefined, name, version, qualifiers, undefined).toString();
}

/** The package URL of what no registry of packages has. Pure. */
export function genericPurl(name: string, version: string): string {
  return new PackageURL('generic', undefined, name, version, undefined, undefined).toString();
}
