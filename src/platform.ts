/** A platform the Dockerfile knows, as `docker buildx` writes it. */
export type Platform = (typeof PLATFORMS)[number];

/** Every platform the Dockerfile knows, in the order of the published index. */
export const PLATFORMS = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'] as const;

/** A platform that a builder may run on, as BuildKit writes it. */
export const BUILD_PLATFORM = /^linux\/[a-z0-9]+(\/[a-z0-9]+)?$/;

/** The parts of a platform as an OCI descriptor has them. */
export type PlatformParts = { architecture: string; os: string; variant?: string };

/** `linux/arm/v7` → architecture `arm`, os `linux`, variant `v7`. */
export function platformParts(platform: Platform): PlatformParts {
  const [os = '', architecture = '', variant] = platform.split('/');
  return variant === undefined ? { architecture, os } : { architecture, os, variant };
}

/** The platform in a file name: `linux-arm-v7`. */
export function platformSlug(platform: Platform): string {
  return platform.replaceAll('/', '-');
}

/** The platform as BuildKit names a folder of it: `linux_arm_v7`. */
export function platformFolder(platform: Platform): string {
  return platform.replaceAll('/', '_');
}

/** Whether the value is a platform the Dockerfile knows. */
export function isPlatform(value: unknown): value is Platform {
  return (PLATFORMS as readonly unknown[]).includes(value);
}
