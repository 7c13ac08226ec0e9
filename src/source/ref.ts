import { Failure } from '../errors.js';
import { printable } from '../text.js';

/** What a user asks for, told apart by form alone; what exists is another question. */
export type WantedRef =
  | { kind: 'head' }
  | { kind: 'commit'; commit: string; lowered: boolean }
  /** A full name, `refs/heads/…` or `refs/tags/…`. */
  | { kind: 'full'; name: string }
  /** A branch or a tag by its short name. */
  | { kind: 'short'; name: string };

/** Parses `ref`, untrimmed: a name padded with any space is another name, and the wrong commit is worse than an error. */
export function parseRef(text: string): WantedRef {
  const refuse = (why: string): never => {
    throw new Failure('input', `input ref: '${printable(text)}' ${why}`);
  };
  if (text === '' || text === 'HEAD') return { kind: 'head' };
  if (/[\p{C}\p{Z}\p{DI}\s]/u.test(text))
    return refuse('holds a space or an invisible character. Write the ref without it');
  if (/^[0-9a-fA-F]{40}$/.test(text)) {
    const commit = text.toLowerCase();
    return { kind: 'commit', commit, lowered: commit !== text };
  }
  if (/^[0-9a-fA-F]{64}$/.test(text))
    return refuse('has the form of a SHA-256 object id: repositories with SHA-256 ids are not supported');
  if (/^[0-9a-fA-F]{7,39}$/.test(text))
    return refuse(
      `may be a short commit id, which is ambiguous. Give all 40 digits, or refs/heads/${text} if it is a branch`,
    );
  if (!isRefName(text)) return refuse('is not a name git allows for a branch or a tag');
  if (/^refs\/(heads|tags)\/./.test(text)) return { kind: 'full', name: text };
  if (text.startsWith('refs/'))
    return refuse('is neither a branch (refs/heads/…) nor a tag (refs/tags/…); pull requests are not upstream');
  return { kind: 'short', name: text };
}

/** The rules of git-check-ref-format(1), on one line. */
function isRefName(name: string): boolean {
  return (
    name.length <= 255 &&
    !/[~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$/.test(name) &&
    name !== '@' &&
    name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
  );
}
