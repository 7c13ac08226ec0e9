import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { Key, Metadata, MetaFile, Root, Signature, Snapshot, TargetFile, Targets, Timestamp } from '@tufjs/models';

/** Files of a repository of The Update Framework, by path; one key signs for every role. */
export type TufFiles = {
  readonly files: Map<string, Buffer>;
  /** The root that a client begins with. */
  readonly root: Buffer;
};

export type TufOptions = {
  /** Days until the timestamp expires; negative for one that has. */
  readonly days?: number;
  /** Number of roots; a client begins with the first. */
  readonly roots?: number;
  /** Roles whose signature is somebody else's. */
  readonly forged?: readonly string[];
  /** Whether the snapshot leaves the targets out. */
  readonly unlisted?: boolean;
};

const VERSION = '1.0.0';

/** Makes a repository that holds these targets. */
export function createTuf(targets: Readonly<Record<string, Buffer>>, options: TufOptions = {}): TufFiles {
  const { days = 7, roots = 1, forged = [], unlisted = false } = options;
  const [own, other] = [newKey(), newKey()];
  const files = new Map<string, Buffer>();
  const expires = (in_: number) => new Date(Date.now() + in_ * 86_400_000).toISOString().replace(/\.\d+Z/, 'Z');
  const seal = (role: string, signed: Root | Timestamp | Snapshot | Targets): Buffer => {
    const metadata = new Metadata(signed);
    const { secret, id } = forged.includes(role) ? other : own;
    metadata.sign(
      (data) =>
        new Signature({ keyID: forged.includes(role) ? own.id : id, sig: sign(null, data, secret).toString('hex') }),
    );
    return Buffer.from(JSON.stringify(metadata.toJSON()));
  };
  for (let version = 1; version <= roots; version++) {
    const root = new Root({ version, specVersion: VERSION, expires: expires(365), consistentSnapshot: true });
    for (const role of ['root', 'timestamp', 'snapshot', 'targets']) root.addKey(own.key, role);
    files.set(`${version}.root.json`, seal(version === 1 ? 'first' : 'root', root));
  }
  const listed = Object.entries(targets).map(([path, bytes]) => {
    const hash = createHash('sha256').update(bytes).digest('hex');
    files.set(`targets/${hash}.${path}`, bytes);
    return new TargetFile({ path, length: bytes.length, hashes: { sha256: hash } });
  });
  const role = new Targets({ version: 1, specVersion: VERSION, expires: expires(30) });
  for (const target of listed) role.addTarget(target);
  files.set('1.targets.json', seal('targets', role));
  const meta: Record<string, MetaFile> = unlisted ? {} : { 'targets.json': new MetaFile({ version: 1 }) };
  files.set(
    '1.snapshot.json',
    seal('snapshot', new Snapshot({ version: 1, specVersion: VERSION, expires: expires(30), meta })),
  );
  const snapshotMeta = new MetaFile({ version: 1 });
  files.set(
    'timestamp.json',
    seal('timestamp', new Timestamp({ version: 1, specVersion: VERSION, expires: expires(days), snapshotMeta })),
  );
  return { files, root: files.get('1.root.json') ?? Buffer.alloc(0) };
}

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const id = createHash('sha256').update(raw).digest('hex');
  const key = new Key({ keyID: id, keyType: 'ed25519', scheme: 'ed25519', keyVal: { public: raw } });
  return { id, key, secret: privateKey };
}
