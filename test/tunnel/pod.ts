import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { EXAMPLES, type Host, docker, lab, ready, temporaryFolder } from './rig.js';

type Container = {
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value: string }[];
  securityContext?: {
    privileged?: boolean;
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { drop?: string[]; add?: string[] };
  };
  volumeMounts?: { name: string; mountPath: string }[];
  livenessProbe?: { exec: { command: string[] } };
};
type Volume = { name: string; hostPath?: { path: string }; configMap?: { name: string } };
type Pod = { hostNetwork?: boolean; initContainers?: Container[]; containers: [Container]; volumes?: Volume[] };
type Manifest =
  | { kind: 'Deployment'; spec: { template: { spec: Pod } } }
  | { kind: 'ConfigMap'; metadata: { name: string }; data: Record<string, string> }
  | { kind: 'Service' };

/** Runs the pod of a manifest of examples, on a host of the rig that is its node or its own network. */
export async function startPod(on: Host, name: string) {
  const text = await readFile(join(EXAMPLES, 'kubernetes', `${name}.yaml`), 'utf8');
  const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  const pod = manifests.find((each) => each.kind === 'Deployment')?.spec.template.spec;
  if (!pod) throw new Error(`${name}.yaml deploys nothing`);
  const sources = new Map<string, string>();
  for (const volume of pod.volumes ?? []) sources.set(volume.name, await sourceOf(volume, manifests));
  const run = async (container: Container, ...options: string[]) =>
    await docker('run', '--network', on.network, ...options, ...(await words(container, sources)));
  for (const container of pod.initContainers ?? []) await run(container, '--rm');
  const [container] = pod.containers;
  const id = await run(container, '--detach');
  onTestFinished(async () => {
    await docker('rm', '--force', id);
  });
  await ready(id);
  return { id, hostNetwork: pod.hostNetwork ?? false, probe: container.livenessProbe?.exec.command ?? [] };
}

/** What of the machine a volume holds. */
async function sourceOf({ hostPath, configMap }: Volume, manifests: readonly Manifest[]): Promise<string> {
  if (hostPath) return hostPath.path;
  const folder = await temporaryFolder();
  for (const each of manifests)
    if (each.kind === 'ConfigMap' && each.metadata.name === configMap?.name)
      for (const [name, text] of Object.entries(each.data)) await writeFile(join(folder, name), text);
  return folder;
}

/** A container in docker's words: its options, image and arguments. A host's file is mounted, as the kubelet does it: no --device. */
async function words(container: Container, sources: ReadonlyMap<string, string>): Promise<string[]> {
  const { command: [program, ...first] = [], args = [], env = [], securityContext = {}, volumeMounts = [] } = container;
  const { privileged, allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities = {} } = securityContext;
  return [
    ...env.flatMap(({ name, value }) => ['--env', `${name}=${value}`]),
    ...(privileged ? ['--privileged'] : []),
    ...(allowPrivilegeEscalation === false ? ['--security-opt', 'no-new-privileges'] : []),
    ...(readOnlyRootFilesystem ? ['--read-only'] : []),
    ...(capabilities.drop ?? []).flatMap((name) => ['--cap-drop', name]),
    ...(capabilities.add ?? []).flatMap((name) => ['--cap-add', name]),
    ...volumeMounts.flatMap(({ name, mountPath }) => ['--volume', `${sources.get(name) ?? ''}:${mountPath}`]),
    ...(program === undefined ? [] : ['--entrypoint', program]),
    ...(container.image.includes('/alpine:') ? await alpine() : [lab.image]),
    ...first,
    ...args,
  ];
}

/** An image with a shell and, because no network leads out of the rig, an apk that has this machine's nft to offer. */
async function alpine(): Promise<string[]> {
  const apk = join(await temporaryFolder(), 'apk');
  await writeFile(apk, '#!/bin/sh\n[ "$*" = "add --no-cache nftables" ]\n', { mode: 0o755 });
  const folders = ['/usr', '/lib', '/lib64'].filter((folder) => existsSync(folder));
  return [`${apk}:/sbin/apk`, ...folders.map((each) => `${each}:${each}:ro`)]
    .flatMap((volume) => ['--volume', volume])
    .concat(lab.holder);
}
