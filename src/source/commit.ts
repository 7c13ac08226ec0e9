import { Failure } from '../errors.js';
import { objectId } from './objectId.js';

/** Tree and time of a commit, from the object's bytes, whose hash is computed here once more. Pure. */
export function provenCommit(object: Buffer, commit: string): { tree: string; epoch: number } {
  const id = objectId('commit', object);
  if (id !== commit) throw new Failure('verification', `the object that came for commit ${commit} has the id ${id}`);
  return parseCommit(object, commit);
}

/** The tree and the committer's time in a commit object's bytes. Pure. */
export function parseCommit(bytes: Buffer, commit: string): { tree: string; epoch: number } {
  const lines = (bytes.toString('latin1').split('\n\n', 1)[0] ?? '').split('\n');
  const tree = /^tree ([0-9a-f]{40})$/.exec(lines[0] ?? '')?.[1];
  // Line by line: a name may hold a carriage return, after which a pattern would find another line.
  const committer = lines.find((line) => line.startsWith('committer ')) ?? '';
  const time = /> ([0-9]{1,11}) [+-][0-9]{4}$/.exec(committer)?.[1];
  if (tree === undefined || time === undefined)
    throw new Failure('verification', `commit ${commit} has no tree or no committer's time in the usual form`);
  return { tree, epoch: Number(time) };
}
