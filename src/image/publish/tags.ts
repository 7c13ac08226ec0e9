import { Failure } from '../../errors.js';
import { printable } from '../../text.js';
import { isTag } from '../reference.js';

/** What a tag template may name. */
export type TagFacts = { version: string; commit: string; buildKey: string; epoch: number };

/**
 * Tags by how they behave: `fixed` never move to another digest, `moving` may. `key`, the build key's own, is fixed, too, and
 * set last: where it is, all others were set.
 */
export type TagNames = { fixed: readonly string[]; moving: readonly string[]; key: string };

const PLACEHOLDERS = ['version', 'commit', 'commit7', 'key7', 'date'] as const;

/** Refuses a template with an unknown placeholder, or that can never be a tag. */
export function checkTemplate(input: string, template: string): void {
  for (const match of template.matchAll(/\{([^}]*)\}/g))
    if (!(PLACEHOLDERS as readonly string[]).includes(match[1] ?? ''))
      throw new Failure(
        'input',
        `input ${input}: '${printable(template)}' has the unknown placeholder ${printable(match[0])}. Known: ${PLACEHOLDERS.map((name) => `{${name}}`).join(' ')}`,
      );
  expandTag(input, template, { version: '1.0.0', commit: '0'.repeat(40), buildKey: '0'.repeat(64), epoch: 0 });
}

/** `{version}-{commit7}` → `0.8.1-b42ed82`. A `+` in a version, which a tag cannot hold, becomes `_`. */
export function expandTag(input: string, template: string, facts: TagFacts): string {
  const values: Record<(typeof PLACEHOLDERS)[number], string> = {
    version: facts.version.replaceAll('+', '_'),
    commit: facts.commit,
    commit7: facts.commit.slice(0, 7),
    key7: facts.buildKey.slice(0, 7),
    date: new Date(facts.epoch * 1_000).toISOString().slice(0, 10).replaceAll('-', ''),
  };
  const tag = template.replace(
    /\{(\w+)\}/g,
    (whole, name: string) => (values as Record<string, string>)[name] ?? whole,
  );
  if (!isTag(tag))
    throw new Failure(
      'input',
      `input ${input}: '${printable(tag)}' cannot be a tag. A tag has at most 128 letters, digits, '_', '.', '-', and starts with none of the last two`,
    );
  return tag;
}

/** The tag under which a registry is asked whether it holds a build already: it names the image of one build key. */
export function keyTag(buildKey: string): string {
  return `key-${buildKey.slice(0, 12)}`;
}

/** All tags, expanded. A name that several of them come to is in the strictest kind. */
export function expandTags(
  { tags, movingTags }: { tags: readonly string[]; movingTags: readonly string[] },
  facts: TagFacts,
): TagNames {
  const key = keyTag(facts.buildKey);
  const fixed = [...new Set(tags.map((template) => expandTag('tags', template, facts)))].filter((tag) => tag !== key);
  const moving = [...new Set(movingTags.map((template) => expandTag('moving-tags', template, facts)))];
  return { fixed, moving: moving.filter((tag) => tag !== key && !fixed.includes(tag)), key };
}

/** Every tag, in the order in which they are set. */
export function inOrder({ fixed, moving, key }: TagNames): string[] {
  return [...fixed, ...moving, key];
}
