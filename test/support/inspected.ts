/** What `docker buildx inspect` of buildx 0.29 prints, in the parts that differ. */
export const DOCKER = `Name:          default
Driver:        docker
Last Activity: 2026-11-22 23:52:37 +0000 UTC

Nodes:
Name:             default
Endpoint:         default
Status:           running
BuildKit version: v0.0.0+unknown
Platforms:        linux/amd64, linux/amd64/v2, linux/amd64/v3, linux/arm64, linux/arm/v7, linux/arm/v6
Labels:
 org.mobyproject.buildkit.worker.containerd.namespace: moby
 org.mobyproject.buildkit.worker.hostname:             vm
GC Policy rule#0:
 All:            false
 Filters:        type==source.local,type==exec.cachemount,type==source.git.checkout
 Keep Duration:  48h0m0s
`;

export const TWO_NODES = `Name:          builders
Driver:        docker-container
Last Activity: 2026-09-10 01:42:04 +0000 UTC

Nodes:
Name:                  builders0
Endpoint:              unix:///var/run/docker.sock
Driver Options:        image="moby/buildkit:v0.26.2" network="host"
Status:                running
BuildKit daemon flags: --allow-insecure-entitlement=network.host
BuildKit version:      v0.26.2
Platforms:             linux/amd64*, linux/amd64/v2, linux/386
Devices:
 Name:      nvidia.com/gpu
 On-Demand: true

Name:                  builders1
Endpoint:              ssh://ubuntu@192.0.2.4
Status:                running
BuildKit daemon flags: --allow-insecure-entitlement=network.host
BuildKit version:      v0.24.0
Platforms:             linux/arm64*, linux/arm/v7, linux/arm/v6
`;

/** The cluster of docs/builders.md, put together from what buildx documents of its kubernetes driver and prints in its source. */
export const KUBERNETES = `Name:          cluster
Driver:        kubernetes
Last Activity: 2026-10-02 09:14:51 +0000 UTC

Nodes:
Name:                  cluster0
Endpoint:              kubernetes:///cluster?deployment=buildkit-5c1d9a52-6e0c-4f4f-9d3b-0d6c5f7f1b0e-3f6a2&kubeconfig=/home/runner/.kube/config
Driver Options:        namespace="buildkit" nodeselector="kubernetes.io/arch=amd64" replicas="1" requests.cpu="2" requests.memory="4Gi"
Status:                running
BuildKit daemon flags: --allow-insecure-entitlement=network.host
BuildKit version:      v0.26.2
Platforms:             linux/amd64*, linux/amd64/v2, linux/amd64/v3, linux/386
Labels:
 org.mobyproject.buildkit.worker.executor: oci
 org.mobyproject.buildkit.worker.hostname: buildkit-5c1d9a52-6e0c-4f4f-9d3b-0d6c5f7f1b0e-3f6a2-7c9f4d5b8-x2v6k

Name:                  cluster1
Endpoint:              kubernetes:///cluster?deployment=buildkit-b7e0f3c8-1b75-4a0e-8f0a-95c4f1a4f6d2-91c04&kubeconfig=/home/runner/.kube/config
Driver Options:        namespace="buildkit" nodeselector="kubernetes.io/arch=arm64" replicas="1" requests.cpu="2" requests.memory="4Gi"
Status:                running
BuildKit daemon flags: --allow-insecure-entitlement=network.host
BuildKit version:      v0.25.1
Platforms:             linux/arm64*
`;

export const INACTIVE = `Name:          mine
Driver:        docker-container
Last Activity: 2026-11-22 23:55:22 +0000 UTC

Nodes:
Name:                  mine0
Endpoint:              unix:///tmp/docker.sock
Status:                inactive
BuildKit daemon flags: --allow-insecure-entitlement=network.host
`;

export const UNREACHABLE = `Name:          mine
Driver:        remote
Last Activity: 2026-11-22 23:55:25 +0000 UTC

Nodes:
Name:     mine0
Endpoint: tcp://127.0.0.1:1
Error:    context deadline exceeded
`;

export const container = (version: string) => TWO_NODES.replace('v0.26.2\nP', `${version}\nP`);
