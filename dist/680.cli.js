export const id = 680;
export const ids = [680];
export const modules = {

/***/ 7233:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   d: () => (/* binding */ canonicalJson)
/* harmony export */ });
const MAX_DEPTH = 64;
/**
 * A value as canonical JSON: keys sorted by UTF-16 code unit, no white space, so one value has one text and one hash.
 * Integers only, which makes it the part of RFC 8785 (JCS) that every language writes the same way. Throws a TypeError
 * that names the place for whatever has no such text: fractions, undefined, lone surrogates, objects that are not
 * plain.
 */
function canonicalJson(value) {
    return write(value, '$', 0);
}
function write(value, place, depth) {
    if (depth > MAX_DEPTH)
        throw new TypeError(`${place}: nested more than ${MAX_DEPTH} deep`);
    if (value === null || typeof value === 'boolean')
        return String(value);
    if (typeof value === 'number')
        return writeInteger(value, place);
    if (typeof value === 'string')
        return writeString(value, place);
    if (Array.isArray(value)) {
        // Array.from, because map skips the holes of a sparse array.
        const items = Array.from(value, (item, index) => write(item, `${place}[${index}]`, depth + 1));
        return `[${items.join(',')}]`;
    }
    if (!isPlainObject(value))
        throw new TypeError(`${place}: ${describe(value)} has no canonical JSON`);
    const members = Object.keys(value)
        .sort()
        .map((key) => `${writeString(key, place)}:${write(value[key], `${place}.${key}`, depth + 1)}`);
    return `{${members.join(',')}}`;
}
function writeInteger(value, place) {
    if (!Number.isSafeInteger(value))
        throw new TypeError(`${place}: ${value} is not an integer below 2^53`);
    return JSON.stringify(value);
}
function writeString(value, place) {
    if (/\p{Cs}/u.test(value))
        throw new TypeError(`${place}: a string with half a surrogate pair has no UTF-8`);
    return JSON.stringify(value);
}
function isPlainObject(value) {
    if (typeof value !== 'object' || value === null)
        return false;
    const prototype = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
}
function describe(value) {
    return typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
}


/***/ }),

/***/ 38680:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runCommand: () => (/* binding */ runCommand)
});

// EXTERNAL MODULE: ./.bundle/src/errors.js
var errors = __webpack_require__(84808);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./.bundle/src/files.js
var src_files = __webpack_require__(45144);
// EXTERNAL MODULE: ./.bundle/src/text.js
var src_text = __webpack_require__(5488);
;// CONCATENATED MODULE: ./.bundle/src/emptyFolder.js





/**
 * Refuses, before anything is done, a folder that already holds something (nothing of the user's is overwritten) or that
 * cannot be made or written to. `what` names whoever asked for it: an input, a flag.
 */
async function requireEmptyFolder(what, folder) {
    const target = (0,external_node_path_.resolve)(folder);
    const shown = (0,src_text/* printable */.g$)(folder, 1_000);
    const refuse = (error) => {
        const why = (0,errors/* errorCode */.CA)(error) ?? String(error);
        throw new errors/* Failure */.HR('input', `${what}: ${shown} cannot be a folder to write to (${why})`, { cause: error });
    };
    const names = await (0,src_files/* namesIn */.wX)(target).catch(refuse);
    if (names.length > 0)
        throw notEmpty('input', what, shown, names);
    await tryToWrite(target).catch(refuse);
}
/** Makes a folder in this one, or in the nearest above it that is there, and removes it: nothing else tells. */
async function tryToWrite(folder) {
    try {
        await (0,promises_.rmdir)(await (0,promises_.mkdtemp)((0,external_node_path_.join)(folder, '.phantun-runtime-')));
    }
    catch (error) {
        if ((0,errors/* errorCode */.CA)(error) !== 'ENOENT' || (0,external_node_path_.dirname)(folder) === folder)
            throw error;
        await tryToWrite((0,external_node_path_.dirname)(folder));
    }
}
/** The failure of a folder that holds `names`; `what` asked for it, `shown` is its path, safe to print. Pure. */
function notEmpty(kind, what, shown, names) {
    const held = `${(0,src_text/* printable */.g$)(names[0] ?? '')}${(0,src_text/* andMore */.v)(names)}`;
    return new errors/* Failure */.HR(kind, `${what}: ${shown} is not empty, it holds ${held}. Name a new folder, or empty this one`);
}

// EXTERNAL MODULE: ./.bundle/src/image/build/recipe.js
var build_recipe = __webpack_require__(69994);
// EXTERNAL MODULE: ./.bundle/src/platform.js
var src_platform = __webpack_require__(11772);
// EXTERNAL MODULE: ./.bundle/src/proof/lock.js
var proof_lock = __webpack_require__(751);
// EXTERNAL MODULE: ./.bundle/src/image/labels.js
var image_labels = __webpack_require__(56858);
// EXTERNAL MODULE: ./.bundle/src/canonical.js
var canonical = __webpack_require__(7233);
// EXTERNAL MODULE: ./.bundle/src/image/layout/compose.js
var compose = __webpack_require__(29900);
// EXTERNAL MODULE: ./.bundle/src/image/layout/tarWriter.js
var tarWriter = __webpack_require__(77364);
;// CONCATENATED MODULE: ./.bundle/src/image/layout/dockerArchive.js



/**
 * One platform of the image as a docker-archive tar, for `docker load`, skopeo and RouterOS: `manifest.json`, the
 * config and the uncompressed layer, named as skopeo names them, at the top of the tar. `tags` (`name:tag`) may be
 * empty. The same image and tags give the same bytes. Throws an Error if the image lacks the platform.
 */
function dockerArchive(image, platform, tags) {
    const part = image.images.find((candidate) => candidate.platform === platform);
    if (part === undefined)
        throw new Error(`the image has no ${platform}`);
    const config = `${hex(part.config.digest)}.json`;
    const layer = `${hex(part.diffId)}.tar`;
    const manifest = (0,canonical/* canonicalJson */.d)([{ Config: config, Layers: [layer], RepoTags: tags }]);
    const files = [
        ['manifest.json', Buffer.from(manifest)],
        [config, (0,compose/* blobOf */.DE)(image, part.config)],
        [layer, (0,compose/* layerTar */.vF)(image, part)],
    ];
    return (0,tarWriter/* writeTar */.FJ)(files.map(([path, data]) => ({ path, mtimeSeconds: 0, data })));
}
function hex(digest) {
    return digest.slice('sha256:'.length);
}

// EXTERNAL MODULE: ./.bundle/src/hash.js
var hash = __webpack_require__(23451);
// EXTERNAL MODULE: ./.bundle/src/json.js
var json = __webpack_require__(78769);
// EXTERNAL MODULE: ./.bundle/src/image/layout/blobs.js
var layout_blobs = __webpack_require__(77060);
// EXTERNAL MODULE: ./.bundle/src/image/layout/config.js
var layout_config = __webpack_require__(18488);
// EXTERNAL MODULE: ./.bundle/src/image/layout/gzip.js
var gzip = __webpack_require__(51610);
// EXTERNAL MODULE: ./.bundle/src/image/layout/limits.js
var limits = __webpack_require__(18346);
// EXTERNAL MODULE: ./.bundle/src/image/layout/oci.js
var oci = __webpack_require__(71073);
;// CONCATENATED MODULE: ./.bundle/src/image/layout/layout.js















/**
 * Writes the image as an OCI layout into an empty or absent folder. `index.json` points to the index, which is a blob
 * like any other: its digest, not that of `index.json`, is the image's. Throws class local if the folder holds
 * anything.
 */
async function writeLayout(image, folder) {
    await (0,promises_.mkdir)(folder, { recursive: true });
    if ((await (0,promises_.readdir)(folder)).length > 0)
        throw new errors/* Failure */.HR('local', `${folder} is not empty. Name a folder that does not exist yet`);
    await (0,promises_.mkdir)((0,external_node_path_.join)(folder, 'blobs', 'sha256'), { recursive: true });
    for (const [digest, bytes] of image.blobs)
        await (0,src_files/* writeOut */.sD)((0,layout_blobs/* blobPath */.n)(folder, digest), bytes);
    await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(folder, 'oci-layout'), oci/* LAYOUT_MARKER */.Ys);
    await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(folder, 'index.json'), entryPoint(image.index));
}
/**
 * Reads a layout that `writeLayout` wrote, trusting nothing: every digest, size and diff_id is recomputed, every
 * document and every gzip must be the bytes that the writer would give it, and no file may be there that the image does
 * not need. Throws class verification and names the part that differs.
 */
async function readLayout(folder) {
    const marker = await (0,src_files/* readCapped */.EF)((0,external_node_path_.join)(folder, 'oci-layout'), limits/* MAX_JSON_BYTES */.E, 'oci-layout');
    requireBytes(marker, oci/* LAYOUT_MARKER */.Ys, 'oci-layout');
    const blobs = new Map();
    const read = async (blob, maxBytes, what) => {
        const bytes = await (0,layout_blobs/* readBlob */.g)(folder, blob, maxBytes, what);
        blobs.set(blob.digest, bytes);
        return bytes;
    };
    const entry = await (0,src_files/* readCapped */.EF)((0,external_node_path_.join)(folder, 'index.json'), limits/* MAX_JSON_BYTES */.E, 'index.json');
    const [top] = (0,json/* asList */.DD)((0,json/* asObject */.eB)((0,json/* parseJson */.qF)(entry, 'index.json'), 'index.json').manifests, 'index.json');
    const descriptor = (0,oci/* asDescriptor */.G8)(top, oci/* MEDIA_TYPES */.Z2.index, 'the image index in index.json');
    requireBytes(entry, entryPoint(descriptor), 'index.json');
    const bytes = await read(descriptor, limits/* MAX_JSON_BYTES */.E, 'image index');
    const images = [];
    for (const { platform, manifest } of parseIndex(bytes))
        images.push(await readPlatform(platform, manifest, read));
    await requireFiles(folder, blobs);
    return { index: { digest: descriptor.digest, size: descriptor.size, bytes }, blobs, images };
}
async function readPlatform(platform, manifest, read) {
    const what = `manifest of ${platform}`;
    const manifestFound = await read(manifest, limits/* MAX_JSON_BYTES */.E, what);
    const members = (0,json/* asObject */.eB)((0,json/* parseJson */.qF)(manifestFound, what), what);
    const [packedLayer] = (0,json/* asList */.DD)(members.layers, `layers in the ${what}`);
    const layer = (0,oci/* asDescriptor */.G8)(packedLayer, oci/* MEDIA_TYPES */.Z2.packedLayer, `layer of ${platform}`);
    const config = (0,oci/* asDescriptor */.G8)(members.config, oci/* MEDIA_TYPES */.Z2.config, `config of ${platform}`);
    requireBytes(manifestFound, (0,compose/* manifestBytes */.T8)(config, layer), what);
    const packed = await read(layer, limits/* MAX_LAYER_BYTES */.t, `layer of ${platform}`);
    const tar = (0,gzip/* unpack */.l1)(packed, limits/* MAX_LAYER_BYTES */.t, `layer of ${platform}`);
    requireBytes(packed, (0,gzip/* pack */.qq)(tar), `layer of ${platform}`);
    const diffId = (0,hash/* digestOf */.ol)(tar);
    const configFound = await read(config, limits/* MAX_JSON_BYTES */.E, `config of ${platform}`);
    const { platform: claimed, epochSeconds, runtime, diffIds } = (0,layout_config/* parseConfig */.o)(configFound, `config of ${platform}`);
    if (claimed !== platform)
        throw (0,json/* wrong */.Qm)(`platform in the config of ${platform}`, platform, claimed);
    if (diffIds.join() !== diffId)
        throw (0,json/* wrong */.Qm)(`diff_ids in the config of ${platform}`, diffId, diffIds.join());
    if (epochSeconds === undefined)
        throw (0,json/* wrong */.Qm)(`created in the config of ${platform}`, 'whole seconds in UTC', 'something else');
    requireBytes(configFound, (0,layout_config/* configBytes */.u)(platform, runtime, epochSeconds, diffId), `config of ${platform}`);
    return { platform, manifest, config, layer, diffId, unpackedSize: tar.length };
}
function parseIndex(bytes) {
    const index = (0,json/* asObject */.eB)((0,json/* parseJson */.qF)(bytes, 'image index'), 'image index');
    const images = (0,json/* asList */.DD)(index.manifests, 'manifests in the image index').map((child) => {
        const parts = (0,json/* asTexts */.DW)((0,json/* asObject */.eB)(child, 'manifest in the image index').platform, 'platform in the image index');
        const platform = [parts.os, parts.architecture, parts.variant].filter((part) => part !== undefined).join('/');
        if (!(0,src_platform/* isPlatform */.aH)(platform))
            throw (0,json/* wrong */.Qm)('platform in the image index', `one of ${src_platform/* PLATFORMS */.P4.join(', ')}`, platform);
        return { platform, manifest: (0,oci/* asDescriptor */.G8)(child, oci/* MEDIA_TYPES */.Z2.manifest, `manifest of ${platform}`) };
    });
    const found = images.map(({ platform }) => platform);
    const inOrder = src_platform/* PLATFORMS */.P4.filter((platform) => found.includes(platform));
    if (found.length === 0 || found.join() !== inOrder.join())
        throw (0,json/* wrong */.Qm)('platforms in the image index', inOrder.join(', ') || 'at least one', found.join(', '));
    requireBytes(bytes, (0,compose/* indexBytes */.EI)(images, (0,json/* asTexts */.DW)(index.annotations ?? {}, 'annotations')), 'image index');
    return images;
}
/** The bytes of `index.json`: one descriptor without a name, which every tool takes as the image of the layout. */
function entryPoint({ digest, size }) {
    return Buffer.from((0,canonical/* canonicalJson */.d)({
        schemaVersion: 2,
        mediaType: oci/* MEDIA_TYPES */.Z2.index,
        manifests: [{ mediaType: oci/* MEDIA_TYPES */.Z2.index, digest, size }],
    }));
}
function requireBytes(found, expected, what) {
    if (found.equals(expected))
        return;
    const at = found.findIndex((byte, index) => byte !== expected[index]);
    throw new errors/* Failure */.HR('verification', `${what} is not what the layout writer writes; it differs from byte ${at === -1 ? found.length : at}`);
}
/** Level by level and no further than the first stranger: readdir's `recursive` follows links, out of the layout and in circles. */
async function requireFiles(folder, blobs) {
    const hashes = [...blobs.keys()].map((digest) => (0,external_node_path_.basename)((0,layout_blobs/* blobPath */.n)('', digest)));
    const levels = [
        { path: '', folders: ['blobs'], files: ['oci-layout', 'index.json'] },
        { path: 'blobs', folders: ['sha256'], files: [] },
        { path: (0,external_node_path_.join)('blobs', 'sha256'), folders: [], files: hashes },
    ];
    for (const { path, folders, files } of levels)
        for await (const entry of await (0,promises_.opendir)((0,external_node_path_.join)(folder, path)))
            if (!(entry.isDirectory() ? folders : files).includes(entry.name))
                throw new errors/* Failure */.HR('verification', `the layout holds what belongs to no part of the image: ${(0,src_text/* printable */.g$)((0,external_node_path_.join)(path, entry.name))}`);
}
/** The one entry of a layout folder's index.json, as skopeo wrote it. */
async function topOfLayout(folder) {
    const bytes = await (0,src_files/* readCapped */.EF)((0,external_node_path_.join)(folder, 'index.json'), limits/* MAX_JSON_BYTES */.E, 'index.json');
    const [top] = (0,json/* asList */.DD)((0,json/* asObject */.eB)((0,json/* parseJson */.qF)(bytes, 'index.json'), 'index.json').manifests, 'index.json');
    return (0,oci/* asDescriptor */.G8)(top, oci/* MEDIA_TYPES */.Z2.index, 'the image index');
}

;// CONCATENATED MODULE: ./.bundle/src/image/check/elf.js
/** `e_machine` of the processors that images are built for. */
const ELF_MACHINES = { 'linux/amd64': 62, 'linux/arm64': 183, 'linux/arm/v7': 40 };
/** `e_type`: linked to a fixed address, or position-independent. */
const ELF_TYPES = { fixed: 2, positionIndependent: 3 };
const MAGIC = '7f454c46';
const LITTLE_ENDIAN = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NULL = 0n;
const DT_NEEDED = 1n;
/**
 * Reads the header and the program headers of a little-endian ELF file; undefined if it is none, points outside itself, or
 * has what no linker writes: headers of another size than the class has, a second loader, a second dynamic section. So the
 * work is no more than the file is long, whatever it claims.
 */
function readElf(file) {
    try {
        return parse(file);
    }
    catch (error) {
        // Buffer's reads throw a RangeError beyond the end: a file cut short is not an ELF file.
        if (error instanceof RangeError)
            return undefined;
        throw error;
    }
}
function parse(file) {
    const bits = file[4] === 2 ? 64 : 32;
    if (file.toString('hex', 0, 4) !== MAGIC || (file[4] !== 1 && file[4] !== 2) || file[5] !== LITTLE_ENDIAN)
        return undefined;
    const elf = {
        bits,
        type: file.readUInt16LE(16),
        machine: file.readUInt16LE(18),
        hasInterpreter: false,
        neededCount: 0,
    };
    const wide = bits === 64;
    const tableStart = readWord(file, wide ? 32 : 28, wide);
    const entrySize = file.readUInt16LE(wide ? 54 : 42);
    const entryCount = file.readUInt16LE(wide ? 56 : 44);
    if (entryCount > 0 && entrySize !== (wide ? 56 : 32))
        return undefined;
    let hasDynamic = false;
    for (let index = 0; index < entryCount; index++) {
        const header = tableStart + index * entrySize;
        const segment = file.readUInt32LE(header);
        if (segment === PT_INTERP) {
            if (elf.hasInterpreter)
                return undefined;
            elf.hasInterpreter = true;
        }
        if (segment !== PT_DYNAMIC)
            continue;
        if (hasDynamic)
            return undefined;
        hasDynamic = true;
        const start = readWord(file, header + (wide ? 8 : 4), wide);
        const size = readWord(file, header + (wide ? 32 : 16), wide);
        elf.neededCount = countNeeded(file, start, size, wide);
    }
    return elf;
}
function countNeeded(file, start, size, wide) {
    const step = wide ? 16 : 8;
    let count = 0;
    for (let at = start; at + step <= start + size; at += step) {
        const tag = wide ? file.readBigUInt64LE(at) : BigInt(file.readUInt32LE(at));
        if (tag === DT_NULL)
            break;
        if (tag === DT_NEEDED)
            count++;
    }
    return count;
}
/** An address-sized number. Beyond 2^53 it is inexact, and far beyond the file anyway. */
function readWord(file, at, wide) {
    return wide ? Number(file.readBigUInt64LE(at)) : file.readUInt32LE(at);
}

;// CONCATENATED MODULE: ./.bundle/src/image/check/files.js


const LICENSES = 'usr/share/licenses/phantun-runtime';
/** Every file of a finished image; the directories are the parents of these, and there is nothing else. */
const EXPECTED_FILES = [
    { path: 'bin/sh', role: 'shell' },
    { path: 'usr/local/bin/phantun-client', role: 'phantun' },
    { path: 'usr/local/bin/phantun-server', role: 'phantun' },
    { path: `${LICENSES}/LICENSE-MIT`, role: 'text' },
    { path: `${LICENSES}/LICENSE-APACHE`, role: 'text' },
    { path: `${LICENSES}/BUSYBOX-GPL-2.0`, role: 'text' },
    { path: `${LICENSES}/BUSYBOX-SOURCE`, role: 'text' },
    { path: `${LICENSES}/GLIBC-LGPL-2.1`, role: 'text' },
    { path: `${LICENSES}/GLIBC-NOTICE`, role: 'text' },
    { path: `${LICENSES}/THIRD-PARTY`, role: 'text' },
];
const PROGRAM_MODE = 0o755;
const TEXT_MODE = 0o644;
/** The directories that these files need, each before what is in it. */
function parentsOf(paths) {
    const parents = paths.flatMap((path) => {
        const components = path.split('/').slice(0, -1);
        return components.map((_, index) => components.slice(0, index + 1).join('/'));
    });
    return [...new Set(parents)].sort();
}
/**
 * In what the entries of a layer differ from the files, owners, modes, times and programs an image must have; empty if
 * in nothing.
 */
function fileDifferences(entries, platform, epochSeconds) {
    const directories = parentsOf(EXPECTED_FILES.map(({ path }) => path));
    const known = new Set([...directories, ...EXPECTED_FILES.map(({ path }) => path)]);
    const byPath = new Map(entries.map((entry) => [entry.path, entry]));
    return [
        ...[...known].filter((path) => !byPath.has(path)).map((path) => `/${path} is missing`),
        ...entries
            .filter(({ path }) => !known.has(path))
            .map(({ path, kind }) => `/${(0,src_text/* printable */.g$)(path)} is a ${kind} nobody expects`),
        ...directories.flatMap((path) => entryDifferences(byPath.get(path), 'directory', PROGRAM_MODE, epochSeconds)),
        ...EXPECTED_FILES.flatMap(({ path, role }) => [
            ...entryDifferences(byPath.get(path), 'file', role === 'text' ? TEXT_MODE : PROGRAM_MODE, epochSeconds),
            ...contentDifferences(byPath.get(path), role, platform),
        ]),
    ];
}
function entryDifferences(entry, kind, mode, epochSeconds) {
    if (entry === undefined)
        return [];
    const owner = `${entry.uid}:${entry.gid}`;
    return [
        ...difference(`/${entry.path}`, 'kind', entry.kind, kind),
        ...difference(`/${entry.path}`, 'mode', `0${entry.mode.toString(8)}`, `0${mode.toString(8)}`),
        ...difference(`/${entry.path}`, 'owner', owner, '0:0'),
        ...difference(`/${entry.path}`, 'time', (0,src_text/* isoTime */.Ly)(entry.mtimeSeconds), (0,src_text/* isoTime */.Ly)(epochSeconds)),
        // An extended attribute can carry capabilities; a time as a PAX record has a fraction.
        ...difference(`/${entry.path}`, 'PAX records', entry.paxKeys.map((key) => (0,src_text/* printable */.g$)(key)).join(' '), ''),
    ];
}
function contentDifferences(entry, role, platform) {
    if (entry?.kind !== 'file')
        return [];
    const name = `/${entry.path}`;
    if (entry.data.length === 0)
        return [`${name} is empty`];
    if (role === 'text')
        return [];
    const elf = readElf(entry.data);
    if (elf === undefined)
        return [`${name} is not an ELF file`];
    const isStatic = !elf.hasInterpreter && elf.neededCount === 0;
    return [
        ...difference(name, 'word size', elf.bits, platform === 'linux/arm/v7' ? 32 : 64),
        ...difference(name, 'machine', elf.machine, ELF_MACHINES[platform]),
        ...(role === 'shell'
            ? shellTypeDifferences(name, elf.type)
            : difference(name, 'ELF type', elf.type, typeFor(platform))),
        ...(isStatic
            ? []
            : [`${name} is not static: ${elf.hasInterpreter ? 'a' : 'no'} loader, ${elf.neededCount} shared libraries`]),
    ];
}
// glibc has no static-pie for 32-bit ARM.
function typeFor(platform) {
    return platform === 'linux/arm/v7' ? ELF_TYPES.fixed : ELF_TYPES.positionIndependent;
}
// The shell comes ready-made, and builds of busybox differ.
function shellTypeDifferences(name, type) {
    const types = Object.values(ELF_TYPES);
    return types.includes(type) ? [] : [`${name}: ELF type is ${type}, expected one of ${types.join(', ')}`];
}
/** One sentence if found and expected differ, else nothing. */
function difference(subject, thing, found, expected) {
    return found === expected ? [] : [`${subject}: ${thing} is ${found || 'none'}, expected ${expected || 'none'}`];
}

// EXTERNAL MODULE: ./.bundle/src/image/layout/tar.js
var layout_tar = __webpack_require__(96727);
;// CONCATENATED MODULE: ./.bundle/src/image/check/check.js








/** The most a platform's layer may have unpacked. */
const MAX_UNPACKED_BYTES = 9_000_000;
/** The most that is shown of an entrypoint; ours has some hundred characters. */
const MAX_SHOWN_ENTRYPOINT = 1_000;
/**
 * Reads a finished image and requires what its promise says: platforms, times, files, owners, modes, static programs
 * for the right processor, labels, entrypoint, size. Returns what it saw. Throws class verification with the first
 * difference in the message and all of them in `details`, each with platform, thing, found and expected.
 */
function checkImage(image, expected) {
    const wanted = src_platform/* PLATFORMS */.P4.filter((platform) => expected.platforms.includes(platform));
    const found = image.images.map(({ platform }) => platform);
    const index = (0,json/* asObject */.eB)((0,json/* parseJson */.qF)(image.index.bytes, 'image index'), 'image index');
    const differences = [
        ...difference('index', 'list of platforms', found.join(', '), wanted.join(', ')),
        ...mapDifferences('index', 'annotation', (0,json/* asTexts */.DW)(index.annotations ?? {}, 'annotations'), expected.annotations),
        ...image.images.flatMap((part) => platformDifferences(image, part, expected).map((sentence) => `${part.platform}: ${sentence}`)),
    ];
    const [first] = differences;
    if (first !== undefined) {
        throw new errors/* Failure */.HR('verification', `the image is not what it must be: ${first}${(0,src_text/* andMore */.v)(differences)}`, {
            details: differences,
        });
    }
    return [
        { subject: 'index', fact: `platforms (${found.length}): ${found.join(', ')}` },
        ...image.images.flatMap((part) => factsOf(part, expected)),
    ];
}
function platformDifferences(image, part, expected) {
    const config = (0,layout_config/* parseConfig */.o)((0,compose/* blobOf */.DE)(image, part.config), `config of ${part.platform}`);
    const tar = (0,compose/* layerTar */.vF)(image, part);
    const created = config.epochSeconds === undefined ? 'no whole second' : (0,src_text/* isoTime */.Ly)(config.epochSeconds);
    return [
        ...difference('config', 'platform', config.platform, part.platform),
        ...difference('config', 'created', created, (0,src_text/* isoTime */.Ly)(expected.epochSeconds)),
        ...runtimeDifferences(config.runtime, expected),
        ...(tar.length > MAX_UNPACKED_BYTES
            ? [`layer: unpacked size is ${tar.length} bytes, expected at most ${MAX_UNPACKED_BYTES}`]
            : []),
        ...fileDifferences((0,layout_tar/* readTar */.s)(tar, `layer of ${part.platform}`), part.platform, expected.epochSeconds),
    ];
}
function runtimeDifferences(runtime, expected) {
    const { Entrypoint, Env = [], Labels = {}, WorkingDir = '/', ...rest } = runtime;
    return [
        ...entrypointDifferences(JSON.stringify(Entrypoint ?? []), JSON.stringify(expected.entrypoint)),
        ...difference('config', 'WorkingDir', (0,src_text/* printable */.g$)(WorkingDir), '/'),
        ...Env.filter((line) => !line.startsWith('PATH=')).map((line) => `config: Env holds ${(0,src_text/* printable */.g$)(line)}, expected PATH only`),
        ...Object.entries(rest).map(([key, value]) => `config: ${key} is ${(0,src_text/* printable */.g$)(JSON.stringify(value))}, expected none`),
        ...mapDifferences('config', 'label', Labels, expected.labels),
    ];
}
/** Compared whole, and shown as far as it goes: two that begin alike differ all the same. */
function entrypointDifferences(found, expected) {
    const [shown, wanted] = [found, expected].map((text) => (0,src_text/* printable */.g$)(text, MAX_SHOWN_ENTRYPOINT));
    return found === expected ? [] : [`config: Entrypoint is ${shown ?? ''}, expected ${wanted ?? ''}`];
}
function mapDifferences(subject, thing, found, expected) {
    // Not what every object inherits: a label may be called `constructor`.
    const [has, wants] = [new Map(Object.entries(found)), new Map(Object.entries(expected))];
    const keys = [...new Set([...wants.keys(), ...has.keys()])].sort();
    const show = (text) => (text === undefined ? 'absent' : JSON.stringify((0,src_text/* printable */.g$)(text)));
    return keys
        .filter((key) => has.get(key) !== wants.get(key))
        .map((key) => `${subject}: ${thing} ${(0,src_text/* printable */.g$)(key)} is ${show(has.get(key))}, expected ${show(wants.get(key))}`);
}
function factsOf(part, expected) {
    const programs = EXPECTED_FILES.filter(({ role }) => role !== 'text').length;
    const time = (0,src_text/* isoTime */.Ly)(expected.epochSeconds);
    return [
        `${EXPECTED_FILES.length} files and nothing else, all of root, none writable by others, every time ${time}`,
        `${programs} static programs for ${part.platform}, no loader and no shared library`,
        `labels (${Object.keys(expected.labels).length}) and entrypoint as computed`,
        `${(0,src_text/* humanSize */.Xe)(part.unpackedSize)} unpacked, ${(0,src_text/* humanSize */.Xe)(part.layer.size)} to download`,
    ].map((fact) => ({ subject: part.platform, fact }));
}

// EXTERNAL MODULE: ./.bundle/src/ownFolder.js
var ownFolder = __webpack_require__(83863);
// EXTERNAL MODULE: ./.bundle/src/process.js + 2 modules
var process = __webpack_require__(72268);
;// CONCATENATED MODULE: ./.bundle/src/together.js

/**
 * Starts several works and resolves with what all of them resolve with, in their order. When one fails the signal that they
 * were given is aborted, and their waiting with it. Rejects when all have ended, so that nothing goes on behind a run that is over: with the first
 * failure, in their order, that is no cancellation.
 */
async function together(deps, start) {
    const stop = new AbortController();
    const works = start({ ...deps, signal: AbortSignal.any([deps.signal, stop.signal]) });
    for (const work of works)
        work.catch(() => stop.abort());
    const results = await Promise.allSettled(works);
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [(0,errors/* toFailure */.w2)(result.reason)] : []));
    const first = failures.find(({ kind }) => kind !== 'cancelled') ?? failures[0];
    if (first !== undefined)
        throw first;
    return Promise.all(works);
}

;// CONCATENATED MODULE: ./.bundle/src/image/engine.js





const LOAD_DEADLINE_SECONDS = 300;
const OLDEST_BUILDX = '0.13';
/** Refuses a machine without docker's client or without a recent buildx. */
async function requireBuildx(deps) {
    const line = await (0,process/* probe */.dy)('docker', ['buildx', 'version'], deps);
    if (line === undefined)
        throw new errors/* Failure */.HR('local', (await (0,process/* probe */.dy)('docker', ['--version'], deps)) === undefined
            ? "docker is not installed on this machine, or not on PATH. Install Docker with its buildx plug-in, or run on a machine that has it, such as GitHub's ubuntu runners"
            : "docker has no buildx plug-in on this machine. Install 'docker-buildx-plugin'");
    const version = /\bv?(\d+\.\d+(\.\d+)?)/.exec(line.replace(/^\S+ /, ''))?.[1] ?? '';
    if (isOlder(version, OLDEST_BUILDX))
        throw new errors/* Failure */.HR('local', `docker buildx ${version} is too old; ${OLDEST_BUILDX} or newer is needed. Update it`);
}
/** Whether dotted version `a` comes before `b`; what is no version is older than all. Pure. */
function isOlder(a, b) {
    const [left, right] = [a, b].map((version) => version.split('.').map(Number));
    for (let index = 0; index < (right?.length ?? 0); index++) {
        const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
        if (Number.isNaN(difference))
            return true;
        if (difference !== 0)
            return difference < 0;
    }
    return false;
}
/** What the engine says of itself. Failure `local` with what to try when it does not answer. */
async function askEngine(deps) {
    const [version, status] = await together(deps, (deps) => [
        docker(['version', '--format', '{{json .Server}}'], deps),
        docker(['info', '--format', '{{json .DriverStatus}}'], deps),
    ]);
    if (version === 'null')
        throw engineFailure('');
    return parseEngine(version, status);
}
async function docker(args, deps) {
    const { code, stdout, stderr } = await (0,process/* execute */.g7)('docker', args, { env: (0,process/* childEnvironment */.Qc)('docker'), what: 'asking the docker engine', deadlineSeconds: process/* PROBE_DEADLINE_SECONDS */.a_ }, deps);
    const answer = stdout.toString('utf8').trim();
    if (code === 0 && answer !== '')
        return answer;
    throw engineFailure(stderr);
}
/** Loads a docker-archive into the engine. */
async function loadArchive(file, deps) {
    const { code, stderr } = await (0,process/* execute */.g7)('docker', ['load', '--quiet', '--input', file], { env: (0,process/* childEnvironment */.Qc)('docker'), what: 'docker load', deadlineSeconds: LOAD_DEADLINE_SECONDS }, deps);
    if (code !== 0)
        throw new errors/* Failure */.HR('local', `docker load failed: ${(0,src_text/* printable */.g$)(stderr, 400)}`);
}
/** Why the engine did not answer, and what to do. Pure. */
function engineFailure(stderr) {
    const said = (0,src_text/* printable */.g$)(stderr.trim(), 300);
    if (/config\.json|config file/i.test(stderr) && /pars|load|invalid character|unmarshal/i.test(stderr))
        return new errors/* Failure */.HR('local', `docker's config.json cannot be read. Mend or remove it. (${said})`);
    if (/permission denied/i.test(stderr))
        return new errors/* Failure */.HR('local', `this user may not talk to the docker engine. Add it to the group 'docker', use rootless docker, or run as root. (${said})`);
    return new errors/* Failure */.HR('local', `the docker engine does not answer. Start it ('systemctl start docker'), check DOCKER_HOST and 'docker context show', or name a remote builder in input builder. (${said})`);
}
/** Reads the answers of `docker version` and `docker info`; class local for what is none. Pure. */
function parseEngine(version, driverStatus) {
    const [asked, told] = ["what 'docker version' says", "what 'docker info' says"];
    try {
        const server = (0,json/* asObject */.eB)((0,json/* parseJson */.qF)(Buffer.from(version), asked), asked);
        const [number, os, arch] = [server.Version, server.Os, server.Arch].map((part) => (0,json/* asText */.e1)(part, asked));
        const status = (0,json/* asList */.DD)((0,json/* parseJson */.qF)(Buffer.from(driverStatus), told) ?? [], told).map((pair) => (0,json/* asList */.DD)(pair, told));
        return {
            version: number ?? '',
            platform: `${os}/${arch === 'arm' ? 'arm/v7' : arch}`,
            containerdStore: status.some(([key, value]) => key === 'driver-type' && (0,json/* asText */.e1)(value, told).startsWith('io.containerd.snapshotter')),
        };
    }
    catch (cause) {
        const message = `the docker engine does not answer as one does: ${(0,errors/* toFailure */.w2)(cause).message}. Check DOCKER_HOST and 'docker context show'`;
        throw new errors/* Failure */.HR('local', message, { cause });
    }
}

;// CONCATENATED MODULE: ./.bundle/src/image/check/smoke.js






const RUN_DEADLINE_SECONDS = 60;
const USAGE_EXIT_CODE = 64;
function trials(version) {
    return [
        { name: 'no MODE', mode: undefined, args: [], code: USAGE_EXIT_CODE, says: 'MODE' },
        { name: 'a wrong MODE', mode: 'router', args: [], code: USAGE_EXIT_CODE, says: 'MODE' },
        { name: 'client --version', mode: 'client', args: ['--version'], code: 0, says: version },
        { name: 'server --version', mode: 'server', args: ['--version'], code: 0, says: version },
    ];
}
/**
 * Enough for the image of a stranger to say what it is, and not for more. phantun starts a thread a processor before it reads its
 * arguments, and threads count as processes. Its output is read as it comes, so no log of it is kept.
 */
const LIMITS = ['--pids-limit', '1024', '--memory', '256m', '--log-driver', 'none'];
/** The arguments of `docker` for one trial: no capability, no network, nothing writable, little of anything. Pure. */
function trialArguments(subject, mode, args) {
    const { platform, image, container } = subject;
    return [
        ...['run', '--rm', '--name', container, '--pull', 'never', '--platform', platform],
        ...['--network', 'none', '--cap-drop', 'ALL', '--read-only', '--security-opt', 'no-new-privileges'],
        ...LIMITS,
        ...(mode === undefined ? [] : ['--env', `MODE=${mode}`]),
        image,
        ...args,
    ];
}
/**
 * Loads each platform's docker-archive into the engine, runs it, removes it again. A platform that is not the engine's
 * own and cannot start here is reported as not run.
 */
async function smokeTest(archives, version, engine, deps) {
    const results = [];
    const container = (0,external_node_path_.basename)(deps.temp); // by which a later step finds it, should this one be killed
    const image = `${ownFolder/* SMOKE_REPOSITORY */.Le}:${container}`;
    for (const [platform, writeArchive] of archives) {
        if (engine === undefined) {
            results.push({ platform, ran: false, reason: 'no docker engine on this machine' });
            continue;
        }
        const archive = await writeArchive(image);
        await (0,ownFolder/* noteMade */.qq)('trial', deps.temp);
        try {
            await loadArchive(archive, deps);
            results.push(await runTrials({ platform, image, container }, version, engine, deps));
        }
        finally {
            // A docker that was told to end may have left what it started.
            await (0,ownFolder/* removeMade */.gp)('trial', deps);
        }
    }
    return results;
}
async function runTrials(subject, version, engine, deps) {
    const { platform } = subject;
    for (const { name, mode, args, code, says } of trials(version)) {
        const finished = await (0,process/* execute */.g7)('docker', trialArguments(subject, mode, args), { env: (0,process/* childEnvironment */.Qc)('docker'), what: 'docker run', deadlineSeconds: RUN_DEADLINE_SECONDS }, deps);
        const output = `${finished.stdout.toString('utf8')}${finished.stderr}`;
        if (finished.code !== code && platform !== engine.platform && /exec format error/i.test(output))
            return { platform, ran: false, reason: 'this machine has no emulator for it' };
        if (finished.code !== code || !output.includes(says))
            throw new errors/* Failure */.HR('verification', `the image for ${platform} does not run as it should: with ${name} it ended with ${finished.code} instead of ${code}, saying '${(0,src_text/* printable */.g$)(output.trim(), 300)}' where '${(0,src_text/* printable */.g$)(says)}' was expected`);
    }
    return { platform, ran: true, reason: '' };
}

;// CONCATENATED MODULE: ./.bundle/src/image/check/inspect.js











/** Reads a layout from disk, every digest recomputed, and requires of it all that its lock promises. */
async function checkLayout(folder, { inputs, facts }) {
    const labels = (0,image_labels/* imageLabels */.J0)(inputs, facts.version, (0,proof_lock/* buildKey */.sI)(inputs));
    const image = await readLayout(folder);
    const checked = checkImage(image, {
        platforms: inputs.platforms,
        epochSeconds: inputs.epoch,
        labels,
        annotations: labels,
        entrypoint: await (0,build_recipe/* thisEntrypoint */.XM)(),
    });
    return { image, facts: checked };
}
/** Runs a checked image on every platform the engine can run; a docker-archive of one platform is on disk at a time. */
function smokeImage(image, version, engine, deps) {
    const folder = (0,external_node_path_.join)(deps.temp, 'smoke');
    const archive = (platform) => async (tag) => {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
        await (0,promises_.mkdir)(folder);
        const file = (0,external_node_path_.join)(folder, `${(0,src_platform/* platformSlug */.DN)(platform)}.tar`);
        await (0,src_files/* writeOut */.sD)(file, dockerArchive(image, platform, [tag]));
        return file;
    };
    return smokeTest(new Map(image.images.map(({ platform }) => [platform, archive(platform)])), version, engine, deps);
}

// EXTERNAL MODULE: ./.bundle/src/proof/evidence.js
var proof_evidence = __webpack_require__(77045);
// EXTERNAL MODULE: ./.bundle/src/proof/statement.js
var proof_statement = __webpack_require__(46211);
;// CONCATENATED MODULE: ./.bundle/src/image/publish/deliver.js













/** Names in an export folder. */
const EXPORT = {
    layout: 'oci',
    lock: 'lock.json',
    evidence: 'evidence',
    archive: (platform) => `${(0,src_platform/* platformSlug */.DN)(platform)}.tar`,
};
/** How messages name the input that says where. */
const EXPORT_INPUT = 'input export';
/**
 * Leaves what outlives the run: the export folder if one is wanted, else lock and evidence, which are in the place returned when
 * the run has succeeded. An export stays when something fails after it: it is whole.
 */
async function deliver(image, delivery, { temp }) {
    const folder = delivery.folder === undefined
        ? await keepProofs(delivery, temp)
        : await exportImage(image, delivery, delivery.folder, temp);
    const evidence = (0,external_node_path_.join)(folder, EXPORT.evidence);
    return {
        lock: (0,external_node_path_.join)(folder, EXPORT.lock),
        evidence,
        sboms: image.images.map(({ platform }) => (0,external_node_path_.join)(evidence, proof_evidence/* EVIDENCE */.S4.sbom(platform))),
    };
}
async function keepProofs(delivery, temp) {
    const { now, then } = await (0,ownFolder/* makeKeptFolder */.TM)(temp);
    await writeProofs(delivery, now);
    return then;
}
async function writeProofs({ lock, evidence }, folder) {
    await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(folder, EXPORT.lock), (0,proof_lock/* lockFile */.Ke)(lock));
    await (0,src_files/* copyOut */.ew)(evidence, (0,external_node_path_.join)(folder, EXPORT.evidence));
}
/** Which platform `load` can put into the engine: its own. Refused before the build when that one is not built. */
function loadablePlatform(platforms, engine) {
    if (engine === undefined)
        throw new errors/* Failure */.HR('local', 'input load: no docker engine answers on this machine');
    const own = platforms.find((platform) => platform === engine.platform);
    if (own === undefined)
        throw new errors/* Failure */.HR('input', `inputs load and platforms: docker here runs ${engine.platform}, which is not among ${platforms.join(', ')}. Add it, or leave load out`);
    return own;
}
/** Loads one platform into docker under the names given. */
async function loadImage(image, platform, names, deps) {
    const file = (0,external_node_path_.join)(deps.temp, 'load.tar');
    await (0,src_files/* writeOut */.sD)(file, dockerArchive(image, platform, names));
    await loadArchive(file, deps);
    await (0,promises_.rm)(file);
    deps.log.info(`Loaded ${platform} into docker as ${names.join(', ')}`);
}
/**
 * Writes layout, docker-archives and proofs, whole or not at all. They are made in a folder inside the export folder, which may
 * be a mount point, or all that may be written to, and moved up when they are whole, the lock last: without it, it is no export.
 */
async function exportImage(image, delivery, folder, temp) {
    const target = (0,external_node_path_.resolve)(folder);
    await (0,promises_.mkdir)(target, { recursive: true });
    const half = await (0,ownFolder/* makeFolderIn */.QD)(target, temp);
    try {
        await writeLayout(image, (0,external_node_path_.join)(half, EXPORT.layout));
        for (const { platform } of image.images)
            await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(half, EXPORT.archive(platform)), dockerArchive(image, platform, delivery.names));
        await writeProofs(delivery, half);
        const others = (await (0,promises_.readdir)(target)).filter((name) => name !== (0,external_node_path_.basename)(half));
        if (others.length > 0)
            throw notEmpty('local', EXPORT_INPUT, (0,src_text/* printable */.g$)(folder, 1_000), others);
        const names = (await (0,promises_.readdir)(half)).filter((name) => name !== EXPORT.lock);
        for (const name of [...names, EXPORT.lock])
            await (0,promises_.rename)((0,external_node_path_.join)(half, name), (0,external_node_path_.join)(target, name));
        return folder;
    }
    finally {
        await (0,promises_.rm)(half, { recursive: true, force: true });
    }
}

;// CONCATENATED MODULE: ./.bundle/src/image/publish/exported.js










/** Opens an export folder, or the layout in it; lock and evidence lie beside the layout. */
async function openExport(folder) {
    const nested = await (0,promises_.stat)((0,external_node_path_.join)(folder, EXPORT.layout)).catch(() => undefined);
    const layout = (0,external_node_path_.resolve)(nested?.isDirectory() === true ? (0,external_node_path_.join)(folder, EXPORT.layout) : folder);
    const lockPath = (0,external_node_path_.join)((0,external_node_path_.dirname)(layout), EXPORT.lock);
    const shown = (0,src_text/* printable */.g$)(lockPath, 1_000);
    const bytes = await (0,src_files/* readCapped */.EF)(lockPath, proof_lock/* MAX_LOCK_BYTES */.pe, 'the lock').catch((cause) => {
        const message = `${(0,errors/* toFailure */.w2)(cause).message}. LAYOUT is a folder that build --export made, with its lock`;
        throw new errors/* Failure */.HR('input', message, { cause });
    });
    const text = bytes.toString('utf8');
    const lock = (0,proof_evidence/* parseForeignLock */.zK)(text, `the lock ${shown}`);
    const checked = await checkLayout(layout, lock);
    const evidence = await (0,proof_evidence/* openEvidence */.i)((0,external_node_path_.join)((0,external_node_path_.dirname)(layout), EXPORT.evidence));
    if ((0,proof_lock/* lockFile */.Ke)(evidence.lock) !== text)
        throw new errors/* Failure */.HR('verification', `the lock in the evidence is not ${shown}: one of the two was changed`);
    (0,proof_statement/* requireStatement */.LT)(evidence.statement, lock, checked.image);
    return { lock, layout, evidence, checked };
}

// EXTERNAL MODULE: ./.bundle/src/retry.js
var retry = __webpack_require__(15649);
// EXTERNAL MODULE: ./.bundle/src/image/registry.js + 1 modules
var image_registry = __webpack_require__(18121);
// EXTERNAL MODULE: ./.bundle/src/proof/evidenceReferrer.js
var evidenceReferrer = __webpack_require__(34466);
// EXTERNAL MODULE: ./.bundle/src/proof/packedEvidence.js
var packedEvidence = __webpack_require__(9945);
// EXTERNAL MODULE: ./.bundle/src/image/referrers.js
var referrers = __webpack_require__(91577);
;// CONCATENATED MODULE: ./.bundle/src/image/publish/served.js



const VISIBLE_WITHIN_MS = 60_000;
/**
 * What was sent must be what is served. A registry may need a moment before it shows a manifest; `stale` is what a tag named
 * before it was moved, which it may name for a moment longer.
 */
async function requireServed(registry, name, digest, deps, stale) {
    const end = deps.now() + VISIBLE_WITHIN_MS;
    for (let wait = 500;; wait *= 2) {
        const served = await (0,retry/* withRetries */.LH)(`reading ${name}`, deps, () => (0,image_registry/* readDigest */.rP)(registry, name));
        if (served === digest)
            return;
        if (served !== undefined && served !== stale)
            throw new errors/* Failure */.HR('registry', `${name}: the registry serves bytes whose digest is ${served}`);
        if (deps.now() + wait > end)
            throw new errors/* Failure */.HR('registry', `${name} was sent, but the registry does not show it`);
        await deps.sleep(wait);
    }
}
/** Which parts of an image a repository serves, in words. Each is asked for once: there is trouble already. */
async function servedParts(repository, parts, deps) {
    const registry = (0,image_registry/* openRegistry */.Me)(repository, deps);
    const served = [];
    try {
        for (const { name, digest } of parts)
            if ((await (0,image_registry/* readDigest */.rP)(registry, `${repository}@${digest}`)) === digest)
                served.push(`${name} (${digest})`);
    }
    catch {
        return `What ${repository} serves of it could not be asked`;
    }
    return `${repository} serves ${served.length === 0 ? 'none of it' : served.join(', ')}`;
}

;// CONCATENATED MODULE: ./.bundle/src/image/publish/evidence.js















const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const EMPTY = Buffer.from('{}');
/**
 * Publishes an evidence folder beside the image it is about, once: evidence that is there already is judged and stays; what is
 * listed and gone is listed no longer. It is listed under the referrers tag, which every registry has.
 */
async function publishEvidence(repository, subject, evidence, deps) {
    const registry = (0,image_registry/* openRegistry */.Me)(repository, deps);
    const list = () => (0,referrers/* listReferrers */.xt)(registry, repository, subject.digest, deps);
    const there = await (0,evidenceReferrer/* servedEvidence */.JQ)(registry, repository, await list(), deps);
    if (there !== undefined) {
        await (0,evidenceReferrer/* judgeServed */.fv)(registry, repository, subject.digest, there, evidence.judge, deps);
        deps.log.info(`${repository}@${subject.digest} has its evidence already`);
        return;
    }
    const tar = await (0,packedEvidence/* packEvidence */.J)(evidence.folder, evidence.epochSeconds);
    const layer = { mediaType: evidenceReferrer/* EVIDENCE_LAYER */.SB, digest: (0,hash/* digestOf */.ol)(tar), size: tar.length };
    const config = { mediaType: EMPTY_TYPE, digest: (0,hash/* digestOf */.ol)(EMPTY), size: EMPTY.length };
    const manifest = Buffer.from((0,canonical/* canonicalJson */.d)({
        schemaVersion: 2,
        mediaType: oci/* MEDIA_TYPES */.Z2.manifest,
        artifactType: evidenceReferrer/* EVIDENCE_TYPE */.$j,
        config,
        layers: [{ ...layer, annotations: { 'org.opencontainers.image.title': 'evidence.tar' } }],
        subject,
    }));
    const target = `${repository}@${(0,hash/* digestOf */.ol)(manifest)}`;
    const layout = await (0,promises_.mkdtemp)((0,external_node_path_.join)(deps.temp, 'referrer-'));
    await writeArtifact(layout, manifest, [tar, EMPTY]);
    await (0,retry/* withRetries */.LH)(`sending ${target}`, deps, () => registry.send(layout, target));
    await (0,promises_.rm)(layout, { recursive: true });
    await requireServed(registry, target, (0,hash/* digestOf */.ol)(manifest), deps);
    const added = {
        mediaType: oci/* MEDIA_TYPES */.Z2.manifest,
        digest: (0,hash/* digestOf */.ol)(manifest),
        size: manifest.length,
        artifactType: evidenceReferrer/* EVIDENCE_TYPE */.$j,
    };
    const tag = (0,referrers/* referrersTag */.LN)(repository, subject.digest);
    // Read again: sending takes a while, in which somebody may have signed, or have published the same image.
    const listed = (await list()).filter((item) => (0,referrers/* digestIn */.s)(item) !== added.digest);
    if ((await (0,evidenceReferrer/* servedEvidence */.JQ)(registry, repository, listed, deps)) !== undefined)
        throw new errors/* Failure */.HR('registry', `${repository}@${subject.digest} was given evidence by somebody else while this run sent its own. Run again: it is then judged and stays`);
    const others = await stillServed(registry, repository, listed, deps);
    await (0,retry/* withRetries */.LH)(`tagging ${tag}`, deps, () => registry.list([...others, added], tag));
    deps.log.info(`Sent the evidence (${(0,src_text/* humanSize */.Xe)(tar.length)}) as ${target}`);
}
/** Those items that the registry still has, as they are: with one that is gone, no list can be written. */
async function stillServed(registry, repository, items, deps) {
    const served = [];
    for (const item of items) {
        const digest = (0,referrers/* digestIn */.s)(item);
        if (digest !== undefined && (await (0,evidenceReferrer/* isServed */.SM)(registry, `${repository}@${digest}`, deps)))
            served.push(item);
    }
    return served;
}
async function writeArtifact(layout, manifest, blobs) {
    await (0,promises_.mkdir)((0,external_node_path_.join)(layout, 'blobs', 'sha256'), { recursive: true });
    for (const bytes of [manifest, ...blobs])
        await (0,src_files/* writeOut */.sD)((0,layout_blobs/* blobPath */.n)(layout, (0,hash/* digestOf */.ol)(bytes)), bytes);
    await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(layout, 'oci-layout'), oci/* LAYOUT_MARKER */.Ys);
    const entry = { mediaType: oci/* MEDIA_TYPES */.Z2.manifest, digest: (0,hash/* digestOf */.ol)(manifest), size: manifest.length };
    await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(layout, 'index.json'), (0,canonical/* canonicalJson */.d)({ schemaVersion: 2, manifests: [entry] }));
}

// EXTERNAL MODULE: ./.bundle/src/difference.js
var src_difference = __webpack_require__(10180);
;// CONCATENATED MODULE: ./.bundle/src/image/publish/predecessor.js









/** The image of ours that a tag names; undefined when there is none, or it is no image of this project. */
async function readPredecessor(registry, name, deps) {
    const bytes = await (0,retry/* withRetries */.LH)(`reading ${name}`, deps, () => registry.read(name));
    return bytes === undefined ? undefined : predecessorOf(name, bytes);
}
/** The same, from the bytes that the tag names. Pure. */
function predecessorOf(name, bytes) {
    const what = `what ${name} names`;
    try {
        const index = (0,json/* asObject */.eB)((0,json/* parseJson */.qF)(bytes, what), what);
        const annotations = (0,json/* asTexts */.DW)(index.annotations ?? {}, `annotations of ${what}`);
        const children = (0,json/* asList */.DD)(index.manifests ?? [], what).map((child) => String((0,json/* asObject */.eB)(child, what).digest));
        if (annotations[`${image_labels/* OWN_PREFIX */.yc}commit`] === undefined)
            return undefined;
        return { name, digest: (0,hash/* digestOf */.ol)(bytes), annotations, children };
    }
    catch (error) {
        if (error instanceof errors/* Failure */.HR)
            return undefined;
        throw error;
    }
}
/**
 * The digest that every repository holds of a build: under the build key's tag, with the build's own labels, with all its
 * platforms, and under every other tag. Undefined when one of them lacks anything, or when they do not agree. Whether anybody
 * signed it is another question: `verify` answers it.
 */
async function heldDigest(repositories, wanted, deps) {
    const digests = new Set();
    for (const repository of repositories) {
        const digest = await heldBy(repository, wanted, deps);
        if (digest === undefined)
            return undefined;
        digests.add(digest);
    }
    return digests.size === 1 ? [...digests][0] : undefined;
}
async function heldBy(repository, { labels, platforms, tags, before }, deps) {
    const registry = (0,image_registry/* openRegistry */.Me)(repository, deps);
    const digestAt = (name) => (0,retry/* withRetries */.LH)(`reading ${name}`, deps, () => (0,image_registry/* readDigest */.rP)(registry, name));
    const found = await readPredecessor(registry, `${repository}:${tags.key}`, deps);
    if (found === undefined || (0,src_difference/* differingMembers */.y)('', found.annotations, labels).length > 0)
        return undefined;
    if (found.children.length !== platforms || !found.children.every(hash/* isDigest */.Bc))
        return undefined;
    for (const child of found.children)
        if ((await digestAt(`${repository}@${child}`)) !== child)
            return undefined;
    // A run that ended among its tags left some of them behind.
    for (const tag of [...tags.fixed, ...tags.moving]) {
        const name = `${repository}:${tag}`;
        const { digest } = before.find((one) => one.name === name) ?? { digest: await digestAt(name) };
        if (digest !== found.digest)
            return undefined;
    }
    return found.digest;
}
/** What a new image has otherwise than the one before: nothing when both have one build key, everything where there was none. Pure. */
function changedParts(before, lock) {
    const says = (label) => before?.annotations[label] ?? '';
    const own = (name) => says(image_labels/* OWN_PREFIX */.yc + name);
    const [upstream, commit, tree] = [own('upstream'), own('commit'), own('tree')];
    const bases = { rust: own('rust-image'), shell: own('shell-image') };
    const epoch = Date.parse(says(image_labels/* CREATED */.DE)) / 1_000;
    const same = {
        source: upstream === lock.upstream && commit === lock.commit && tree === lock.tree,
        bases: bases.rust === lock.bases.rust && bases.shell === lock.bases.shell,
        // Made by the new recipe, the source and the bases of that image would have its build key.
        recipe: (0,src_text/* isEpoch */.CH)(epoch) && (0,proof_lock/* buildKey */.sI)({ ...lock, upstream, commit, tree, epoch, bases }) === own('build-key'),
    };
    return ['source', 'bases', 'recipe'].filter((part) => !same[part]);
}
/**
 * Refuses a moving tag that would go back: the commit it names now comes after the new one in upstream's history. With
 * `onward` the new commit must come after that one; where it does not, upstream has rewritten its history.
 */
async function requireForward(before, commit, onward, history) {
    const last = before.annotations[`${image_labels/* OWN_PREFIX */.yc}commit`] ?? '';
    if (last === commit || (/^[0-9a-f]{40}$/.test(last) && (await history.isAncestor(last, commit))))
        return;
    if (onward)
        throw new errors/* Failure */.HR('verification', `upstream's history was rewritten: ${before.name} was built from ${(0,src_text/* printable */.g$)(last)}, and ${commit} does not come after it. Nothing was published. Look at upstream before you go on; to accept the new history, publish once without skip-unchanged and with this tag among moving-tags`);
    if (/^[0-9a-f]{40}$/.test(last) && (await history.isAncestor(commit, last)))
        throw new errors/* Failure */.HR('registry', `${before.name} names an image of ${last}, which comes after ${commit} in upstream's history: a moving tag never goes back. Nothing was published. Leave this tag out of moving-tags`);
}

;// CONCATENATED MODULE: ./.bundle/src/image/publish/seen.js







/** The file for it in a folder of what a signing job signs. */
const TAGS_FILE = 'tags.json';
const MAX_BYTES = 1_000_000;
/** Leaves what was seen to a later call, which moves the tags: signing in between may take minutes. */
async function writeSeen(folder, seen) {
    await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(folder, TAGS_FILE), `${(0,canonical/* canonicalJson */.d)(seen)}\n`);
}
/** Reads what `writeSeen` wrote. */
async function readSeen(file) {
    const what = `--seen: ${(0,src_text/* printable */.g$)(file, 1_000)}`;
    const seen = (0,json/* asTexts */.DW)((0,json/* parseJson */.qF)(await (0,src_files/* readGivenFile */.Mh)('--seen', file, MAX_BYTES), what), what);
    for (const [name, digest] of Object.entries(seen))
        if (digest !== '' && !(0,hash/* isDigest */.Bc)(digest))
            throw new errors/* Failure */.HR('verification', `${what}, ${(0,src_text/* printable */.g$)(name)}: ${(0,src_text/* printable */.g$)(digest)} is no digest`);
    return seen;
}
/** Refuses a tag that somebody else moved since it was seen; one that names the new digest already is as it shall be. Pure. */
function requireUnmoved(name, { seen, now, digest }) {
    if (seen === undefined)
        throw new errors/* Failure */.HR('input', `--seen says nothing of ${name}. Give what --signable left for this image and these tags`);
    if (now === seen || now === digest)
        return;
    const repository = name.slice(0, name.lastIndexOf(':'));
    throw new errors/* Failure */.HR('registry', `${name} was moved by somebody else while this run went on (${seen || 'absent'} → ${now || 'absent'}); it is left as it is. The image is published as ${repository}@${digest}`);
}

// EXTERNAL MODULE: ./.bundle/src/image/publish/tags.js
var publish_tags = __webpack_require__(29136);
;// CONCATENATED MODULE: ./.bundle/src/image/publish/publish.js










/** What `publish` needs to know of a checked layout. */
function publicationOf(layout, image, commit, evidence) {
    const { digest, size } = image.index;
    const children = image.images.map(({ platform, manifest }) => ({ name: platform, digest: manifest.digest }));
    return { layout, digest, index: { mediaType: oci/* MEDIA_TYPES */.Z2.index, digest, size }, children, commit, evidence };
}
/**
 * Refuses, before anything is sent, a fixed tag that already names another digest and a moving one that would go back in
 * upstream's history. Returns what every tag names now.
 */
async function readTags(repository, tags, { digest, commit }, history, deps) {
    const registry = (0,image_registry/* openRegistry */.Me)(repository, deps);
    const now = new Map();
    for (const tag of (0,publish_tags/* inOrder */.al)(tags)) {
        const name = `${repository}:${tag}`;
        const bytes = await (0,retry/* withRetries */.LH)(`reading ${name}`, deps, () => registry.read(name));
        const found = bytes === undefined ? undefined : (0,hash/* digestOf */.ol)(bytes);
        if (found !== undefined && found !== digest && !tags.moving.includes(tag))
            throw new errors/* Failure */.HR('registry', `${name} already names ${found} and may not move to ${digest}. Nothing was published. Choose another tag, or list it in moving-tags`);
        if (bytes !== undefined && found !== digest) {
            const before = predecessorOf(name, bytes);
            if (before !== undefined)
                await requireForward(before, commit, false, history);
        }
        now.set(tag, found);
    }
    return now;
}
/**
 * Publishes to every repository: all tags looked at, so that one which may not move is known before anything is sent, then
 * the bytes by digest, compared with what is served, the evidence beside them, then tags. With `upTo` `evidence` tags are left.
 * `seen` is what they named before.
 */
async function publish(publication, repositories, tags, history, deps, { upTo = 'tags', seen } = {}) {
    const { digest } = publication;
    const before = new Map();
    for (const repository of repositories)
        before.set(repository, await readTags(repository, tags, publication, history, deps));
    const now = seenIn(before);
    if (seen !== undefined)
        for (const [name, found] of Object.entries(now))
            requireUnmoved(name, { seen: seen[name], now: found, digest });
    try {
        for (const repository of repositories) {
            await sendByDigest(publication, repository, deps);
            await publishEvidence(repository, publication.index, publication.evidence, deps);
        }
    }
    catch (error) {
        throw (0,errors/* withNote */.dW)(error, `No tag was moved. ${await whatIsThere(publication, repositories, deps)}`);
    }
    const refs = [...before.keys()].map((name) => `${name}@${digest}`);
    const published = { refs, tags: [], seen: now };
    if (upTo === 'evidence')
        return published;
    try {
        for (const [repository, tagged] of before)
            for (const [tag, found] of tagged) {
                const name = `${repository}:${tag}`;
                if (found === digest)
                    deps.log.info(`${name} names it already`);
                else
                    await moveTag(repository, tag, found, digest, deps);
                published.tags.push(name);
                if (found !== digest)
                    await requireServed((0,image_registry/* openRegistry */.Me)(repository, deps), name, digest, deps, found);
            }
        // Whoever cancels now has to know what is done.
        if (deps.signal.aborted)
            throw new errors/* Failure */.HR('cancelled', 'publishing was cancelled at its end');
    }
    catch (error) {
        throw published.tags.length === 0 ? error : (0,errors/* withNote */.dW)(error, `Tags that name it: ${published.tags.join(', ')}`);
    }
    return published;
}
function seenIn(before) {
    const names = [...before].flatMap(([repository, tagged]) => [...tagged].map(([tag, digest]) => [`${repository}:${tag}`, digest ?? '']));
    return Object.fromEntries(names);
}
async function sendByDigest({ layout, digest, children }, repository, deps) {
    const registry = (0,image_registry/* openRegistry */.Me)(repository, deps);
    const target = `${repository}@${digest}`;
    const manifests = [digest, ...children.map((child) => child.digest)];
    if (await servesAll(registry, repository, manifests, deps)) {
        deps.log.info(`${target} is there already`);
        return;
    }
    await (0,retry/* withRetries */.LH)(`pushing to ${repository}`, deps, () => registry.send(layout, target));
    deps.log.info(`Sent ${target}`);
    for (const manifest of manifests)
        await requireServed(registry, `${repository}@${manifest}`, manifest, deps);
}
/** What is served of a publication that failed, for whoever has to decide what to do about it. */
async function whatIsThere({ digest, children }, repositories, deps) {
    const parts = [...children, { name: 'the index', digest }];
    const said = [];
    for (const repository of repositories)
        said.push(await servedParts(repository, parts, deps));
    return said.join('; ');
}
/** Whether nothing is to be sent. A registry's clean-up may have taken a platform from under an index that it kept. */
async function servesAll(registry, repository, manifests, deps) {
    for (const manifest of manifests) {
        const name = `${repository}@${manifest}`;
        if ((await (0,retry/* withRetries */.LH)(`reading ${name}`, deps, () => (0,image_registry/* readDigest */.rP)(registry, name))) !== manifest)
            return false;
    }
    return true;
}
/** Points a tag at the digest, unless somebody else moved it since it was read. */
async function moveTag(repository, tag, seen, digest, deps) {
    const name = `${repository}:${tag}`;
    const registry = (0,image_registry/* openRegistry */.Me)(repository, deps);
    const now = await (0,retry/* withRetries */.LH)(`reading ${name}`, deps, () => (0,image_registry/* readDigest */.rP)(registry, name));
    requireUnmoved(name, { seen: seen ?? '', now: now ?? '', digest });
    await (0,retry/* withRetries */.LH)(`tagging ${name}`, deps, () => registry.tag(`${repository}@${digest}`, name));
    deps.log.info(`${name} → ${digest}`);
}

// EXTERNAL MODULE: ./.bundle/src/inputs.js
var inputs = __webpack_require__(43666);
// EXTERNAL MODULE: ./.bundle/src/image/reference.js
var reference = __webpack_require__(86356);
;// CONCATENATED MODULE: ./.bundle/src/proof/asked.js




/**
 * Refuses (class input) a lock that is of something else than was asked for, by those inputs that were given, and one whose
 * upstream is not the one that a token is for: whoever wrote the lock could have the token sent anywhere. Pure.
 */
function requireAsked({ inputs: locked }, given, inputs) {
    const token = inputs.upstreamToken !== undefined;
    const names = new Set([...given, ...(token ? ['upstream'] : [])]);
    const { upstream, platforms, bases, labels } = inputs;
    const asked = {
        upstream: upstream.url,
        platforms,
        'rust-image': (0,reference/* formatReference */.FH)(bases.rust),
        'shell-image': (0,reference/* formatReference */.FH)(bases.shell),
        labels,
    };
    const found = {
        upstream: locked.upstream,
        platforms: locked.platforms,
        'rust-image': likeAsked(locked.bases.rust, bases.rust),
        'shell-image': likeAsked(locked.bases.shell, bases.shell),
        labels: locked.labels,
    };
    const only = (all) => Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
    const differences = (0,src_difference/* differingMembers */.y)('', only(found), only(asked), ['the lock says', 'asked for was']);
    const [first] = differences;
    if (first === undefined)
        return;
    const why = token && locked.upstream !== upstream.url ? '. The token is for the upstream that --upstream names' : '';
    throw new errors/* Failure */.HR('input', `this image is not the one that was asked for: ${first}${(0,src_text/* andMore */.v)(differences)}${why}`, {
        details: differences,
    });
}
/** A pinned base without its digest, unless a digest was asked for. */
function likeAsked(pinned, asked) {
    return asked.digest === undefined ? pinned.replace(/@.*/, '') : pinned;
}

;// CONCATENATED MODULE: ./.bundle/src/proof/compare.js





/** Compares two images, down to the bytes of files. Pure. */
function compareImages(published, rebuilt, words) {
    if (published.digest === rebuilt.digest)
        return { verdict: 'identical', differences: [] };
    const names = [...new Set([...published.platforms, ...rebuilt.platforms].map(({ platform }) => platform))];
    const platforms = names.map((name) => {
        const [theirs, ours] = [published, rebuilt].map(({ platforms }) => platforms.find((one) => one.platform === name));
        if (theirs === undefined)
            return { same: false, lines: [`${name}: only ${words[1]} has it`] };
        if (ours === undefined)
            return { same: false, lines: [`${name}: only ${words[0]} has it`] };
        return comparePlatforms(words, theirs, ours);
    });
    return {
        verdict: platforms.every(({ same }) => same) ? 'equivalent' : 'different',
        differences: [
            `index: ${words[0]} ${published.digest}, ${words[1]} ${rebuilt.digest}`,
            ...members(words, 'index', published.index.annotations, rebuilt.index.annotations),
            ...platforms.flatMap(({ lines }) => lines),
        ],
    };
}
/**
 * Compares what a statement is about with an image, by the digests: all there is where nobody looks at the image itself. Pure.
 */
function compareDigests(claimed, rebuilt) {
    const digests = ({ index, images }) => ({
        index: index.digest,
        ...Object.fromEntries(images.map(({ platform, manifest }) => [platform, manifest.digest])),
    });
    const words = ["the evidence's statement names", 'rebuilt'];
    const differences = (0,src_difference/* differingMembers */.y)('', digests(claimed), digests(rebuilt), words);
    return { verdict: differences.length === 0 ? 'identical' : 'different', differences };
}
function comparePlatforms(words, published, rebuilt) {
    const { platform } = published;
    if (published.manifest === rebuilt.manifest)
        return { same: true, lines: [] };
    const config = members(words, `${platform}: config`, published.config, rebuilt.config);
    const behaviour = members(words, '', behaviourOf(published.config), behaviourOf(rebuilt.config));
    const [theirs, ours] = [published, rebuilt].map(({ layers }) => layers.map(({ digest }) => digest).join(', '));
    const layers = theirs === ours ? [] : [`${platform}: layers: ${words[0]} ${theirs ?? ''}, ${words[1]} ${ours ?? ''}`];
    const files = compareFiles(words, filesOf(published), filesOf(rebuilt));
    return {
        same: behaviour.length === 0 && files.same,
        lines: [
            `${platform}: manifest: ${words[0]} ${published.manifest}, ${words[1]} ${rebuilt.manifest}`,
            ...config,
            ...layers,
            ...files.lines.map((line) => `${platform}: ${line}`),
        ],
    };
}
function members(words, subject, published, rebuilt) {
    return (0,src_difference/* differingMembers */.y)('', published, rebuilt, words).map((line) => `${subject}: ${line}`);
}
const FOREMOST = [/: bytes \d+ to \d+ differ/, /^\S+: \//, /^(?!index: )/];
/** The one difference to tell where there is room for one: bytes of a file, else a file, a platform, the outermost. Pure. */
function foremost(differences) {
    const [found] = FOREMOST.flatMap((form) => differences.find((line) => form.test(line)) ?? []);
    return found ?? differences[0] ?? '';
}
/**
 * Where it runs and how: all of that but the labels. What is not known here, a health check say, may be a program that is run.
 */
function behaviourOf({ architecture, os, variant, config }) {
    const runtime = Object.entries((0,json/* asObject */.eB)(config ?? {}, 'config'));
    const told = runtime.filter(([key, value]) => key !== 'Labels' && value !== null);
    return { architecture, os, variant, config: Object.fromEntries(told) };
}
/** What the layers leave on disk, by path: a later layer's entry hides an earlier one's. Why not, where one is no tar of ours. */
function filesOf({ layers, platform }) {
    const files = new Map();
    try {
        for (const { tar } of layers)
            for (const entry of (0,layout_tar/* readTar */.s)(tar, `layer of ${platform}`))
                files.set(entry.path, entry);
        return files;
    }
    catch (error) {
        if (error instanceof errors/* Failure */.HR)
            return error;
        throw error;
    }
}
/**
 * Files are the same when path, kind, mode, owner, link, content and extended attributes are; times and order are only
 * reported. Nobody reads the value of an attribute, a capability say, so files that both have one count as different, too:
 * no image of ours has any.
 */
function compareFiles(words, published, rebuilt) {
    if (published instanceof errors/* Failure */.HR || rebuilt instanceof errors/* Failure */.HR) {
        const unread = [published, rebuilt].flatMap((files, side) => files instanceof errors/* Failure */.HR ? `files cannot be compared: ${words[side] ?? ''}: ${files.message}` : []);
        return { same: false, lines: unread };
    }
    const lines = [];
    let same = true;
    for (const path of [...new Set([...published.keys(), ...rebuilt.keys()])].sort()) {
        const [theirs, ours] = [published.get(path), rebuilt.get(path)];
        if (theirs && ours) {
            const found = compareEntries(words, theirs, ours);
            same &&= found.same;
            lines.push(...found.lines.map((line) => `/${(0,src_text/* printable */.g$)(path)}: ${line}`));
        }
        else {
            same = false;
            lines.push(`/${(0,src_text/* printable */.g$)(path)}: only in ${words[theirs ? 0 : 1]}`);
        }
    }
    return { same, lines };
}
function compareEntries(words, published, rebuilt) {
    const [theirs, ours] = [compare_factsOf(published), compare_factsOf(rebuilt)];
    const times = ({ mtimeSeconds: mtime, paxKeys: pax }) => ({ mtime, pax });
    const differing = [
        ...compareBytes(words, published.data, rebuilt.data),
        ...(0,src_difference/* differingMembers */.y)('', theirs, ours, words),
        ...theirs.xattrs.filter((key) => ours.xattrs.includes(key)).map((key) => `both have ${(0,src_text/* printable */.g$)(key)}, unread`),
    ];
    return {
        same: differing.length === 0,
        lines: [...differing, ...(0,src_difference/* differingMembers */.y)('', times(published), times(rebuilt), words)],
    };
}
function compare_factsOf({ kind, mode, uid, gid, linkTarget, paxKeys }) {
    const xattrs = paxKeys.filter((key) => key.startsWith('SCHILY.xattr.')).sort();
    return { kind, mode, uid, gid, linkTarget, xattrs };
}
const SHOWN_BYTES = 16;
/** Where two files differ: the first and the last byte that do, and what stands at the first. */
function compareBytes(words, published, rebuilt) {
    if (published.equals(rebuilt))
        return [];
    const shortest = Math.min(published.length, rebuilt.length);
    let first = 0;
    while (first < shortest && published[first] === rebuilt[first])
        first++;
    let behind = 0;
    while (behind < shortest - first && published.at(-1 - behind) === rebuilt.at(-1 - behind))
        behind++;
    const show = (bytes) => bytes.subarray(first, first + SHOWN_BYTES).toString('hex') || 'its end';
    const sizes = published.length === rebuilt.length ? '' : `, sizes ${published.length} and ${rebuilt.length} bytes`;
    return [
        `bytes ${first} to ${Math.max(published.length, rebuilt.length) - behind - 1} differ${sizes}: ${words[0]} ${show(published)}…, ${words[1]} ${show(rebuilt)}…`,
    ];
}

// EXTERNAL MODULE: ./.bundle/src/source/ref.js
var source_ref = __webpack_require__(75784);
// EXTERNAL MODULE: ./.bundle/src/source/objectId.js
var objectId = __webpack_require__(53779);
;// CONCATENATED MODULE: ./.bundle/src/source/commit.js


/** Tree and time of a commit, from the object's bytes, whose hash is computed here once more. Pure. */
function provenCommit(object, commit) {
    const id = (0,objectId/* objectId */.T)('commit', object);
    if (id !== commit)
        throw new errors/* Failure */.HR('verification', `the object that came for commit ${commit} has the id ${id}`);
    return parseCommit(object, commit);
}
/** The tree and the committer's time in a commit object's bytes. Pure. */
function parseCommit(bytes, commit) {
    const lines = (bytes.toString('latin1').split('\n\n', 1)[0] ?? '').split('\n');
    const tree = /^tree ([0-9a-f]{40})$/.exec(lines[0] ?? '')?.[1];
    // Line by line: a name may hold a carriage return, after which a pattern would find another line.
    const committer = lines.find((line) => line.startsWith('committer ')) ?? '';
    const time = /> ([0-9]{1,11}) [+-][0-9]{4}$/.exec(committer)?.[1];
    if (tree === undefined || time === undefined)
        throw new errors/* Failure */.HR('verification', `commit ${commit} has no tree or no committer's time in the usual form`);
    return { tree, epoch: Number(time) };
}

// EXTERNAL MODULE: ./.bundle/src/http/failure.js
var http_failure = __webpack_require__(24334);
;// CONCATENATED MODULE: ./.bundle/src/source/transport.js



/** How often one fetch may ask. */
const MOST_FETCHES = 16;
/** What is said of a fetch that wants to ask more often. */
const ASKED_TOO_OFTEN = `more than ${MOST_FETCHES} fetches from within one another`;
const NAME = 'counted';
const COUNT = 'PHANTUN_FETCHES';
/** See gitremote-helpers(7): it becomes git's own. Each fetch adds a character to a file. */
const script = (scheme) => `#!/bin/sh
printf x >> "$${COUNT}" || exit 1
read -r fetches < "$${COUNT}"
[ "\${#fetches}" -le ${MOST_FETCHES} ] || {
  echo 'fatal: ${ASKED_TOO_OFTEN}' >&2
  exit 1
}
exec git remote-${scheme} "$@"
`;
/** Makes it in a new folder. `scheme` is what git may speak. */
async function makeTransport(folder, scheme) {
    const program = (0,external_node_path_.join)(folder, `git-remote-${NAME}`);
    await (0,promises_.mkdir)(folder, { mode: 0o700 });
    await (0,src_files/* writeOut */.sD)(program, script(scheme));
    await (0,promises_.chmod)(program, 0o700);
    let calls = 0;
    return {
        address: ({ url }) => `${NAME}::${url}.git`,
        environment: (given) => ({
            GIT_ALLOW_PROTOCOL: `${NAME}:${scheme}`,
            PATH: `${folder}:${given.PATH ?? ''}`,
            [COUNT]: (0,external_node_path_.join)(folder, `fetch-${calls++}`),
        }),
    };
}

// EXTERNAL MODULE: ./.bundle/src/source/upstream.js
var source_upstream = __webpack_require__(99084);
;// CONCATENATED MODULE: ./.bundle/src/source/git.js








const OLDEST_GIT = [2, 25];
const LOCAL_DEADLINE_SECONDS = 60;
/**
 * Commits and tags alone are fetched: of the largest histories they fit, and a server that sends without end is cut off. So is one
 * that sends next to nothing for `stallSeconds`.
 */
const git_LIMITS = { memoryBytes: 2 * 2 ** 30, fileBytes: 512 * 2 ** 20, fetchSeconds: 300, stallSeconds: 20 };
const DEPTHS = {
    commits: ['--filter=tree:0'],
    trees: ['--depth=1', '--filter=blob:none'],
};
/** Refuses a git that lacks what resolving needs (partial clones over URLs, `init` options). */
async function requireGit(deps) {
    const found = /(\d+)\.(\d+)/.exec((await (0,process/* probe */.dy)('git', ['--version'], deps)) ?? '');
    const wanted = OLDEST_GIT.join('.');
    if (found === null)
        throw new errors/* Failure */.HR('local', `git is not installed on this machine; version ${wanted} or newer is needed`);
    const [major, minor] = [Number(found[1]), Number(found[2])];
    if (major < OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor < OLDEST_GIT[1]))
        throw new errors/* Failure */.HR('local', `git ${found[0]} is too old; version ${wanted} or newer is needed`);
}
/** Makes the repository in `folder`, which may be there and has to be empty. `limits` are what git and upstream may take. */
async function openGit(folder, upstream, token, deps, limits = git_LIMITS) {
    await (0,promises_.mkdir)((0,external_node_path_.join)(folder, 'home'), { recursive: true, mode: 0o700 });
    const scheme = upstream.origin.startsWith('http:') ? 'http' : 'https';
    const transport = await makeTransport((0,external_node_path_.join)(folder, 'bin'), scheme);
    const repository = (0,external_node_path_.join)(folder, 'repository');
    const environment = {
        ...(0,process/* childEnvironment */.Qc)('git'),
        HOME: (0,external_node_path_.join)(folder, 'home'),
        XDG_CONFIG_HOME: (0,external_node_path_.join)(folder, 'home'),
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_ATTR_NOSYSTEM: '1',
        GIT_TERMINAL_PROMPT: '0',
        GIT_ASKPASS: '/bin/false',
        SSH_ASKPASS: '/bin/false',
        GIT_OPTIONAL_LOCKS: '0',
        GIT_PROTOCOL_FROM_USER: '0',
    };
    const call = (args, deadlineSeconds, more = {}) => (0,process/* execute */.g7)('git', ['-C', repository, ...args], {
        env: { ...environment, GIT_ALLOW_PROTOCOL: 'none', ...more },
        what: `git ${String(args[0])}`,
        deadlineSeconds,
        bounds: limits,
        overflow: 'verification', // what it prints is upstream's
    }, deps);
    await (0,promises_.mkdir)(repository, { mode: 0o700 });
    const made = await call(['init', '--quiet', '--bare', '--template='], LOCAL_DEADLINE_SECONDS);
    if (made.code !== 0)
        throw new errors/* Failure */.HR('local', `git init failed: ${(0,src_text/* printable */.g$)(made.stderr)}`);
    // A file, not arguments: the token must not show in the list of processes.
    await (0,promises_.chmod)((0,external_node_path_.join)(repository, 'config'), 0o600);
    await (0,promises_.writeFile)((0,external_node_path_.join)(repository, 'config'), gitConfig(upstream, token, limits.stallSeconds));
    const local = (args) => call(args, LOCAL_DEADLINE_SECONDS);
    const ask = (depth, ...wanted) => call(['fetch', '--quiet', '--no-tags', ...DEPTHS[depth], transport.address(upstream), ...wanted], limits.fetchSeconds, transport.environment(environment));
    return {
        folder,
        local,
        fetch: ask,
        typeOf: async (id) => {
            const fetched = await ask('commits', id); // git asks upstream for nothing that is here
            if (fetched.code !== 0 && !/not our ref|unadvertised object/.test(fetched.stderr))
                throw gitFailure(fetched.stderr, upstream, folder);
            const { code, stdout } = await local(['cat-file', '-t', id]);
            return code === 0 ? stdout.toString('latin1').trim() : undefined;
        },
    };
}
function gitConfig(upstream, token, stallSeconds) {
    const lines = [
        '[core]\n\trepositoryformatversion = 0\n\tbare = true\n\thooksPath = /dev/null',
        `[http]\n\tfollowRedirects = false\n\tlowSpeedLimit = 1024\n\tlowSpeedTime = ${stallSeconds}`,
        '[protocol]\n\tversion = 2',
        // One pack, one file, however few objects are in it; and no thread whose stack counts as memory.
        '[fetch]\n\tunpackLimit = 1',
        '[pack]\n\tthreads = 1',
        '[gc]\n\tauto = 0',
        '[maintenance]\n\tauto = false',
        '[credential]\n\thelper =',
        '[advice]\n\tobjectNameWarning = false',
    ];
    // As http-client, docker and skopeo have it: loopback is asked without a proxy.
    if (upstream.origin.startsWith('http:'))
        lines.push(`[http "${upstream.origin}/"]\n\tproxy = ""`);
    if (token !== undefined)
        lines.push(`[http "${upstream.origin}/"]\n\textraHeader = "Authorization: ${(0,source_upstream/* basicAuthorization */.aR)(token)}"`);
    return `${lines.join('\n')}\n`;
}
/** What it means that `git fetch` into a folder failed, from what it says; the exit code has decided that it did. */
function gitFailure(stderr, upstream, folder) {
    const said = `git fetch from ${upstream.url} failed: ${(0,src_text/* printable */.g$)(stderr.trim(), 400)}`;
    if (/SHA-?1 (appears|collision)|collision (attack|detected)|SHA1 COLLISION/i.test(stderr))
        return new errors/* Failure */.HR('verification', `git found a SHA-1 collision in what ${upstream.url} serves: this is an attack. ${said}`);
    // Of an index-pack that ran into the bound of files nobody hears a word.
    if (/Out of memory|mmap failed|cannot allocate memory|^fatal: fetch-pack: invalid index-pack output\s*$/i.test(stderr))
        return new errors/* Failure */.HR('verification', `${upstream.url} sends more than a history of commits and tags may have. Check that it is the repository you mean. ${said}`);
    if (stderr.includes(ASKED_TOO_OFTEN))
        return new errors/* Failure */.HR('verification', `${upstream.url} answers so that git asks it again and again. Check that it is the repository you mean. ${said}`);
    if (/^fatal: cannot exec /m.test(stderr))
        return new errors/* Failure */.HR('local', `git has to run a program in ${(0,src_text/* printable */.g$)(folder, 1_000)}, where this machine runs none (mount option noexec). Set RUNNER_TEMP to a folder elsewhere, or TMPDIR for the command line. ${said}`);
    if (/certificate verif|SSL certificate|certificate subject name|setting certificate|SSL CA cert/i.test(stderr))
        return new errors/* Failure */.HR('local', `git does not trust the certificate of ${upstream.origin}, and does not read NODE_EXTRA_CA_CERTS. Behind a proxy that opens TLS, add the proxy's certificate to the system's ('update-ca-certificates'), or set GIT_SSL_CAINFO to it; verification is never switched off. ${said}`);
    if (/No space left on device|Disk quota exceeded/.test(stderr))
        return new errors/* Failure */.HR('local', `no space left for git's objects in ${(0,src_text/* printable */.g$)(folder, 1_000)}. Free some disk space and run again. ${said}`);
    if (stderr.includes('returned error: 429'))
        return new errors/* Failure */.HR('rate-limit', said, { retryAfterSeconds: http_failure/* RATE_LIMIT_SECONDS */.Zq });
    if (/returned error: 40[13]|Authentication failed|could not read Username/.test(stderr))
        return new errors/* Failure */.HR('auth', said);
    if (/returned error: (404|410|451|30\d)|not found/.test(stderr))
        return new errors/* Failure */.HR('not-found', said);
    if (/(corrupt|bad object|hash mismatch|index-pack failed|fsck error)/i.test(stderr) &&
        !/RPC failed|early EOF|disconnect/.test(stderr))
        return new errors/* Failure */.HR('verification', said);
    return new errors/* Failure */.HR('transient', said);
}

// EXTERNAL MODULE: ./.bundle/src/http/fetch.js
var fetch = __webpack_require__(90892);
;// CONCATENATED MODULE: ./.bundle/src/source/greeting.js





/** Of a refusal git tells the number alone: whoever greets upstream right after it is told why, and for how long. */
async function withReason(question, greeting) {
    try {
        return await question();
    }
    catch (error) {
        if (['rate-limit', 'auth'].includes((0,errors/* toFailure */.w2)(error).kind))
            await greeting();
        throw error;
    }
}
/** Asks what git will ask first, because an HTTP answer says why (rate limit, login, rename) and git's message does not. */
async function greet(upstream, token, deps) {
    const what = `git at ${upstream.url}`;
    const answer = await (0,fetch/* fetchOnce */.W)(new URL(`${upstream.url}.git/info/refs?service=git-upload-pack`), {
        what,
        headers: { 'git-protocol': 'version=2' },
        authorization: token === undefined ? undefined : (0,source_upstream/* basicAuthorization */.aR)(token),
        limits: { maxBytes: 64 * 1024 * 1024, deadlineSeconds: 60 },
    }, deps);
    if (answer.status !== 200)
        throw (0,http_failure/* statusFailure */.FP)(answer, what, token !== undefined, deps.now());
    const type = answer.headers['content-type'] ?? '';
    if (type !== 'application/x-git-upload-pack-advertisement')
        throw new errors/* Failure */.HR('transient', `${what}: an answer of type '${(0,src_text/* printable */.g$)(type)}' came where git's protocol was expected. Is there a login page or a proxy between?`, { attempts: 2 });
}

// EXTERNAL MODULE: ./.bundle/src/source/holders.js
var holders = __webpack_require__(72578);
;// CONCATENATED MODULE: ./.bundle/src/source/resolve.js









const MIRROR = 'refs/upstream/';
/** What upstream has by the time that somebody asks for a commit which the snapshot lacks. */
const LATER = 'refs/later/';
/**
 * Resolves a ref by one fetch of upstream's commits (no trees, no files): git verifies every object by its hash, and what refs
 * name is answered from that one snapshot, so HEAD is read once. With the source comes the history to ask further.
 * Failure classes: those of the documents' fault table.
 */
async function resolve(upstream, wanted, token, deps) {
    await requireGit(deps);
    const greeting = () => greet(upstream, token, deps);
    const asking = (what, question) => (0,retry/* withRetries */.LH)(what, deps, () => withReason(question, greeting));
    const git = await (0,retry/* withRetries */.LH)(`resolving ${upstream.url}`, deps, async () => {
        await greeting();
        return withReason(() => snapshot(upstream, token, deps), greeting);
    });
    const { name, commit, tagObject } = await pick(git, upstream, wanted, asking, deps);
    const reachableFrom = await (0,holders/* holders */.wb)(git, MIRROR, commit, name);
    if (reachableFrom.length === 0)
        throw unreachable(commit, upstream);
    const commitObject = await readCommit(git, commit);
    const { tree, epoch } = provenCommit(commitObject, commit);
    if (epoch * 1_000 > deps.now())
        throw new errors/* Failure */.HR('local', `the clock of this machine (${new Date(deps.now()).toISOString()}) is before the time of commit ${commit} (${new Date(epoch * 1_000).toISOString()}): times in the image would lie. Set the clock`);
    return {
        source: { upstream, ref: name, commit, tree, epoch, tagObject, reachableFrom, commitObject },
        history: {
            isAncestor: ancestry(git, upstream, asking),
            at: (ref) => pick(git, upstream, ref, asking, deps),
        },
    };
}
async function snapshot(upstream, token, deps) {
    const git = await openGit(await (0,promises_.mkdtemp)((0,external_node_path_.join)(deps.temp, 'git-')), upstream, token, deps);
    await fetchCommits(git, upstream, MIRROR);
    return git;
}
async function fetchCommits(git, upstream, into) {
    const refs = [`+refs/heads/*:${into}heads/*`, `+refs/tags/*:${into}tags/*`];
    const fetchRefs = (...further) => git.fetch('commits', ...further, ...refs);
    const all = await fetchRefs(`+HEAD:${into}HEAD`);
    // A HEAD that names nothing is the trouble of those alone who ask for it.
    const isUnborn = all.code !== 0 && all.stderr.includes("couldn't find remote ref HEAD");
    const { code, stderr } = isUnborn ? await fetchRefs() : all;
    if (code !== 0)
        throw gitFailure(stderr, upstream, git.folder);
}
async function pick(git, upstream, wanted, asking, deps) {
    switch (wanted.kind) {
        case 'commit': {
            if (wanted.lowered)
                deps.log.notice('ref is a commit id in upper case; taken in lower case');
            await asking(`asking ${upstream.url} for ${wanted.commit}`, () => requireCommit(git, upstream, wanted.commit));
            return { name: wanted.commit, commit: wanted.commit, tagObject: undefined };
        }
        case 'head': {
            const found = await lookUp(git, `${MIRROR}HEAD`, 'HEAD');
            if (!found)
                throw new errors/* Failure */.HR('not-found', `${upstream.url} has no commit yet, or none that its HEAD names. If it has branches or tags, give one as ref`);
            return found;
        }
        case 'full': {
            const found = await lookUp(git, `${MIRROR}${wanted.name.replace('refs/', '')}`, wanted.name);
            if (!found)
                throw new errors/* Failure */.HR('not-found', `${upstream.url} has no ${(0,src_text/* printable */.g$)(wanted.name)}. Check ref`);
            return found;
        }
        case 'short': {
            const branch = await lookUp(git, `${MIRROR}heads/${wanted.name}`, `refs/heads/${wanted.name}`);
            const tag = await lookUp(git, `${MIRROR}tags/${wanted.name}`, `refs/tags/${wanted.name}`);
            if (branch && tag)
                throw new errors/* Failure */.HR('input', `input ref: upstream has a branch and a tag '${wanted.name}'. Say which: ${branch.name} or ${tag.name}`);
            const found = branch ?? tag;
            if (!found)
                throw new errors/* Failure */.HR('not-found', `${upstream.url} has no branch and no tag '${(0,src_text/* printable */.g$)(wanted.name)}'. Check ref`);
            return found;
        }
    }
}
/** A mirrored ref, peeled to its commit. By show-ref: rev-parse would take `x-g1234567` for the commit 1234567…. */
async function lookUp(git, mirrored, name) {
    const { code, stdout } = await git.local(['show-ref', '--verify', '--hash', mirrored]);
    if (code !== 0)
        return undefined;
    const id = stdout.toString('latin1').trim();
    const peeled = await git.local(['rev-parse', '--verify', '--quiet', `${id}^{commit}`]);
    if (peeled.code !== 0)
        throw new errors/* Failure */.HR('input', `input ref: ${name} names no commit but another kind of object`);
    const commit = peeled.stdout.toString('latin1').trim();
    return { name, commit, tagObject: commit === id ? undefined : id };
}
/** Tells a commit that upstream does not have from one that it serves but that no branch or tag holds. */
async function requireCommit(git, upstream, id) {
    const type = await git.typeOf(id);
    if (type === 'commit')
        return;
    if (type === undefined)
        throw new errors/* Failure */.HR('not-found', `${upstream.url} has no commit ${id}. Check ref, and that the commit was pushed`);
    throw new errors/* Failure */.HR('input', `input ref: ${id} is the id of a ${type}, not of a commit. Give the commit's id`);
}
function ancestry(git, upstream, asking) {
    let later;
    const isHere = async (id) => (await git.local(['cat-file', '-e', `${id}^{commit}`])).code === 0;
    return async (older, newer) => {
        for (const id of [older, newer])
            if (!(await isHere(id))) {
                later ??= asking(`asking ${upstream.url} again`, () => fetchCommits(git, upstream, LATER));
                await later;
                if (!(await isHere(id)))
                    return false;
            }
        const { code, stderr } = await git.local(['merge-base', '--is-ancestor', older, newer]);
        if (code > 1)
            throw new errors/* Failure */.HR('local', `git merge-base failed: ${(0,src_text/* printable */.g$)(stderr)}`);
        return code === 0;
    };
}
function unreachable(commit, upstream) {
    return new errors/* Failure */.HR('verification', `${upstream.url} serves commit ${commit}, but none of its branches and tags holds it. It may come from a fork or a pull request, which share upstream's addresses. Give a commit of a branch or a tag`);
}
async function readCommit(git, commit) {
    const { code, stdout, stderr } = await git.local(['cat-file', 'commit', commit]);
    if (code !== 0)
        throw new errors/* Failure */.HR('local', `git cat-file failed: ${(0,src_text/* printable */.g$)(stderr)}`);
    return stdout;
}

// EXTERNAL MODULE: ./.bundle/src/source/archive.js + 3 modules
var source_archive = __webpack_require__(99662);
// EXTERNAL MODULE: ./.bundle/src/source/cargo.js
var cargo = __webpack_require__(53765);
;// CONCATENATED MODULE: ./.bundle/src/source/diagnosis.js





/**
 * Asks upstream's git what the commit's tree really holds, and which other commits there are: only to explain an archive
 * that does not fit, which fails whatever the answer is.
 */
async function askUpstream(source, token, deps) {
    const fetched = async (...what) => {
        const git = await openGit(await (0,promises_.mkdtemp)((0,external_node_path_.join)(deps.temp, 'diagnosis-')), source.upstream, token, deps);
        const { code, stderr } = await git.fetch(...what);
        if (code !== 0)
            throw gitFailure(stderr, source.upstream, git.folder);
        return git;
    };
    // Two repositories: git would not ask for the trees of a commit that it has already.
    const commits = await fetched('commits', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*');
    const trees = await fetched('trees', source.commit);
    const listing = await told(trees, 'ls-tree', '-r', '-z', source.commit);
    const log = await told(commits, 'log', '--all', '--format=%H %T');
    return { listing: parseListing(listing), commits: parseLog(log) };
}
/** What git says here. Of a git that failed an empty listing would say that the archive has files that upstream has not. */
async function told(git, ...args) {
    const { code, stdout, stderr } = await git.local(args);
    if (code !== 0)
        throw new errors/* Failure */.HR('local', `git ${args.join(' ')} failed: ${(0,src_text/* printable */.g$)(stderr)}`);
    return stdout;
}
/** `git ls-tree -r -z`: path (one character a byte) → mode and id. Pure. */
function parseListing(output) {
    const listing = new Map();
    for (const line of output.toString('latin1').split('\0')) {
        const [, mode = '', id = '', path] = /^(\d{6}) \w+ ([0-9a-f]{40})\t(.+)/s.exec(line) ?? [];
        if (path !== undefined)
            listing.set(path, { mode, id });
    }
    return listing;
}
/** Lines of a commit's id and its tree's. Pure. */
function parseLog(output) {
    return [...output.toString('latin1').matchAll(/^([0-9a-f]{40}) ([0-9a-f]{40})$/gm)].map(([, commit = '', tree = '']) => ({
        commit,
        tree,
    }));
}

// EXTERNAL MODULE: ./node_modules/@actions/tool-cache/lib/tool-cache.js + 15 modules
var tool_cache = __webpack_require__(23143);
;// CONCATENATED MODULE: ./.bundle/src/source/download.js











const FILE_NAME = 'archive.tar.gz';
const DEADLINE_SECONDS = 300;
/** The archive of the source's commit from upstream, in memory, capped and with deadlines. */
async function downloadArchive(source, token, deps) {
    const url = (0,source_upstream/* archiveUrl */.Qq)(source.upstream, source.commit);
    const what = `the archive ${url.href}`;
    return (0,retry/* withRetries */.LH)(`downloading ${url.href}`, deps, async () => {
        const answer = await (0,fetch/* fetchOnce */.W)(url, {
            what,
            mayRedirect: source_upstream/* mayRedirect */.KN,
            authorization: token === undefined ? undefined : (0,source_upstream/* basicAuthorization */.aR)(token),
            limits: { maxBytes: source_archive/* ARCHIVE_LIMITS */.Oj.packedBytes, deadlineSeconds: DEADLINE_SECONDS },
        }, deps);
        if (answer.status !== 200)
            throw (0,http_failure/* statusFailure */.FP)(answer, what, token !== undefined, deps.now());
        if (answer.body[0] !== 0x1f || answer.body[1] !== 0x8b)
            throw new errors/* Failure */.HR('transient', `${what} is not gzip but ${(0,src_text/* printable */.g$)(answer.headers['content-type'] ?? 'something without a type')}. Is there a login page or a proxy between?`, { attempts: 2 });
        return { bytes: answer.body, sha256: (0,hash/* sha256 */.sc)(answer.body), from: 'upstream', date: answer.headers.date ?? '' };
    });
}
/**
 * The archive that an earlier run kept in the runner's tool cache, if it is there. It is to be judged like a download. A
 * cache that cannot be read, or a machine without one, is a cache that does not hold it.
 */
async function cachedArchive(source) {
    try {
        // An empty text says that there is none, and means no file of the folder that the run works in.
        const folder = (0,tool_cache/* find */.I6)(toolName(source), toolVersion(source), 'any') || '/nonexistent';
        const file = (0,external_node_path_.join)(folder, FILE_NAME);
        const status = await (0,promises_.stat)(file);
        if (!status.isFile() || status.size > source_archive/* ARCHIVE_LIMITS */.Oj.packedBytes)
            return undefined;
        const bytes = await (0,promises_.readFile)(file);
        return { bytes, sha256: (0,hash/* sha256 */.sc)(bytes), from: 'cache', date: status.mtime.toUTCString() };
    }
    catch {
        // Nor does one that is not there.
    }
    return undefined;
}
/** Keeps a verified archive for later runs. A cache that cannot be written is a pity, not a failure. */
async function keepArchive(source, bytes, deps) {
    try {
        await putIntoCache(source, bytes, deps.temp);
    }
    catch (error) {
        deps.log.warning(`the archive could not be kept for later runs: ${(0,src_text/* printable */.g$)(String(error))}`);
    }
}
async function putIntoCache(source, bytes, temp) {
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(temp, 'keep-'));
    try {
        const file = (0,external_node_path_.join)(folder, FILE_NAME);
        await (0,promises_.writeFile)(file, bytes, { mode: 0o600 });
        await (0,tool_cache/* cacheFile */.NJ)(file, FILE_NAME, toolName(source), toolVersion(source), 'any');
    }
    finally {
        await (0,promises_.rm)(folder, { recursive: true });
    }
}
/** A fork has the same commits under another root folder, so each upstream has a shelf of its own. */
function toolName({ upstream }) {
    return `phantun-runtime-archive-${(0,hash/* sha256 */.sc)(upstream.url)}`;
}
/** tool-cache wants versions; a letter before the id keeps an all-digit one from being a number. */
function toolVersion({ commit }) {
    return `0.0.0-c${commit}`;
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: ./.bundle/src/source/tree.js
var source_tree = __webpack_require__(93281);
;// CONCATENATED MODULE: ./.bundle/src/source/disk.js






/**
 * Writes the entries as plain files (0644, or 0755 when executable) and folders (0755) into `folder`, which must be
 * empty or not exist. Names keep their bytes; nothing is overwritten and no link is followed.
 *
 * @throws Failure `verification` for a symlink or an unsafe path, before anything is written; `local` when the folder
 *   is not empty. A failure midway leaves files behind: `folder` belongs to the caller, who removes it.
 */
async function writeTree(entries, folder) {
    for (const { path, kind } of entries) {
        const fault = (0,source_tree/* pathFault */.a9)(path, kind);
        if (fault !== undefined)
            throw new errors/* Failure */.HR('verification', `'${(0,src_text/* printablePath */.Vj)(path)}' is refused: ${fault}; nothing was written`);
        if (kind === 'symlink')
            throw new errors/* Failure */.HR('verification', `'${(0,src_text/* printablePath */.Vj)(path)}' is a symbolic link, and a tree with a symlink is not built: upstream never had one, ` +
                'and it could lead the build outside of its folder. Choose a `ref` without it');
    }
    await emptyFolder(folder);
    const folders = new Set();
    for (const entry of entries) {
        try {
            await writeEntry(folder, entry, folders);
        }
        catch (error) {
            throw notWritten(error, entry, folder);
        }
    }
}
async function writeEntry(folder, { path, kind, executable, data }, made) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
        await makeFolder(folder, path.slice(0, slash), made);
    if (kind === 'directory')
        await makeFolder(folder, path, made);
    else
        await makeFile(onDisk(folder, path), data, executable ? 0o755 : 0o644);
}
/** node's own message would carry the raw name, which can hold line breaks and workflow commands. */
function notWritten(error, { path, data }, folder) {
    const file = `'${(0,src_text/* printablePath */.Vj)(path)}' below '${folder}'`;
    const code = (0,errors/* errorCode */.CA)(error) ?? 'unknown error';
    const remedies = {
        EEXIST: 'the file system takes it for a name that exists already: use one that tells upper and lower case apart',
        ENAMETOOLONG: 'the name is longer than this file system allows: use a temporary folder with a shorter path',
    };
    const remedy = remedies[code] ?? `${code}: check that the folder can be written`;
    return (0,src_files/* noRoom */.fj)(error, file, data.length) ?? new errors/* Failure */.HR('local', `cannot write ${file}: ${remedy}`, { cause: error });
}
async function emptyFolder(folder) {
    try {
        await (0,promises_.mkdir)(folder, { mode: 0o755 });
    }
    catch (error) {
        if ((0,errors/* errorCode */.CA)(error) !== 'EEXIST')
            throw error;
        if (!(await (0,promises_.lstat)(folder)).isDirectory() || (await (0,promises_.readdir)(folder)).length > 0)
            throw new errors/* Failure */.HR('local', `'${folder}' is not an empty folder; the source needs one of its own`, {
                cause: error,
            });
    }
    await (0,promises_.chmod)(folder, 0o755);
}
async function makeFolder(folder, path, made) {
    if (made.has(path))
        return;
    made.add(path);
    await (0,promises_.mkdir)(onDisk(folder, path));
    await (0,promises_.chmod)(onDisk(folder, path), 0o755); // mkdir's mode is cut by the umask, and so is open's below
}
async function makeFile(path, data, mode) {
    const file = await (0,promises_.open)(path, 'wx', mode);
    try {
        await file.writeFile(data);
        await file.chmod(mode);
    }
    finally {
        await file.close();
    }
}
/**
 * The entries of a folder on disk, in any order, to be hashed again with `treeId`. Links are read, never
 * followed; a file is executable when its owner may execute it.
 *
 * @throws Failure `verification` for a device, FIFO or socket: git has no such thing
 */
async function readTree(folder) {
    const entries = [];
    const pending = (await (0,promises_.readdir)(folder, { encoding: 'buffer' })).map((name) => name.toString('latin1'));
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
        const entry = await readEntry(onDisk(folder, path), path);
        entries.push(entry);
        if (entry.kind !== 'directory')
            continue;
        for (const name of await (0,promises_.readdir)(onDisk(folder, path), { encoding: 'buffer' }))
            pending.push(`${path}/${name.toString('latin1')}`);
    }
    return entries;
}
async function readEntry(location, path) {
    const stats = await (0,promises_.lstat)(location);
    if (stats.isDirectory())
        return { path, kind: 'directory', executable: false, data: Buffer.alloc(0) };
    if (stats.isSymbolicLink())
        return { path, kind: 'symlink', executable: false, data: await (0,promises_.readlink)(location, { encoding: 'buffer' }) };
    if (!stats.isFile())
        throw new errors/* Failure */.HR('verification', `'${(0,src_text/* printablePath */.Vj)(path)}' is neither file, folder nor link: something made it`);
    const file = await (0,promises_.open)(location, external_node_fs_.constants.O_RDONLY | external_node_fs_.constants.O_NOFOLLOW);
    try {
        return { path, kind: 'file', executable: (stats.mode & 0o100) !== 0, data: await file.readFile() };
    }
    finally {
        await file.close();
    }
}
/** A path below `folder` as the bytes it has; a string would be rewritten as UTF-8. */
function onDisk(folder, path) {
    return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);
}

;// CONCATENATED MODULE: ./.bundle/src/source/attributes.js


const GITLINK_MODE = '160000';
/** More of them make a regular expression slow on a long path. */
const MOST_STARS = 2;
const MOST_PATTERN_BYTES = 255;
const MOST_FILE_BYTES = 65_536;
/** Rules times the squares of the lengths of paths, which is what two stars can cost: a second or two. */
const MOST_STEPS = 5e8;
/** What a rule costs on the shortest path. */
const LEAST_LENGTH = 100;
/**
 * The causes in upstream's own settings (submodules, and what gitattributes(5) lets `git archive` leave out or rewrite),
 * if they account for every difference; else nothing. A diagnosis, never a permission: such an archive fails as well. It
 * is given up where upstream has more rules than can be tried on so many and so long paths; a .gitattributes of more
 * than 64 kB has none here.
 */
function explain(differences, listing, archive) {
    const steps = differences.reduce((sum, { path }) => sum + Math.max(path.length, LEAST_LENGTH) ** 2, 0);
    const rules = readRules(listing, archive, MOST_STEPS / steps);
    if (rules === undefined)
        return [];
    const causes = new Set();
    for (const { path, upstream, archive: ours } of differences) {
        if (upstream?.mode === GITLINK_MODE && ours === undefined) {
            causes.add(`the submodule ${(0,src_text/* printablePath */.Vj)(path)}`);
            continue;
        }
        const rewritten = ours !== undefined && ours.mode === upstream?.mode;
        if (ours !== undefined && !rewritten)
            return [];
        const rule = rules.find((candidate) => candidate.rewrites === rewritten && candidate.applies(path));
        if (rule === undefined)
            return [];
        causes.add(rule.cause);
    }
    return [...causes];
}
/**
 * What upstream's .gitattributes files may leave out or rewrite. Only a file that the archive has unchanged can be
 * read; one that it lacks may itself be ignored, and with it anything beside it. Undefined where there are more than `most`.
 */
function readRules(listing, archive, most) {
    const ours = (0,source_tree/* pathIds */.W0)(archive.entries);
    const texts = new Map(archive.entries.map(({ path, data }) => [path, data]));
    const rules = [];
    for (const [path, { id }] of listing) {
        if (!/(?:^|\/)\.gitattributes$/.test(path))
            continue;
        const base = path.slice(0, -'.gitattributes'.length);
        const found = ours.get(path);
        if (found === undefined) {
            const cause = `${(0,src_text/* printablePath */.Vj)(path)}, which the archive lacks`;
            rules.push({ cause, rewrites: false, applies: (candidate) => candidate.startsWith(base) });
        }
        else if (found.id === id) {
            const data = texts.get(path) ?? Buffer.alloc(0);
            if (data.length > MOST_FILE_BYTES)
                continue;
            for (const line of data.toString('latin1').split(/\r?\n/))
                rules.push(...parseRule(line, path, base));
        }
        if (rules.length > most)
            return undefined;
    }
    return rules;
}
/** Patterns with classes, quotes or many wildcards, and long ones, match nothing here: then the verdict is the sterner one. */
function parseRule(line, file, base) {
    const [pattern = '', ...attributes] = line.trim().split(/[ \t]/);
    const stars = pattern.match(/\*+/g)?.length ?? 0;
    if (/^#|["[\]\\]/.test(pattern))
        return [];
    if (stars > MOST_STARS || pattern.length > MOST_PATTERN_BYTES)
        return [];
    const glob = pattern
        .replace(/^\//, '')
        .replace(/[.+^${}()|]/g, '\\$&')
        .replace(/\*\*\/|\*+|\?/g, (wild) => (wild === '**/' ? '(?:.*/)?' : wild === '?' ? '[^/]' : '[^/]*'));
    const start = pattern.includes('/') ? '^' : '^(?:.*/)?';
    const rule = (attribute, rewrites) => {
        const matcher = new RegExp(`${start}${glob}${rewrites ? '' : '(?:/.*)?'}$`, 's');
        const applies = (path) => path.startsWith(base) && matcher.test(path.slice(base.length));
        return { cause: `${(0,src_text/* printablePath */.Vj)(attribute)} in ${(0,src_text/* printablePath */.Vj)(file)}`, rewrites, applies };
    };
    return attributes.flatMap((attribute) => {
        if (attribute === 'export-ignore')
            return [rule(attribute, false)];
        return /^(?:export-subst$|ident$|eol=|working-tree-encoding=)/.test(attribute) ? [rule(attribute, true)] : [];
    });
}

;// CONCATENATED MODULE: ./.bundle/src/source/verdict.js




const LISTED_PATHS = 20;
const REPACKED = 'A mirror, a cache or a proxy probably packed it again';
/**
 * What an archive is, measured against what it should be. `match` means: it holds the tree of the commit, says so, and
 * has the SHA256 that is expected, if one is. Without `upstream` a tree that differs is `changed` and no path is named.
 */
function judge(expected, received, upstream) {
    const { content } = received;
    const pinDiffers = expected.archiveSha256 !== undefined && expected.archiveSha256 !== received.sha256;
    if (content instanceof errors/* Failure */.HR)
        return {
            kind: 'unreadable',
            message: pinDiffers
                ? `the archive has SHA256 ${received.sha256} instead of ${expected.archiveSha256}, and cannot be read: ${content.message}`
                : content.message,
            details: [...hashes(expected, received), ...content.details],
        };
    const tree = (0,source_tree/* treeId */.Mh)(content.entries);
    const details = [
        ...hashes(expected, received),
        `tree: expected ${expected.tree}, found ${tree}`,
        `commit: expected ${expected.commit}, the archive says ${content.comment ?? 'nothing'}`,
    ];
    if (tree !== expected.tree)
        return otherTree(expected, content, tree, details, upstream);
    if (content.comment !== undefined && content.comment !== expected.commit)
        return {
            kind: 'wrong-commit',
            message: `the archive says it is commit ${content.comment}, and ${expected.commit} was asked for. The files are the right ` +
                'ones, so the server probably answered for another commit that has them too. Set `ref` to the commit you mean, ' +
                'and if it is this one, check what serves the archive',
            details,
        };
    return samePackaging(expected, received.sha256, pinDiffers, content, details);
}
/** The tree is right; the bytes around it may not be. */
function samePackaging(expected, sha256, pinDiffers, archive, details) {
    const tarDiffers = expected.tarSha256 !== undefined && expected.tarSha256 !== archive.tarSha256;
    if (archive.comment !== undefined && !pinDiffers && !tarDiffers)
        return { kind: 'match', archive };
    const found = [...archive.packaging];
    if (archive.epoch !== undefined && archive.epoch !== expected.epoch)
        found.push(`times of ${archive.epoch} instead of the commit's ${expected.epoch}`);
    details.push(...found.map((deviation) => `packaging: ${deviation}`));
    if (archive.comment === undefined)
        return {
            kind: 'repackaged',
            message: `the archive has the files of commit ${expected.commit} and does not name the commit, as git archive always ` +
                `does. ${REPACKED}. Point \`upstream\` at a host that serves the output of git archive`,
            details,
        };
    const what = pinDiffers
        ? `the archive has SHA256 ${sha256} instead of ${expected.archiveSha256 ?? ''}`
        : `the tar inside the archive has SHA256 ${archive.tarSha256} instead of ${expected.tarSha256 ?? ''}`;
    const same = `Its content is commit ${expected.commit} all the same: tree ${expected.tree} was recomputed from it`;
    const instead = `set \`archive-sha256\` to ${sha256}, or leave it empty and pin \`ref\` to ${expected.commit}`;
    if (tarDiffers || (expected.tarSha256 === undefined && found.length > 0))
        return {
            kind: 'repackaged',
            message: `${what}. ${same}, but it is packed differently: ${found.join('; ') || 'another tar'}. ${REPACKED}. Download ` +
                `from upstream itself; or, if these are the bytes you want, ${instead}`,
            details,
        };
    return {
        kind: 'recompressed',
        message: `${what}. ${same}, and only the compression differs. The host probably compresses its archives otherwise now; or ` +
            "the SHA256 was taken from a tag's or branch's archive, whose root folder has another name. A SHA256 that does " +
            `not match always fails: ${instead}, because the tree id vouches for the content whatever the compression`,
        details,
    };
}
function otherTree({ commit, tree }, archive, found, details, upstream) {
    const what = `the archive is not commit ${commit}: its tree is ${found}, and the commit's is ${tree}`;
    const byTree = upstream?.commits.find((known) => known.tree === found);
    const byComment = upstream?.commits.find((known) => known.commit === archive.comment && known.commit !== commit);
    const other = byTree ?? byComment;
    if (other !== undefined)
        return {
            kind: 'wrong-commit',
            message: `${what}. ${byTree === undefined ? 'It says it is' : 'It has the files of'} upstream's commit ${other.commit}` +
                `${other.tree === found ? '' : ', whose tree it does not have either'}. The server probably answered for ` +
                'another commit, or the pins belong to two different ones. Set `ref` and `archive-sha256` from the same commit',
            details,
        };
    if (upstream === undefined)
        return { kind: 'changed', message: `${what}. Upstream's files could not be compared. ${UNTRUSTED}`, details };
    const differences = compare(upstream.listing, archive);
    details.push(...describe(differences));
    const causes = explain(differences, upstream.listing, archive);
    if (causes.length > 0)
        return {
            kind: 'attributes',
            message: `${what}. Upstream's own settings explain every difference: ${causes.join('; ')}. git archive leaves out or ` +
                'rewrites such files, so no archive of this commit can be verified against its tree. Choose a `ref` without ' +
                'them, or ask upstream to remove them',
            details,
        };
    const count = (kind) => differences.filter((difference) => kindOf(difference) === kind).length;
    return {
        kind: 'changed',
        message: `${what}. Compared with upstream's files, paths added: ${count('added')}, removed: ${count('removed')}, ` +
            `modified: ${count('modified')}. ${UNTRUSTED}`,
        details,
    };
}
const UNTRUSTED = 'Something on the way changed the content, or the archive was built from other files: do not use it, and do not ' +
    'change the pins to fit. Try from another network; if the content stays the same, tell upstream';
function hashes({ archiveSha256, tarSha256 }, { sha256, content }) {
    const lines = [`SHA256 of the archive: expected ${archiveSha256 ?? 'any'}, found ${sha256}`];
    if (!(content instanceof errors/* Failure */.HR))
        lines.push(`SHA256 of the tar: expected ${tarSha256 ?? 'any'}, found ${content.tarSha256}`);
    return lines;
}
/** Folders are left out: they differ when what they hold differs. */
function compare(listing, archive) {
    const ours = (0,source_tree/* pathIds */.W0)(archive.entries);
    const differences = [];
    for (const path of [...new Set([...listing.keys(), ...ours.keys()])].sort()) {
        const [theirs, mine] = [leaf(listing.get(path)), leaf(ours.get(path))];
        if (theirs?.id !== mine?.id || theirs?.mode !== mine?.mode)
            differences.push({ path, upstream: theirs, archive: mine });
    }
    return differences;
}
function leaf(item) {
    return item?.mode === '040000' ? undefined : item;
}
function kindOf({ upstream, archive }) {
    if (upstream === undefined)
        return 'added';
    return archive === undefined ? 'removed' : 'modified';
}
function describe(differences) {
    const lines = differences.slice(0, LISTED_PATHS).map((difference) => {
        const { path, upstream, archive } = difference;
        const modes = upstream && archive && upstream.mode !== archive.mode ? ` (${upstream.mode} → ${archive.mode})` : '';
        return `${kindOf(difference)}: ${(0,src_text/* printablePath */.Vj)(path)}${modes}`;
    });
    const rest = differences.length - lines.length;
    return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

;// CONCATENATED MODULE: ./.bundle/src/source/verify.js













/** Gets the source's archive, proves in memory that it is the commit's tree, and only then writes files. */
async function verify(source, wanted, deps) {
    const { download, archive } = await provenArchive(source, wanted, deps);
    if (download.from === 'upstream')
        await keepArchive(source, download.bytes, deps);
    return unpackVerified(source, { download, archive }, wanted, deps);
}
/** {@link verify} for an archive that is here already, in an evidence bundle say. */
function verifyKept(source, bytes, wanted, deps) {
    const download = { bytes, sha256: (0,hash/* sha256 */.sc)(bytes), from: 'evidence', date: '' };
    const verdict = judge(expectation(source, wanted), { sha256: download.sha256, content: read(bytes) });
    if (verdict.kind !== 'match')
        throw new errors/* Failure */.HR('verification', `the evidence’s archive, ${verdict.kind}: ${verdict.message}`, verdict);
    return unpackVerified(source, { download, archive: verdict.archive }, wanted, deps);
}
async function unpackVerified(source, { download, archive }, wanted, deps) {
    (0,cargo/* requireCargoLock */.ve)(archive.entries, source.commit);
    (0,cargo/* requireNoDockerignore */.x_)(archive.entries, source.commit);
    const version = (0,cargo/* packageVersion */.Tl)(archive.entries);
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(deps.temp, 'source-'));
    await writeTree(archive.entries, folder);
    const { replayed } = wanted;
    const recompressed = replayed !== undefined && replayed.archiveSha256 !== download.sha256;
    if (recompressed)
        deps.log.notice(`the archive was compressed again since the lock was made (SHA256 ${download.sha256}, then ${replayed.archiveSha256}); its tar and its tree are the same, so the build goes on`);
    deps.log.info(`phantun ${version}: archive of ${(0,src_text/* humanSize */.Xe)(download.bytes.length)} from ${download.from}, ${archive.entries.length} entries, tree ${source.tree} recomputed`);
    return {
        folder,
        id: source.tree,
        version,
        archiveUrl: (0,source_upstream/* archiveUrl */.Qq)(source.upstream, source.commit).href,
        archiveSha256: download.sha256,
        tarSha256: archive.tarSha256,
        from: download.from,
        archive: download.bytes,
        pinned: wanted.archiveSha256 !== undefined,
        recompressed,
    };
}
/** Another copy of the same verified files, in a folder of its own. */
async function writeTreeAgain(tree, deps) {
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(deps.temp, 'source-'));
    await writeTree((0,source_archive/* readArchive */.bL)(tree.archive).entries, folder);
    return { ...tree, folder };
}
/** Hashes the folder again: a build, or anything else, may have written to it. */
async function requireUnchanged({ folder, id }) {
    const now = (0,source_tree/* treeId */.Mh)(await readTree(folder));
    if (now !== id)
        throw new errors/* Failure */.HR('verification', `the verified source changed on disk while it was built: its tree is ${now} now, and was ${id}. Something else on this machine writes to ${folder}`);
}
/**
 * The kept archive if it is sound, else a download, else one fresh download, which tells a damaged one from another one.
 * What still does not fit is explained and refused.
 */
async function provenArchive(source, wanted, deps) {
    const expected = expectation(source, wanted);
    const kept = await cachedArchive(source);
    if (kept !== undefined) {
        const archive = proof(expected, kept);
        if (archive !== undefined)
            return { download: kept, archive };
        deps.log.warning(`the archive kept from an earlier run (SHA256 ${kept.sha256}) is not the one wanted; downloading`);
    }
    const first = await downloadArchive(source, wanted.upstreamToken, deps);
    const archive = proof(expected, first);
    if (archive !== undefined)
        return { download: first, archive };
    deps.log.warning(`the archive (SHA256 ${first.sha256}) is not what it should be; downloading it once more`);
    const second = await downloadArchive(source, wanted.upstreamToken, deps);
    deps.log.info(`SHA256 of the first download ${first.sha256}, of the second ${second.sha256}`);
    const again = proof(expected, second);
    if (again !== undefined) {
        deps.log.warning('the second download is right: the first one was damaged on its way');
        return { download: second, archive: again };
    }
    throw await explained(expected, second, source, wanted, deps);
}
/** A user's pin is of the archive; a replayed lock also knows its tar, and a tar that is the same needs no more. */
function expectation(source, { archiveSha256, replayed }) {
    return { ...source, archiveSha256, tarSha256: replayed?.tarSha256 };
}
/** The archive's content if it is what is expected. The pin is compared before a byte is unpacked. */
function proof(expected, { bytes, sha256 }) {
    if (expected.archiveSha256 !== undefined && expected.archiveSha256 !== sha256)
        return undefined;
    return judge(expected, { sha256, content: read(bytes) }).archive;
}
function read(bytes) {
    try {
        return (0,source_archive/* readArchive */.bL)(bytes);
    }
    catch (error) {
        return (0,errors/* toFailure */.w2)(error);
    }
}
/** What a server says of the time has 29 characters. */
const MAX_DATE_LENGTH = 40;
async function explained(expected, { bytes, sha256, date }, source, wanted, deps) {
    const received = { sha256, content: read(bytes) };
    // The diagnosis must not hide the finding: without it the verdict is only less precise.
    const facts = await askUpstream(source, wanted.upstreamToken, deps).catch((error) => {
        const { kind, message } = (0,errors/* toFailure */.w2)(error);
        if (kind === 'cancelled')
            throw error;
        deps.log.warning(`upstream could not be asked what differs: ${message}`);
        return undefined;
    });
    // It does not match, whatever upstream says: that only tells why.
    const { kind, message, details } = judge(expected, received, facts);
    const hint = source.ref === 'HEAD' && expected.archiveSha256 !== undefined
        ? `. ref is HEAD, which is now ${source.commit}: a SHA256 pin wants a commit pin beside it`
        : '';
    const where = `${(0,source_upstream/* archiveUrl */.Qq)(source.upstream, source.commit).href}, ${bytes.length} bytes${date === '' ? '' : `, ${(0,src_text/* printable */.g$)(date, MAX_DATE_LENGTH)}`}`;
    return new errors/* Failure */.HR('verification', `${kind}: ${message}${hint}`, { details: [where, ...details] });
}

;// CONCATENATED MODULE: ./.bundle/src/proof/replay.js







/** Reads the lock that input `lock` names. Failure class input. */
async function readLock(path) {
    return (0,proof_lock/* parseLock */.PG)(String(await (0,src_files/* readGivenFile */.Mh)('input lock', path, proof_lock/* MAX_LOCK_BYTES */.pe, 'the lock')));
}
/** The inputs of a run that replays a lock: what decides bytes comes from it. Contradictions are refused. Pure. */
function replayInputs(inputs, { inputs: locked }) {
    const { ref } = inputs;
    if (ref.kind !== 'head' && !(ref.kind === 'commit' && ref.commit === locked.commit))
        throw new errors/* Failure */.HR('input', `inputs ref and lock: the lock is of commit ${locked.commit}. Leave ref out when a lock is replayed`);
    if (inputs.upstreamToken !== undefined && inputs.upstream.url !== locked.upstream)
        throw new errors/* Failure */.HR('input', `inputs upstream-token and lock: the lock names the upstream ${(0,src_text/* printable */.g$)(locked.upstream)}, and the token is for ${inputs.upstream.url}. Set upstream to the lock's if the token is for that one`);
    if (Object.keys(inputs.labels).length > 0 && (0,src_difference/* differingMembers */.y)('', inputs.labels, locked.labels).length > 0)
        throw new errors/* Failure */.HR('input', 'inputs labels and lock: the lock names its labels. Leave labels out when it is replayed');
    return {
        ...inputs,
        upstream: (0,source_upstream/* parseUpstream */.xw)(locked.upstream),
        ref: (0,source_ref/* parseRef */.r)(locked.commit),
        platforms: locked.platforms,
        bases: (0,proof_lock/* lockedBases */.ro)(locked),
        labels: locked.labels,
    };
}
/** What of a lock depends on this release and is in the lock that it makes: asked before anything is fetched. Pure. */
function requireRecipe(locked, own) {
    if (!isSameRecipe(locked, own) || locked.wrapper !== own.wrapper)
        throw otherRelease('input', locked, own);
}
/** The same for a lock that is only built from: what decides bytes, and not which release it is that has it. Pure. */
function requireBuildable(locked, own) {
    if (!isSameRecipe(locked, own))
        throw otherRelease('not-found', locked, own);
}
function isSameRecipe(locked, own) {
    return locked.dockerfile === own.dockerfile && locked.layout === own.layout;
}
function otherRelease(kind, locked, own) {
    return new errors/* Failure */.HR(kind, `the lock was made by release ${(0,src_text/* printable */.g$)(locked.wrapper)} of phantun-runtime (Dockerfile ${locked.dockerfile.slice(0, 12)}, layout writer ${locked.layout}), and this is ${own.wrapper} (${own.dockerfile.slice(0, 12)}, ${own.layout}). Use that release for it`);
}
/** Requires of a lock made anew what the replayed one says: all inputs, and those facts that upstream answers. Pure. */
function requireSameLock(replayed, made) {
    const checkable = ({ inputs, facts: { version, archiveUrl, tarSha256 } }) => ({
        inputs,
        facts: { version, archiveUrl, tarSha256 },
    });
    requireSame(checkable(replayed), checkable(made));
}
/** Requires that what a lock says is what was found; every difference is named, the first in the message. Pure. */
function requireSame(locked, found) {
    const differences = (0,src_difference/* differingMembers */.y)('', locked, found, ['the lock says', 'this run found']);
    const [first] = differences;
    if (first === undefined)
        return;
    throw new errors/* Failure */.HR('verification', `the lock contradicts what was found: ${first}${(0,src_text/* andMore */.v)(differences)}`, {
        details: differences,
    });
}

;// CONCATENATED MODULE: ./.bundle/src/proof/confirm.js








/**
 * Asks upstream for the commit of a lock, gets its archive, and requires of both what the lock says. With them comes the history
 * to ask further. The token goes to the upstream that the lock names: see requireAsked.
 */
async function confirmSource(lock, known, deps) {
    const upstream = (0,source_upstream/* parseUpstream */.xw)(lock.inputs.upstream);
    const { source, history } = await resolve(upstream, (0,source_ref/* parseRef */.r)(lock.inputs.commit), known.upstreamToken, deps);
    const tree = await verify(source, { ...known, replayed: lock.facts }, deps);
    return { confirmed: confirmed(lock, source, tree), history };
}
/** The same from an evidence bundle, without a network, and so without a history: which one the commit is in is not asked. */
async function confirmEvidence(evidence, deps) {
    const { lock } = evidence;
    const { commit } = lock.inputs;
    const commitObject = await orLacking((0,proof_evidence/* readEvidenceFile */.M)(evidence, 'commit'));
    const source = {
        ...provenCommit(commitObject, commit),
        upstream: (0,source_upstream/* parseUpstream */.xw)(lock.inputs.upstream),
        ref: commit,
        commit,
        tagObject: undefined,
        reachableFrom: [],
        commitObject,
    };
    const wanted = { archiveSha256: undefined, upstreamToken: undefined, replayed: lock.facts };
    const archive = await orLacking((0,proof_evidence/* readEvidenceFile */.M)(evidence, 'archive'));
    return confirmed(lock, source, await verifyKept(source, archive, wanted, deps));
}
/** Reads a part of a bundle; one that is not there is class not-found: nothing is wrong with what is. */
async function orLacking(reading) {
    try {
        return await reading;
    }
    catch (error) {
        const { kind, message, cause } = (0,errors/* toFailure */.w2)(error);
        if (kind !== 'verification' || (0,errors/* errorCode */.CA)(cause) !== 'ENOENT')
            throw error;
        throw new errors/* Failure */.HR('not-found', message, { cause: error });
    }
}
function confirmed(lock, source, tree) {
    requireConfirmed(lock, { source, tree });
    return { source, tree };
}
/** Requires of a lock that it says of its source what was verified. Failure class verification. Pure. */
function requireConfirmed({ inputs, facts }, { source, tree }) {
    const { version, archiveUrl, tarSha256 } = facts;
    requireSame({ tree: inputs.tree, epoch: inputs.epoch, version, archiveUrl, tarSha256 }, {
        tree: source.tree,
        epoch: source.epoch,
        version: tree.version,
        archiveUrl: tree.archiveUrl,
        tarSha256: tree.tarSha256,
    });
}

;// CONCATENATED MODULE: ./.bundle/src/proof/history.js






/**
 * Refuses (class verification) a commit that the ref which was asked for does not name. A branch may have gone on since the
 * image was built: then it has to hold the commit.
 */
async function requireRef(ref, { commit }, history, { log }) {
    await requireStill(await history.at(ref), commit, history, log);
}
async function requireStill(named, commit, history, log) {
    const { name, commit: now } = named;
    if (!(await isStill(named, commit, history)))
        throw new errors/* Failure */.HR('verification', `upstream's ${name} names ${now}, and this image is of ${commit}. Build again, or give the ref that it was built from`);
    if (now !== commit)
        log.info(`Upstream's ${name} has gone on to ${now} since this image was built of ${commit}`);
}
/** Whether a ref names this commit still: a branch may have gone on, if it holds the commit. */
async function isStill({ name, commit: now }, commit, history) {
    const moves = name === 'HEAD' || name.startsWith('refs/heads/');
    return now === commit || (moves && (await history.isAncestor(commit, now)));
}
function tagDifferences({ tagObject }, named) {
    return (0,src_difference/* differingMembers */.y)('', { tagObject }, { tagObject: named.tagObject ?? '' }, ['the lock says', 'upstream']);
}
/** A text in a lock, to say of it what upstream has. */
function locked(name, text) {
    return `facts.${name}: the lock says ${(0,src_text/* printable */.g$)((0,json/* jsonText */.s$)(text))}`;
}
/**
 * Refuses (class verification) a lock whose facts upstream contradicts: they are signed, and whoever can write to the registry may
 * have put the lock there. What it says of the ref has to hold as for one that was asked for. A branch that was merged and deleted
 * contradicts nothing while others hold the commit: that is warned of.
 */
async function requireFacts({ facts }, source, history, deps) {
    const ref = lockedRef(facts.ref);
    const refuse = (fact) => new errors/* Failure */.HR('verification', `the lock is not what upstream says: ${fact}`);
    const named = await history.at(ref).catch((error) => {
        const { kind } = (0,errors/* toFailure */.w2)(error);
        if (kind === 'input')
            throw refuse(`${locked('ref', facts.ref)}, which names no single commit`);
        if (kind !== 'not-found')
            throw error;
        return undefined;
    });
    if (named === undefined) {
        const gone = `${locked('ref', facts.ref)}, which upstream does not have`;
        const [holder] = source.reachableFrom;
        if (ref.kind === 'commit' || holder === undefined)
            throw refuse(gone);
        deps.log.warning(`${NO_LONGER}${gone}. Its commit is held by ${(0,src_text/* printable */.g$)(holder)}${(0,src_text/* andMore */.v)(source.reachableFrom)}, so it passes`);
        return;
    }
    await requireStill(named, source.commit, history, deps.log);
    const [first] = tagDifferences(facts, named);
    if (first !== undefined)
        throw refuse(`facts.${first}`);
}
const NO_LONGER = 'upstream is no longer what the lock says: ';
/**
 * Warns of each fact about branches and tags that upstream contradicts now. Nothing fails for it: refs move and go, and the commit
 * itself is proven. A branch that has gone on and holds the commit is no difference.
 */
async function warnOfHistory({ facts }, source, history, { log }) {
    const warn = (fact) => log.warning(`${NO_LONGER}${fact}`);
    const named = await ifThere(async () => {
        const found = await history.at(lockedRef(facts.ref));
        return { ...found, still: await isStill(found, source.commit, history) };
    });
    const ref = locked('ref', facts.ref);
    if (named === undefined)
        warn(`${ref}, which upstream does not have`);
    else if (!named.still)
        warn(`${ref}, which names ${named.commit} now, not ${source.commit}`);
    if (named !== undefined)
        for (const difference of tagDifferences(facts, named))
            warn(`facts.${difference}`);
    const lost = facts.reachableFrom.filter((name) => !source.reachableFrom.includes(name)).slice(0, holders/* MAX_HOLDERS */.JG);
    for (const name of lost)
        if (!(await holds(name, source, history)))
            warn(`${locked('reachableFrom', name)}, which does not hold the commit`);
}
/** Whether a ref has the commit in its history, one of more than those that are named, too. */
async function holds(name, source, history) {
    if (source.reachableFrom.length < holders/* MAX_HOLDERS */.JG)
        return false;
    const named = await ifThere(() => history.at(lockedRef(name)));
    return named !== undefined && history.isAncestor(source.commit, named.commit);
}
/** What is asked of a ref; undefined when upstream has none of that name, or none that names a commit. */
async function ifThere(ask) {
    try {
        return await ask();
    }
    catch (error) {
        if (!['not-found', 'input', 'verification'].includes((0,errors/* toFailure */.w2)(error).kind))
            throw error;
        return undefined;
    }
}
function lockedRef(text) {
    try {
        return (0,source_ref/* parseRef */.r)(text);
    }
    catch (cause) {
        throw new errors/* Failure */.HR('verification', `the lock is of the ref '${(0,src_text/* printable */.g$)(text)}', which is none`, { cause });
    }
}

// EXTERNAL MODULE: ./.bundle/src/wrapper.js
var wrapper = __webpack_require__(50060);
;// CONCATENATED MODULE: ./.bundle/src/image/build/arguments.js
/** The arguments of `docker` for one call. Pure. */
function buildArguments({ spec, platforms, output, context }) {
    const labels = Object.entries(spec.labels)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([key, value]) => ['--label', `${key}=${value}`]);
    return [
        ...['buildx', 'build'],
        ...['--builder', spec.builder],
        ...['--platform', platforms.join(',')],
        ...['--file', spec.dockerfile],
        ...(spec.noCache ? ['--no-cache'] : []),
        ...['--build-context', `source=${spec.contexts.source}`],
        ...(spec.contexts.crates === undefined ? [] : ['--build-context', `crates=${spec.contexts.crates}`]),
        ...baseArguments('RUST_IMAGE', 'rust', spec.bases),
        ...baseArguments('SHELL_IMAGE', 'shell', spec.bases),
        ...['--build-arg', `SOURCE_DATE_EPOCH=${spec.epoch}`],
        ...['--provenance=false', '--sbom=false'],
        ...['--progress', 'plain'],
        ...(output.kind === 'image'
            ? [
                ...labels,
                ...['--metadata-file', output.metadata],
                ...['--output', `type=oci,dest=${output.layout},tar=false,compression=uncompressed,force-compression=true`],
            ]
            : [
                ...['--target', output.stage],
                // A folder for a platform, even for one alone: before BuildKit 0.23 platform-split=true does not do that.
                ...['--build-arg', 'BUILDKIT_MULTI_PLATFORM=true'],
                ...['--output', `type=local,dest=${output.folder}`],
            ]),
        context,
    ];
}
function baseArguments(argument, name, bases) {
    const base = bases[name];
    if (typeof base === 'string')
        return ['--build-arg', `${argument}=${base}`];
    const context = `${name}-base`;
    return [
        ...['--build-arg', `${argument}=${context}`],
        ...['--build-context', `${context}=oci-layout://${base.folder}@${base.digest}`],
    ];
}

;// CONCATENATED MODULE: ./.bundle/src/image/build/ending.js
/** Reads the last lines of a build. Pure. */
function endingOf(tail) {
    // A step may print a line that looks like it, behind a carriage return say, but none behind it.
    const conclusion = tail.findLast((line) => line.startsWith('ERROR: ')) ?? '';
    const [, command, ended] = /process "(.*)" did not complete successfully: (.*)$/.exec(conclusion) ?? [];
    if (command === undefined || ended === undefined)
        return { buildkit: conclusion };
    const failed = tail.findLast((line) => /^#\d+ ERROR: process .* did not complete successfully: /.test(line)) ?? '';
    const prefix = `${failed.split(' ')[0] ?? ''} `;
    const lines = tail
        .filter((line) => line.startsWith(prefix))
        .flatMap((line) => /^#\d+ \d+\.\d+ ?(.*)$/.exec(line)?.slice(1) ?? []);
    return { buildkit: '', step: { command, ended, lines } };
}
/** The error that cargo ended with, if it did, in what a step printed. Pure. */
function cargoErrorIn(lines) {
    const ofProgram = lines.findLastIndex((line) => /^error: (could not compile|failed to run custom build)/.test(line));
    const at = ofProgram >= 0 ? ofProgram : lines.findLastIndex((line) => line.startsWith('error: '));
    const error = lines[at];
    if (error === undefined)
        return undefined;
    const behind = lines.slice(at + 1);
    // What the program printed that cargo ran.
    const quoted = behind.findIndex((line) => /^ {2}--- std(out|err)$/.test(line) || /^(?!Caused by:$)\S/.test(line));
    const chain = quoted < 0 ? behind : behind.slice(0, quoted);
    const causes = chain.filter((_, index) => chain[index - 1] === 'Caused by:').map((line) => line.trim());
    return { error, causes, before: lines.slice(0, at) };
}
/** The last error of rustc's that cargo counts, if it is about no place in the source, which may decide its text. Pure. */
function rustcErrorIn({ error, before }) {
    if (!/^error: could not compile .* due to /.test(error))
        return [];
    const at = before.findLastIndex((line) => /^error(\[E\d+\])?: /.test(line));
    return at < 0 || /^ *--> /.test(before[at + 1] ?? '') ? [] : before.slice(at);
}

;// CONCATENATED MODULE: ./.bundle/src/image/build/failure.js



const LAST_LINES = 50;
const STEP_FAILED = /^#\d+ ERROR: /;
const STEP_OR_CONCLUSION = /^(#\d+ |ERROR: )/;
/**
 * The last 50 lines of the steps of a build, in `lines`. buildx tells in the end of a failed step's last lines once more and of
 * its whole text in the Dockerfile: that would push out why it failed, so nothing of it is taken but the conclusion.
 */
function lastLines() {
    const lines = [];
    let failed = false;
    return {
        lines,
        add: (line) => {
            failed ||= STEP_FAILED.test(line);
            if (failed && !STEP_OR_CONCLUSION.test(line))
                return;
            lines.push(line);
            if (lines.length > LAST_LINES)
                lines.shift();
        },
    };
}
/**
 * What a failed build means, from its exit code and last lines, which go into the summary. Who says something decides what it
 * means: the words of any fault may be printed by a program of upstream, or quoted from its source. Pure.
 */
function buildFailure(code, tail, platform, disk) {
    const details = tail.map((line) => (0,src_text/* printable */.g$)(line, 300));
    const what = `the build of ${platform} failed`;
    const ending = endingOf(tail);
    if (code === 137 || isMemory(ending))
        return new errors/* Failure */.HR('local', `${what}: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once`, {
            details,
        });
    if (/toomanyrequests|429 Too Many Requests|pull rate limit/i.test(ending.buildkit)) {
        const registry = limitingRegistry(ending.buildkit);
        return new errors/* Failure */.HR('rate-limit', `${what}: ${registry ?? 'the registry of a base image'} limits how often this machine may pull. Log in with 'docker login${registry === undefined ? '' : ` ${registry}`}', or name a mirror in rust-image and shell-image`, { details });
    }
    const full = fullPlace(ending.buildkit, disk);
    if (full !== undefined)
        return new errors/* Failure */.HR('local', `${what}: no space left for what docker writes to ${(0,src_text/* printable */.g$)(full, 1_000)}. Free some disk space and run again`, { details });
    if (isDisk(ending))
        return new errors/* Failure */.HR('local', `${what}: no space left where the builder keeps its files. 'docker buildx prune' frees some`, { details });
    if (ending.step !== undefined && isUnreachable(ending.step))
        return new errors/* Failure */.HR('transient', `${what}: dependency source unavailable, cargo could not fetch the crates that Cargo.lock names`, { details });
    const compiler = /^.*?\b(error(\[E\d+\])?: .+)$/m.exec(tail.join('\n'))?.[1];
    return new errors/* Failure */.HR('build', `${what}, exit code ${code}${compiler === undefined ? '' : `: ${(0,src_text/* printable */.g$)(compiler)}`}. The last lines are in the summary`, {
        details,
    });
}
function isMemory({ buildkit, step }) {
    if (step === undefined)
        return /cannot allocate memory|out of memory|OOMKilled/i.test(buildkit);
    // BuildKit's word for a step of which the kernel has killed a process is that of ENOMEM.
    if (/^exit code: 137$|\bcannot allocate memory$/.test(step.ended))
        return true;
    const cargo = cargoErrorIn(step.lines);
    if (cargo === undefined)
        return toolsSay(step, 'Cannot allocate memory');
    if (cargo.causes.some((cause) => /^process .*\(signal: 9, SIGKILL: kill\)$|Cannot allocate memory \(os error 12\)$/.test(cause)))
        return true;
    if (/^error: linking with .* failed: signal: 9 \(SIGKILL\)$/.test(rustcErrorIn(cargo)[0] ?? ''))
        return true;
    // Of the compiler alone: a build script that aborts has its own reasons.
    const aborted = cargo.causes.some((cause) => /^process .*\(signal: 6, SIGABRT: /.test(cause));
    const said = /^memory allocation of \d+ bytes failed$|^(rustc-)?LLVM ERROR: out of memory/;
    return aborted && cargo.error.startsWith('error: could not compile') && cargo.before.some((line) => said.test(line));
}
function isDisk({ buildkit, step }) {
    if (step === undefined)
        return /no space left on device/i.test(buildkit);
    const cargo = cargoErrorIn(step.lines);
    if (cargo === undefined)
        return toolsSay(step, 'No space left on device');
    if (cargo.causes.some((cause) => /(^|: )No space left on device \(os error 28\)$/.test(cause)))
        return true;
    const [error = '', ...notes] = rustcErrorIn(cargo);
    if (!error.startsWith('error: linking with '))
        return /: No space left on device( \(os error 28\))?( at path ".*")?$/.test(error);
    // lld quotes names of the source's, too.
    return notes.some((note) => /rust-lld: error: failed to (open|write output) .*: No space left on device$/.test(note));
}
/** Whether one of the Dockerfile's own programs says so, in a step that runs none of upstream's. */
function toolsSay({ command, lines }, words) {
    const said = new RegExp(`^[\\w./-]+: .*\\b${words}\\)?$`);
    return !command.includes('cargo build') && lines.some((line) => said.test(line));
}
/** Whether cargo has not come by the crates; ones that are not what Cargo.lock says it has come by. */
function isUnreachable({ command, lines }) {
    if (!command.includes('cargo fetch'))
        return false;
    const { error = '', causes = [] } = cargoErrorIn(lines) ?? {};
    const said = [error.replace('error: ', ''), ...causes];
    if (said.some((line) => line.includes('checksum')))
        return false;
    return said.some((line) => /^(failed to download |download of .* failed|unable to update registry|failed to get successful HTTP response|\[\d+\] )/i.test(line));
}
/** What of the run's own has no room on its disk. buildx says of files that it cannot write no more than that it ended. */
function fullPlace(buildkit, { folder, full }) {
    const at = buildkit.indexOf(`${folder}/`);
    const [path] = /^.*?(?=: (no space left on device|disk quota exceeded))/.exec(at < 0 ? '' : buildkit.slice(at)) ?? [];
    if (path !== undefined)
        return path;
    return full && /: (EOF|context canceled)$/.test(buildkit) ? folder : undefined;
}
/** The registry that BuildKit says it has asked. */
function limitingRegistry(buildkit) {
    const host = '((?:[\\w-]+\\.)+[\\w-]+(?::\\d+)?|[\\w-]+:\\d+|localhost|\\[[\\da-f:]+\\](?::\\d+)?)/';
    const places = [`https?://${host}v2/`, `\\bfor ${host}`, `failed to solve: ${host}`];
    const [found] = places.flatMap((place) => new RegExp(place).exec(buildkit)?.[1] ?? []);
    // Where Docker Hub answers; a login is for the other name.
    return found === 'registry-1.docker.io' ? 'docker.io' : found && (0,src_text/* printable */.g$)(found);
}

;// CONCATENATED MODULE: ./.bundle/src/image/build/buildx.js












const BUILD_DEADLINE_SECONDS = 3 * 3_600;
/** What is left of a disk on which a write had no room: less than one write's. */
const LITTLE_ROOM_BYTES = 65_536;
/** Where such files are below `folder`, for one platform at least. Pure. */
function buildFilesIn(folder, platforms) {
    const [crates = ''] = exportedFolders((0,external_node_path_.join)(folder, 'crates'), platforms).values();
    return { folder, facts: exportedFolders((0,external_node_path_.join)(folder, 'facts'), platforms), crates };
}
/**
 * Builds every platform, all at once, a call each; the calls for `files` run beside them and share their steps. `folder` is
 * made and belongs to this build alone. Resolves with the layout of each platform.
 */
async function buildEach(platforms, spec, folder, files, deps) {
    const context = (0,external_node_path_.join)(folder, 'context');
    const images = (0,external_node_path_.join)(folder, 'images');
    await (0,promises_.mkdir)(context, { recursive: true });
    await (0,promises_.mkdir)(images);
    const layouts = new Map(platforms.map((platform) => [platform, (0,external_node_path_.join)(images, (0,src_platform/* platformSlug */.DN)(platform))]));
    const calls = [...layouts].map(([platform, layout]) => ({
        platforms: [platform],
        output: { kind: 'image', layout, metadata: `${layout}.json` },
    }));
    if (files) {
        calls.push({ platforms, output: stageFiles('facts', files.folder) });
        // The crates are those of Cargo.lock, for all platforms.
        calls.push({ platforms: platforms.slice(0, 1), output: stageFiles('crates', files.folder) });
    }
    await together(deps, (deps) => calls.map((call) => buildOne({ spec, context, ...call }, deps)));
    return layouts;
}
/** The files of one stage for each platform; resolves with their folders, below `folder`. */
async function exportStage(stage, platforms, spec, folder, deps) {
    const context = (0,external_node_path_.join)(folder, 'context');
    await (0,promises_.mkdir)(context, { recursive: true });
    const output = stageFiles(stage, folder);
    await buildOne({ spec, platforms, output, context }, deps);
    return exportedFolders(output.folder, platforms);
}
function stageFiles(stage, folder) {
    return { kind: 'files', stage, folder: (0,external_node_path_.join)(folder, stage) };
}
function exportedFolders(folder, platforms) {
    return new Map(platforms.map((platform) => [platform, (0,external_node_path_.join)(folder, (0,src_platform/* platformFolder */.Or)(platform))]));
}
async function buildOne(call, deps) {
    const { output } = call;
    const platform = call.platforms.join(', ');
    // Only a registry's rate limit is waited for; a compile is never tried twice.
    await (0,retry/* withRetries */.LH)(`building ${platform}`, deps, async () => {
        const tail = lastLines();
        const { code } = await (0,process/* execute */.g7)('docker', buildArguments(call), {
            env: (0,process/* childEnvironment */.Qc)('docker'),
            what: `the build of ${platform}`,
            deadlineSeconds: BUILD_DEADLINE_SECONDS,
            onLine: (line) => {
                // A stage's files come from a call beside the image's: what both do is printed once.
                if (output.kind === 'image')
                    deps.log.child(line, platform);
                tail.add(line);
            },
        }, deps);
        if (code === 0)
            return;
        const disk = { folder: deps.temp, full: await isFull(deps.temp) };
        throw buildFailure(code, tail.lines, platform, disk);
    }, ['rate-limit']);
    if (output.kind === 'image')
        await requireMetadata(output.metadata, platform);
}
/** Whether a folder's disk has no room for another file. */
async function isFull(folder) {
    const { bavail, bsize, files, ffree } = await (0,promises_.statfs)(folder);
    // Some file systems count no files.
    return bavail * bsize < LITTLE_ROOM_BYTES || (files > 0 && ffree === 0);
}
/** docker may exit 0 without having built what was asked; the metadata names what it exported. */
async function requireMetadata(file, platform) {
    const what = "buildx's metadata";
    try {
        const metadata = (0,json/* asObject */.eB)((0,json/* parseJson */.qF)(await (0,src_files/* readCapped */.EF)(file, limits/* MAX_JSON_BYTES */.E, what), what), what);
        (0,json/* asText */.e1)(metadata['containerimage.digest'], what);
    }
    catch (cause) {
        throw new errors/* Failure */.HR('local', `docker buildx ended well for ${platform} but names no image digest. Update buildx and BuildKit`, { cause });
    }
}

;// CONCATENATED MODULE: ./.bundle/src/image/build/built.js








// index.json → index → manifest is the deepest that buildx writes.
const MAX_INDEX_DEPTH = 2;
/**
 * Reads what `docker buildx build --output type=oci,tar=false,compression=uncompressed,force-compression=true
 * --provenance=false --sbom=false` wrote for one platform: one image, one uncompressed layer, every digest recomputed.
 * Blobs that nothing names are left alone. Failures are class verification, or class local if there is no layout at
 * all.
 */
async function readBuilt(folder, platform) {
    const what = `the build of ${platform}`;
    const index = await (0,src_files/* readCapped */.EF)((0,external_node_path_.join)(folder, 'index.json'), limits/* MAX_JSON_BYTES */.E, 'index.json').catch((cause) => {
        const message = `docker buildx ended without an error, but left no OCI layout of ${platform} in ${folder}`;
        throw new errors/* Failure */.HR('local', message, { cause });
    });
    const manifests = await manifestsOf(folder, index, what, MAX_INDEX_DEPTH);
    const [first] = manifests;
    if (first === undefined || manifests.length !== 1)
        throw (0,json/* wrong */.Qm)(`number of images in ${what}`, '1 (one platform, no attestations)', String(manifests.length));
    const manifest = (0,json/* asObject */.eB)(await readJson(folder, first, `manifest of ${what}`), `manifest of ${what}`);
    const layers = (0,json/* asList */.DD)(manifest.layers, `layers of ${what}`);
    if (layers.length !== 1)
        throw (0,json/* wrong */.Qm)(`number of layers in ${what}`, '1 (a single COPY into scratch)', String(layers.length));
    const layer = (0,oci/* asDescriptor */.G8)(layers[0], oci/* MEDIA_TYPES */.Z2.layer, `layer of ${what}`);
    const configBlob = (0,oci/* asDescriptor */.G8)(manifest.config, oci/* MEDIA_TYPES */.Z2.config, `config of ${what}`);
    const configFound = await (0,layout_blobs/* readBlob */.g)(folder, configBlob, limits/* MAX_JSON_BYTES */.E, `config of ${what}`);
    const config = (0,layout_config/* parseConfig */.o)(configFound, `config of ${what}`);
    if (config.platform !== platform)
        throw (0,json/* wrong */.Qm)(`platform of ${what}`, platform, config.platform);
    // Uncompressed, a layer's digest and its diff_id are one number.
    if (config.diffIds.join() !== layer.digest)
        throw (0,json/* wrong */.Qm)(`diff_ids of ${what}`, layer.digest, config.diffIds.join());
    return {
        platform,
        config: config.runtime,
        layer: await (0,layout_blobs/* readBlob */.g)(folder, layer, limits/* MAX_LAYER_BYTES */.t, `layer of ${what}`),
    };
}
async function manifestsOf(folder, index, what, depth) {
    if (depth === 0)
        throw new errors/* Failure */.HR('verification', `${what}: indexes are nested too deep`);
    const children = (0,json/* asList */.DD)((0,json/* asObject */.eB)((0,json/* parseJson */.qF)(index, `index of ${what}`), `index of ${what}`).manifests, what);
    const found = [];
    for (const child of children) {
        if ((0,json/* asObject */.eB)(child, `index of ${what}`).mediaType === oci/* MEDIA_TYPES */.Z2.index) {
            const nested = (0,oci/* asDescriptor */.G8)(child, oci/* MEDIA_TYPES */.Z2.index, `index of ${what}`);
            const bytes = await (0,layout_blobs/* readBlob */.g)(folder, nested, limits/* MAX_JSON_BYTES */.E, `index of ${what}`);
            found.push(...(await manifestsOf(folder, bytes, what, depth - 1)));
        }
        else {
            found.push((0,oci/* asDescriptor */.G8)(child, oci/* MEDIA_TYPES */.Z2.manifest, `manifest of ${what}`));
        }
    }
    return found;
}
async function readJson(folder, blob, what) {
    return (0,json/* parseJson */.qF)(await (0,layout_blobs/* readBlob */.g)(folder, blob, limits/* MAX_JSON_BYTES */.E, what), what);
}

;// CONCATENATED MODULE: ./.bundle/src/image/build/image.js










/** One buildx call a platform in `folder`, the tree hashed again behind it, the layouts composed into the canonical image. */
async function buildImage(order, folder, deps) {
    const { lock, tree, builder, crates, noCache } = order;
    const labels = (0,image_labels/* imageLabels */.J0)(lock.inputs, lock.facts.version, (0,proof_lock/* buildKey */.sI)(lock.inputs));
    const layouts = await buildEach(lock.inputs.platforms, {
        builder,
        dockerfile: wrapper/* DOCKERFILE */.RX,
        contexts: { source: tree.folder, crates },
        bases: order.bases ?? lock.inputs.bases,
        epoch: lock.inputs.epoch,
        labels,
        noCache,
    }, folder, order.files, deps);
    await requireUnchanged(tree);
    const built = await Promise.all([...layouts].map(([platform, layout]) => readBuilt(layout, platform)));
    await (0,gzip/* packAhead */.h_)(built.map(({ layer }) => layer));
    return (0,compose/* compose */.Zz)(built, { epochSeconds: lock.inputs.epoch, annotations: labels });
}
/** The most cargo may have to say of the packages: of phantun's, of which there are hundreds, it says some megabytes. */
const MAX_METADATA_BYTES = 64_000_000;
const MAX_TOOLCHAIN_BYTES = 64_000;
/** What stage `facts` wrote for one platform. */
async function readFacts(files, platform) {
    const folder = files.facts.get(platform) ?? '';
    const toolchain = await (0,src_files/* readCapped */.EF)((0,external_node_path_.join)(folder, 'toolchain'), MAX_TOOLCHAIN_BYTES, `the toolchain of ${platform}`);
    return {
        metadata: await (0,src_files/* readCapped */.EF)((0,external_node_path_.join)(folder, 'metadata.json'), MAX_METADATA_BYTES, `cargo's metadata of ${platform}`),
        toolchain: toolchain.toString('utf8'),
    };
}

// EXTERNAL MODULE: ./.bundle/src/image/view.js
var image_view = __webpack_require__(92032);
;// CONCATENATED MODULE: ./.bundle/src/proof/rebuild.js





/** Requires the digest that the user expects, if any. */
function requireDigest(expected, digest) {
    if (expected === undefined || expected === digest)
        return;
    throw new errors/* Failure */.HR('verification', `input expect-digest is ${expected}, and this image has ${digest}. Nothing was published. Another commit, base image, builder platform, label or release of phantun-runtime gives another digest: replay that image's lock`);
}
/** Builds once more, without cache and from another copy of the tree, and requires the same digest. */
async function requireIdentical(image, order, folder, deps) {
    const tree = await writeTreeAgain(order.tree, deps);
    const again = await buildImage({ ...order, tree, noCache: true }, folder, deps);
    const comparison = compareImages((0,image_view/* viewOf */.du)(image), (0,image_view/* viewOf */.du)(again), ['the first build', 'the second']);
    if (comparison.verdict === 'identical') {
        deps.log.info(`The second build gave ${again.index.digest}, too`);
        return comparison.verdict;
    }
    throw differing(comparison);
}
function differing({ verdict, differences }) {
    return new errors/* Failure */.HR('verification', `a second build gave another image (${verdict}): ${foremost(differences)}. Nothing was published`, {
        details: differences,
    });
}

// EXTERNAL MODULE: ./.bundle/src/image/pulled.js
var pulled = __webpack_require__(9231);
;// CONCATENATED MODULE: ./.bundle/src/image/build/bases.js








const bases_DEADLINE_SECONDS = 60;
/**
 * Resolves each base image to the digest of its index, once a run, and requires that the index has every platform that is to be
 * built; the builder's own, whose compiler is taken, shows in the build. The digest is computed here from the bytes the registry serves.
 */
async function pinBases(bases, platforms, deps) {
    const [rust, shell] = await together(deps, (deps) => [
        pinBase(bases.rust, platforms, deps),
        pinBase(bases.shell, platforms, deps),
    ]);
    return { rust, shell };
}
/** One of them, as `name:tag@digest`. */
async function pinBase(base, platforms, deps) {
    const name = (0,reference/* formatReference */.FH)(base);
    const bytes = await (0,retry/* withRetries */.LH)(`resolving ${name}`, deps, async () => {
        const { code, stdout, stderr } = await (0,process/* execute */.g7)('docker', ['buildx', 'imagetools', 'inspect', '--raw', name], { env: (0,process/* childEnvironment */.Qc)('docker'), what: `looking up ${name}`, deadlineSeconds: bases_DEADLINE_SECONDS }, deps);
        if (code !== 0)
            throw (0,image_registry/* registryFailure */.MX)(stderr, `base image ${name}`, name);
        return stdout;
    });
    const digest = (0,hash/* digestOf */.ol)(bytes);
    if (base.digest !== undefined && base.digest !== digest)
        throw new errors/* Failure */.HR('verification', `the registry serves ${digest} for ${name}`);
    const missing = missingPlatforms(bytes, platforms);
    if (missing === undefined)
        throw new errors/* Failure */.HR('input', `base image ${name} is not a multi-platform index. Name an image that serves ${platforms.join(', ')}`);
    if (missing.length > 0)
        throw new errors/* Failure */.HR('input', `base image ${name} does not exist for ${missing.join(', ')}. Name another one, or fewer platforms`);
    return (0,reference/* formatReference */.FH)({ ...base, digest });
}
/** Platforms that an index lacks; undefined when the bytes are not an index. Pure. */
function missingPlatforms(index, platforms) {
    let parsed;
    try {
        parsed = JSON.parse(index.toString('utf8'));
    }
    catch {
        return undefined;
    }
    const manifests = parsed?.manifests;
    if (!Array.isArray(manifests))
        return undefined;
    const served = manifests.map((manifest) => manifest?.platform);
    return platforms.filter((platform) => {
        const wanted = (0,src_platform/* platformParts */.Yn)(platform);
        return !served.some((have) => have?.os === wanted.os &&
            have.architecture === wanted.architecture &&
            (wanted.variant === undefined || have.variant === wanted.variant));
    });
}

;// CONCATENATED MODULE: ./.bundle/src/image/build/buildPlatform.js






const MAX_PLATFORM_BYTES = 1_000;
/**
 * The platform whose compiler will build each platform, as BuildKit's BUILDPLATFORM has it. Only the builder knows: its
 * nodes may differ, and what `docker buildx inspect` lists first may be what its user wrote.
 */
async function readBuildPlatforms(platforms, builder, source, folder, deps) {
    // The stage takes nothing from them, and what is not needed is not resolved: no need to wait until they are pinned.
    const bases = { rust: 'scratch', shell: 'scratch' };
    const spec = { builder, dockerfile: wrapper/* DOCKERFILE */.RX, contexts: { source }, bases, epoch: 0, labels: {}, noCache: false };
    const folders = await exportStage('build-platform', platforms, spec, folder, deps);
    const found = {};
    for (const [platform, from] of folders) {
        const said = await (0,src_files/* readCapped */.EF)((0,external_node_path_.join)(from, 'build-platform'), MAX_PLATFORM_BYTES, `the builder's word on ${platform}`);
        const text = said.toString('utf8').trim();
        if (!src_platform/* BUILD_PLATFORM */.vG.test(text))
            throw new errors/* Failure */.HR('local', `the builder ${builder} does not say which platform it runs on. Update BuildKit`);
        found[platform] = text;
    }
    return found;
}

;// CONCATENATED MODULE: ./.bundle/src/image/build/builder.js







const OLDEST_BUILDKIT = '0.13';
const OLDEST_ENGINE = '26.0';
const START_DEADLINE_SECONDS = 180;
/**
 * The builder to use: the one named, else the current one if it can export OCI layouts, else one made for this run.
 * `hostNetwork`: bases live in a registry on this machine's loopback, which a builder in a container of its own sees
 * only through the host's network.
 */
async function chooseBuilder(wanted, hostNetwork, deps) {
    // What is asked does not depend on the answers; which answer matters does.
    const [, found, answer] = await together(deps, (deps) => [
        requireBuildx(deps),
        inspect(wanted, deps),
        askEngine(deps).catch(errors/* toFailure */.w2),
    ]);
    if (found === undefined && wanted !== undefined)
        throw new errors/* Failure */.HR('input', `input builder: there is no usable buildx builder '${wanted}'. 'docker buildx ls' lists them, 'docker buildx create' makes one`);
    const needsEngine = found === undefined || found.driver === 'docker' || found.driver === 'docker-container';
    if (answer instanceof errors/* Failure */.HR && needsEngine)
        throw answer;
    const engine = answer instanceof errors/* Failure */.HR ? undefined : answer;
    if (found !== undefined && (found.driver !== 'docker' || engine?.containerdStore === true)) {
        requireBuildkit(found, engine);
        return { builder: { ...builder_describe(found, engine), remove: () => Promise.resolve() }, engine };
    }
    if (wanted !== undefined)
        throw new errors/* Failure */.HR('input', `input builder: '${wanted}' keeps images in the classic docker store and cannot export OCI layouts of several platforms. Make one that can: docker buildx create --name ${wanted}-container --driver docker-container`);
    return { builder: await createBuilder(hostNetwork, deps), engine };
}
function builder_describe(found, engine) {
    return found.driver === 'docker' && engine !== undefined ? { ...found, buildkit: `engine ${engine.version}` } : found;
}
function requireBuildkit(found, engine) {
    const [what, versions, oldest] = found.driver === 'docker'
        ? ['the docker engine', [engine?.version ?? ''], OLDEST_ENGINE]
        : [`BuildKit of builder ${found.name}`, found.buildkit.split(', '), OLDEST_BUILDKIT];
    for (const version of versions.map((text) => text.replace(/^v/, ''))) {
        // Distributions build BuildKit without its version; what cannot be read is let through and would fail in the build.
        if (/^0\.0\.0|^$/.test(version))
            continue;
        if (isOlder(version.split(/[+~-]/)[0] ?? '', oldest))
            throw new errors/* Failure */.HR('local', `${what} is version ${(0,src_text/* printable */.g$)(version)}; ${oldest} or newer is needed. Update it`);
    }
}
async function createBuilder(hostNetwork, deps) {
    const name = (0,external_node_path_.basename)(deps.temp); // by which a later step finds it, should this one be killed
    deps.log.info(`The current builder cannot export OCI layouts; making ${name} for this run`);
    const options = hostNetwork ? ['--driver-opt', 'network=host'] : [];
    let removal;
    const remove = () => (removal ??= (0,ownFolder/* removeMade */.gp)('builder', deps));
    await (0,ownFolder/* noteMade */.qq)('builder', deps.temp);
    try {
        const made = await buildx(['create', '--name', name, '--driver', 'docker-container', ...options], deps);
        if (made.code !== 0)
            throw new errors/* Failure */.HR('local', `docker buildx create failed: ${(0,src_text/* printable */.g$)(made.stderr, 400)}`);
        const found = await inspect(name, deps);
        if (found === undefined)
            throw new errors/* Failure */.HR('local', `the builder ${name} does not start. 'docker buildx create --bootstrap' on this machine shows why`);
        return { ...found, remove };
    }
    catch (error) {
        await remove();
        throw error;
    }
}
async function inspect(name, deps) {
    const { code, stdout } = await buildx(['inspect', '--bootstrap', ...(name === undefined ? [] : [name])], deps);
    return code === 0 ? parseInspect(stdout.toString('utf8')) : undefined;
}
function buildx(args, deps) {
    return (0,process/* execute */.g7)('docker', ['buildx', ...args], optionsOf(args[0] ?? ''), deps);
}
function optionsOf(verb) {
    return {
        env: (0,process/* childEnvironment */.Qc)('docker'),
        what: `docker buildx ${verb}`,
        deadlineSeconds: START_DEADLINE_SECONDS,
    };
}
/** Reads the text of `docker buildx inspect`; undefined when no node of the builder runs. Pure. */
function parseInspect(text) {
    const fields = (name) => [...text.matchAll(new RegExp(`^${name}: *(.+)$`, 'gm'))].map(([, value = '']) => value.trim());
    const [name] = fields('Name'); // the builder's, before its nodes'
    const [driver] = fields('Driver');
    if (name === undefined || driver === undefined || !fields('Status').includes('running'))
        return undefined;
    // Older releases of buildx say `Buildkit:`.
    return { name, driver, buildkit: [...new Set(fields('Build[Kk]it(?: version)?'))].join(', ') };
}

;// CONCATENATED MODULE: ./.bundle/src/proof/fromLock.js













/**
 * Builds what a lock says, without cache, from its verified source, the crates in its evidence, and the base images there or else
 * in their registries. Failures are class not-found for what is nowhere.
 */
async function buildFromLock(evidence, { tree }, wanted, deps) {
    const { lock, folder } = evidence;
    const bases = (0,proof_lock/* lockedBases */.ro)(lock.inputs);
    const local = await localBases(folder, bases, deps);
    if (local === undefined)
        await requireBases(Object.values(bases), lock.inputs.platforms, deps);
    const crates = await cratesOfEvidence(folder, await (0,promises_.readFile)((0,external_node_path_.join)(tree.folder, 'Cargo.lock'), 'utf8'), deps);
    // Bases from the evidence are anybody's, and no registry is asked for them.
    const hostNetwork = local === undefined && (0,reference/* needHostNetwork */.Ff)(bases);
    const { builder } = await chooseBuilder(wanted, hostNetwork, deps);
    try {
        const { buildPlatforms, platforms } = lock.inputs;
        const here = await readBuildPlatforms(platforms, builder.name, tree.folder, (0,external_node_path_.join)(deps.temp, 'platforms'), deps);
        for (const line of (0,src_difference/* differingMembers */.y)('', buildPlatforms, here, ['compiled on', 'here on']))
            deps.log.notice(`another platform compiles than did for the lock: ${line}`);
        return await buildImage({
            lock,
            tree,
            builder: builder.name,
            bases: local,
            crates,
            noCache: true,
        }, (0,external_node_path_.join)(deps.temp, 'reproduced'), deps);
    }
    finally {
        await builder.remove();
    }
}
/** The folder of crates to build with. An empty one, too: without any the build would ask crates.io, with a shell and a network. */
async function cratesOfEvidence(folder, cargoLock, deps) {
    // Absolute: buildx takes some relative paths for addresses of repositories.
    const crates = (0,external_node_path_.resolve)(folder, proof_evidence/* EVIDENCE */.S4.crates);
    const { size } = await orLacking((0,proof_evidence/* readCrates */.Vc)(crates, cargoLock));
    if (size > 0)
        return crates;
    return (0,promises_.mkdtemp)((0,external_node_path_.join)(deps.temp, 'no-crates-'));
}
/** The lock's bases must be in their registries still; all that are gone are named. */
async function requireBases(bases, platforms, deps) {
    const gone = [];
    for (const base of bases)
        await pinBase(base, platforms, deps).catch((error) => {
            if (!(error instanceof errors/* Failure */.HR) || error.kind !== 'not-found')
                throw error;
            gone.push(error.message);
        });
    if (gone.length > 0)
        throw new errors/* Failure */.HR('not-found', gone.join('\n'));
}
/** Base images that somebody put into the bundle: used when both are there, each the one that the lock names. */
async function localBases(folder, bases, deps) {
    const layouts = { rust: (0,external_node_path_.join)(folder, proof_evidence/* EVIDENCE */.S4.base('rust')), shell: (0,external_node_path_.join)(folder, proof_evidence/* EVIDENCE */.S4.base('shell')) };
    const there = await Promise.all(Object.values(layouts).map((layout) => (0,promises_.stat)(layout).catch(() => undefined)));
    if (there.every((status) => status === undefined))
        return undefined;
    const local = async (name) => {
        const { digest } = await orLacking(topOfLayout(layouts[name]));
        if (digest !== bases[name].digest)
            throw new errors/* Failure */.HR('verification', `${proof_evidence/* EVIDENCE */.S4.base(name)} in the evidence is ${digest}, and the lock's ${name} base is ${bases[name].digest ?? ''}`);
        return { folder: await linked((0,external_node_path_.resolve)(layouts[name]), deps), digest };
    };
    return { rust: await local('rust'), shell: await local('shell') };
}
/**
 * A layout by links to its parts, in a folder of ours: buildx finds no path with a colon or an at sign in it, and writes beside what it
 * reads.
 */
async function linked(layout, deps) {
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(deps.temp, 'base-'));
    for (const name of ['blobs', 'index.json', 'oci-layout'])
        await (0,promises_.symlink)((0,external_node_path_.join)(layout, name), (0,external_node_path_.join)(folder, name));
    return folder;
}

// EXTERNAL MODULE: ./.bundle/src/proof/trust.js
var trust = __webpack_require__(23344);
;// CONCATENATED MODULE: ./.bundle/src/proof/reproduce.js




















/**
 * Builds a published image again, from its lock, without cache, and compares: index, manifests, configs, layers, files. The
 * lock comes from the image's evidence and is bound to it by the build key in its labels. Upstream is asked for the source,
 * or, with an evidence folder, nobody. The recipe is this release's own: a Dockerfile that came along is never run.
 */
async function reproduce(request, deps, { step }) {
    const image = request.image === undefined ? undefined : (0,reference/* parseImage */.zZ)(request.image);
    const published = image === undefined ? undefined : await step('Download image', () => (0,pulled/* pullImage */.Z)(image, deps));
    const evidence = await step('Find lock', () => findEvidence(request, published, deps));
    const { lock, statement } = evidence;
    if (published !== undefined)
        requireKey(published.view, lock);
    requireAsked(lock, request.given, request.inputs);
    const claimed = published === undefined ? (0,proof_statement/* imageOfStatement */.G)(statement) : digestsOf(published.view);
    (0,proof_statement/* requireStatement */.LT)(statement, lock, claimed);
    const outcome = { published: claimed.index.digest, rebuilt: undefined, missing: undefined, differences: [], lock };
    let source;
    const report = (facts) => (0,trust/* trustReport */.Z9)({ lock, replayed: true, source, ...facts });
    try {
        await requireOwnRecipe(lock, deps);
        const confirmed = await step('Verify source', () => verifySource(request, evidence, deps));
        source = { ...confirmed.source, tree: confirmed.tree };
        const rebuilt = await step('Rebuild', () => buildFromLock(evidence, confirmed, request.inputs.builder, deps));
        const comparison = published === undefined
            ? compareDigests(claimed, rebuilt)
            : compareImages(published.view, (0,image_view/* viewOf */.du)(rebuilt), ['published', 'rebuilt']);
        const checks = report({ built: true, bytes: published && 'compared', rebuilt: comparison.verdict });
        return { ...outcome, ...comparison, rebuilt: rebuilt.index.digest, checks };
    }
    catch (error) {
        if (!(error instanceof errors/* Failure */.HR) || !isUnbuildable(error))
            throw error;
        const missing = { kind: error.kind, text: [error.message, ...error.details.slice(-5)].join('\n') };
        const checks = report({ built: false, bytes: published && 'hashed' });
        return { ...outcome, verdict: 'unbuildable', missing, checks };
    }
}
/** The lock must be the image's: index and every config carry its build key. Pure. */
function requireKey(view, lock) {
    const key = (0,proof_lock/* buildKey */.sI)(lock.inputs);
    for (const { where, texts } of (0,image_view/* saidBy */.TT)(view)) {
        const found = texts[`${image_labels/* OWN_PREFIX */.yc}build-key`];
        if (found !== key)
            throw new errors/* Failure */.HR('verification', `the lock is not this image's: its build key is ${key}, and the ${where} have ${(0,src_text/* printable */.g$)(found ?? 'none')}`);
    }
}
/** Whether a failure means that what a lock needs is not there (any more), or does not build. Others may pass, or are a finding. */
function isUnbuildable(failure) {
    return failure.kind === 'not-found' || failure.kind === 'build' || (0,http_failure/* wantsLogin */.TL)(failure);
}
/** The recipe is this release's Dockerfile: another release that has the same one builds the same image. */
async function requireOwnRecipe({ inputs: { recipe } }, deps) {
    const own = await (0,build_recipe/* thisRecipe */.$k)();
    requireBuildable(recipe, own);
    if (recipe.wrapper !== own.wrapper)
        deps.log.notice(`release ${(0,src_text/* printable */.g$)(recipe.wrapper)} of phantun-runtime made this image, and this is ${own.wrapper}, which has the same Dockerfile`);
}
async function verifySource({ evidence: folder, inputs }, evidence, deps) {
    if (folder !== undefined)
        return confirmEvidence(evidence, deps);
    const { confirmed, history } = await confirmSource(evidence.lock, inputs, deps).catch((error) => {
        if (!(error instanceof errors/* Failure */.HR) || !isUnbuildable(error))
            throw error;
        throw (0,errors/* withNote */.dW)(error, GONE);
    });
    await warnOfHistory(evidence.lock, confirmed.source, history, deps);
    return confirmed;
}
const GONE = 'If it is gone, the evidence beside the image holds archive and commit: unpack it, and give its folder with --evidence';
function digestsOf({ digest, platforms }) {
    const images = platforms.map(({ platform, manifest }) => ({ platform, manifest: { digest: manifest } }));
    return { index: { digest }, images };
}
async function findEvidence({ evidence, image }, published, deps) {
    if (evidence !== undefined)
        return (0,proof_evidence/* openEvidence */.i)(evidence);
    if (published === undefined)
        throw new errors/* Failure */.HR('input', 'name an image, or --evidence DIR, or both');
    const folder = (0,external_node_path_.join)(deps.temp, 'evidence');
    if (!(await (0,evidenceReferrer/* fetchEvidence */.eb)(published.repository, published.digest, folder, deps)))
        throw new errors/* Failure */.HR('not-found', `unbuildable: ${(0,src_text/* printable */.g$)(image ?? '')} has no evidence beside it in its registry, so its lock is not known. Give the evidence with --evidence DIR`);
    return (0,proof_evidence/* openEvidence */.i)(folder);
}

;// CONCATENATED MODULE: ./.bundle/src/proof/signable.js








/**
 * Writes what a signing job signs into a folder, new or empty: `digests.json` (`index` and each platform to its digest, on one
 * line), `predicate.json` (of our statement) and an SBOM a platform. All of it is what this run computed: the checks in the
 * predicate are those done here, and the branches and tags that hold the commit are those that upstream has now. An SBOM can
 * only be made by a build; requireWhole has judged it.
 */
async function writeSignable(folder, { evidence, image, facts, confirmed }) {
    await requireEmptyFolder('--signable', folder);
    const { lock } = evidence;
    const { source, tree } = confirmed;
    const { reachableFrom } = source;
    const checks = (0,trust/* trustReport */.Z9)({ lock, source: { reachableFrom, tree }, built: false, facts });
    const digests = Object.fromEntries([
        ['index', image.index.digest],
        ...image.images.map(({ platform, manifest }) => [platform, manifest.digest]),
    ]);
    const { predicate } = (0,proof_statement/* statementOf */.T8)(lock, image, checks, reachableFrom);
    await (0,promises_.mkdir)(folder, { recursive: true });
    for (const { platform } of image.images)
        await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(folder, proof_evidence/* EVIDENCE */.S4.sbom(platform)), await (0,proof_evidence/* readEvidenceFile */.M)(evidence, { sbom: platform }));
    await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(folder, 'predicate.json'), `${(0,canonical/* canonicalJson */.d)(predicate)}\n`);
    await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(folder, 'digests.json'), `${(0,canonical/* canonicalJson */.d)(digests)}\n`);
}

// EXTERNAL MODULE: ./.bundle/src/proof/evidenceReadme.js
var evidenceReadme = __webpack_require__(25791);
// EXTERNAL MODULE: ./.bundle/src/proof/crates.js
var crates = __webpack_require__(27508);
;// CONCATENATED MODULE: ./.bundle/src/proof/gather.js











/** Brings together the evidence of an image: everything that decides its bytes, what is in it, what was checked. */
async function gatherEvidence({ lock, source, tree, image, files, checks }) {
    // Its library is large.
    const { parseToolchain, sbomFile } = await Promise.all(/* import() */[__webpack_require__.e(571), __webpack_require__.e(494)]).then(__webpack_require__.bind(__webpack_require__, 30494));
    const cargoLock = await (0,promises_.readFile)((0,external_node_path_.join)(tree.folder, 'Cargo.lock'), 'utf8');
    const sboms = new Map();
    for (const part of image.images) {
        const { metadata, toolchain } = await readFacts(files, part.platform);
        const sbom = sbomFile({
            lock,
            platform: part.platform,
            manifest: part.manifest.digest,
            crates: (0,crates/* cratesOf */.Y7)((0,json/* parseJson */.qF)(metadata, 'the output of cargo metadata'), cargoLock),
            toolchain: parseToolchain(toolchain),
            shell: shellOf(image, part),
        });
        sboms.set(part.platform, sbom);
    }
    return {
        lock,
        commit: source.commitObject,
        archive: tree.archive,
        dockerfile: await (0,promises_.readFile)(wrapper/* DOCKERFILE */.RX),
        crates: await (0,proof_evidence/* readCrates */.Vc)(files.crates, cargoLock),
        statement: (0,proof_statement/* statementOf */.T8)(lock, image, checks),
        sboms,
    };
}
/** SHA256 of the /bin/sh in the image of a platform. */
function shellOf(image, part) {
    const shell = (0,layout_tar/* readTar */.s)((0,compose/* layerTar */.vF)(image, part), `layer of ${part.platform}`).find(({ path }) => path === 'bin/sh');
    return (0,hash/* sha256 */.sc)(shell?.data ?? Buffer.alloc(0));
}

;// CONCATENATED MODULE: ./.bundle/src/proof/wholeEvidence.js













/**
 * Requires of evidence that whoever finds it beside an image is told nothing false: that its lock is the image's and says what
 * upstream says, that it holds exactly the files that such a bundle has, and that each is what was verified just now. Class
 * verification, which names the file.
 */
async function requireWhole(evidence, verified, history, deps) {
    const { folder, lock, statement } = evidence;
    const { image, confirmed } = verified;
    const { source, tree } = confirmed;
    const [found, wanted] = [lock, verified.lock].map(({ inputs }) => (0,proof_lock/* buildKey */.sI)(inputs));
    if (found !== wanted)
        throw new errors/* Failure */.HR('verification', `the evidence is of build key ${found ?? ''}, not of this image's ${wanted ?? ''}`);
    requireConfirmed(lock, confirmed);
    await requireFacts(lock, source, history, deps);
    const platforms = image.images.map(({ platform }) => platform);
    await requireNames(folder, platforms);
    (0,proof_statement/* requireStatement */.LT)(statement, lock, image);
    await requireFile(evidence, 'statement', (0,proof_statement/* statementFile */.U7)(statement));
    await requireFile(evidence, 'readme', (0,evidenceReadme/* evidenceReadme */.K)(lock, statement));
    await requireFile(evidence, 'commit', source.commitObject);
    const cargoLock = await (0,promises_.readFile)((0,external_node_path_.join)(tree.folder, 'Cargo.lock'), 'utf8');
    await (0,proof_evidence/* readCrates */.Vc)((0,external_node_path_.join)(folder, proof_evidence/* EVIDENCE */.S4.crates), cargoLock);
    const dockerfile = await (0,proof_evidence/* readEvidenceFile */.M)(evidence, 'dockerfile');
    if ((0,hash/* sha256 */.sc)(dockerfile) !== lock.inputs.recipe.dockerfile)
        throw changed(proof_evidence/* EVIDENCE */.S4.dockerfile);
    const archive = await (0,proof_evidence/* readEvidenceFile */.M)(evidence, 'archive');
    // Upstream may have compressed it again since; the tar in it is the one that was verified.
    if ((0,hash/* sha256 */.sc)(archive) !== lock.facts.archiveSha256 || (0,source_archive/* readArchive */.bL)(archive).tarSha256 !== tree.tarSha256)
        throw changed(proof_evidence/* EVIDENCE */.S4.archive);
    // Its library is large.
    const { requireSbom } = await Promise.all(/* import() */[__webpack_require__.e(571), __webpack_require__.e(104)]).then(__webpack_require__.bind(__webpack_require__, 7104));
    for (const part of image.images) {
        const { platform, manifest } = part;
        const bytes = await (0,proof_evidence/* readEvidenceFile */.M)(evidence, { sbom: platform });
        const what = `the SBOM of ${platform}`;
        requireSbom(bytes, { lock, platform, manifest: manifest.digest, shell: shellOf(image, part), cargoLock, what });
    }
}
async function requireFile(evidence, name, bytes) {
    if (!(await (0,proof_evidence/* readEvidenceFile */.M)(evidence, name)).equals(Buffer.from(bytes)))
        throw changed(proof_evidence/* EVIDENCE */.S4[name]);
}
/** Base images that somebody put into the bundle are not published. */
const LEFT_OUT = 'bases';
async function requireNames(folder, platforms) {
    const { readme, lock, commit, archive, dockerfile, statement, crates, sbom } = proof_evidence/* EVIDENCE */.S4;
    const wanted = [readme, lock, commit, archive, dockerfile, statement, crates, ...platforms.map(sbom)];
    const found = (await (0,promises_.readdir)(folder)).filter((name) => name !== LEFT_OUT);
    for (const name of found)
        if (!wanted.includes(name))
            throw new errors/* Failure */.HR('verification', `the evidence holds ${(0,src_text/* printable */.g$)(name)}, which no evidence of this image has`);
    for (const name of wanted) {
        const status = await (0,promises_.lstat)((0,external_node_path_.join)(folder, name)).catch(() => undefined);
        // An artifact of a run has no empty folders. Whether a crate is missing, readCrates says.
        if (status === undefined && name === crates)
            continue;
        if (status === undefined || !(name === crates ? status.isDirectory() : status.isFile()))
            throw new errors/* Failure */.HR('verification', `the evidence's ${name} is missing, or is no plain file`);
    }
}
function changed(name) {
    return new errors/* Failure */.HR('verification', `the evidence's ${name} is not what was verified: somebody changed it, or it is of another image. Build again`);
}

;// CONCATENATED MODULE: ./.bundle/src/plan.js












/**
 * From inputs to a lock, and the history that its commit is in. The builder of a plan is to be removed by whoever asked for it.
 */
async function makePlan(given, deps, { step }) {
    const replayed = given.lock === undefined ? undefined : await readLock(given.lock);
    const inputs = replayed === undefined ? given : replayInputs(given, replayed);
    const recipe = await (0,build_recipe/* thisRecipe */.$k)();
    if (replayed !== undefined)
        requireRecipe(replayed.inputs.recipe, recipe);
    const resolvedAt = Math.floor(deps.now() / 1_000);
    const { source, history } = await step('Resolve ref', () => resolve(inputs.upstream, inputs.ref, inputs.upstreamToken, deps));
    const tree = await step('Download and verify', () => verify(source, { ...inputs, replayed: replayed?.facts }, deps));
    const hostNetwork = (0,reference/* needHostNetwork */.Ff)(inputs.bases);
    const { builder, engine } = await step('Choose builder', () => chooseBuilder(inputs.builder, hostNetwork, deps));
    try {
        const [bases, buildPlatforms] = await step('Pin base images', () => together(deps, (deps) => [
            pinBases(inputs.bases, inputs.platforms, deps),
            readBuildPlatforms(inputs.platforms, builder.name, tree.folder, (0,external_node_path_.join)(deps.temp, 'platforms'), deps),
        ]));
        const lock = makeLock(inputs, { source, tree, bases, buildPlatforms, builder, recipe, resolvedAt });
        if (replayed !== undefined) {
            requireSameLock(replayed, lock);
            await warnOfHistory(replayed, source, history, deps);
        }
        return { plan: { inputs, source, tree, builder, engine, lock, buildKey: (0,proof_lock/* buildKey */.sI)(lock.inputs) }, history };
    }
    catch (error) {
        await builder.remove();
        throw error;
    }
}
function makeLock(inputs, seen) {
    const { source, tree, bases, buildPlatforms, builder, recipe, resolvedAt } = seen;
    return {
        inputs: {
            schema: 1,
            upstream: source.upstream.url,
            commit: source.commit,
            tree: source.tree,
            epoch: source.epoch,
            bases,
            platforms: inputs.platforms,
            buildPlatforms,
            recipe,
            labels: inputs.labels,
        },
        facts: {
            ref: source.ref,
            tagObject: source.tagObject ?? '',
            reachableFrom: source.reachableFrom,
            version: tree.version,
            archiveUrl: tree.archiveUrl,
            archiveSha256: tree.archiveSha256,
            tarSha256: tree.tarSha256,
            buildkit: builder.buildkit,
            resolvedAt,
        },
    };
}

;// CONCATENATED MODULE: ./.bundle/src/run.js





















/**
 * From a ref to a checked image, published by digest and tagged last: this function is the table of contents. Every step takes
 * what earlier ones returned.
 */
async function run(given, deps, watch) {
    if (given.export !== undefined)
        await requireEmptyFolder(EXPORT_INPUT, given.export);
    const { plan, history } = await makePlan(given, deps, watch);
    try {
        const { inputs, source, tree } = plan;
        const { version } = tree;
        const tags = (0,publish_tags/* expandTags */.Cu)(inputs, { version, commit: source.commit, buildKey: plan.buildKey, epoch: source.epoch });
        const { held, ...past } = await watch.step('Look in registry', () => lookBack(plan, history, tags, deps));
        if (held !== undefined) {
            requireDigest(inputs.expectDigest, held);
            const checks = (0,trust/* trustReport */.Z9)({ ...provenIn(plan), built: false, pinned: true, bytes: 'left in the registry' });
            return { plan, ...past, outcome: { kind: 'skipped', digest: held, checks } };
        }
        return { plan, ...past, outcome: await produce(plan, history, tags, deps, watch) };
    }
    finally {
        await plan.builder.remove();
    }
}
/** What the registries hold already: of this build, and of the one before it. */
async function lookBack({ inputs, source, tree, lock, buildKey }, history, tags, deps) {
    // Before the build, even when nothing is read of it: whether a registry can be asked at all.
    if (inputs.push && tags.moving.length === 0)
        await readFirst(inputs.images, tags.key, deps);
    const found = await predecessors(inputs, tags, deps);
    const [before] = found;
    const changed = changedParts(before, lock.inputs);
    if (!inputs.skipUnchanged)
        return { before, changed, held: undefined };
    for (const one of found)
        await requireForward(one, source.commit, true, history);
    const labels = (0,image_labels/* imageLabels */.J0)(lock.inputs, tree.version, buildKey);
    const held = await heldDigest(inputs.images, { labels, platforms: inputs.platforms.length, tags, before: found }, deps);
    if (held !== undefined)
        deps.log.info(`Every repository holds this build: ${held}. Nothing is built or written`);
    return { before, changed: held === undefined ? changed : [], held };
}
async function readFirst([repository = ''], tag, deps) {
    const name = `${repository}:${tag}`;
    await (0,retry/* withRetries */.LH)(`reading ${name}`, deps, () => (0,image_registry/* openRegistry */.Me)(repository, deps).read(name));
}
/** What the moving tags of the first repository name. A run that neither publishes nor skips can do without. */
async function predecessors(inputs, tags, deps) {
    const [repository = ''] = inputs.images;
    const found = [];
    try {
        for (const tag of repository === '' ? [] : tags.moving) {
            const one = await readPredecessor((0,image_registry/* openRegistry */.Me)(repository, deps), `${repository}:${tag}`, deps);
            if (one !== undefined)
                found.push(one);
        }
    }
    catch (error) {
        const { kind, message } = (0,errors/* toFailure */.w2)(error);
        if (inputs.push || inputs.skipUnchanged || kind === 'cancelled')
            throw error;
        deps.log.notice(`What was published before is not known: ${message}`);
    }
    return found;
}
async function produce(plan, history, tags, deps, { step }) {
    const { inputs, source, tree, lock, engine } = plan;
    const loadable = inputs.load ? loadablePlatform(inputs.platforms, engine) : undefined;
    const order = { lock, tree, builder: plan.builder.name };
    const files = buildFilesIn((0,external_node_path_.join)(deps.temp, 'files'), inputs.platforms);
    const composed = await step('Build', () => buildImage({ ...order, files, noCache: false }, (0,external_node_path_.join)(deps.temp, 'build'), deps));
    const layout = (0,external_node_path_.join)(deps.temp, 'layout');
    const checked = await step('Check', async () => {
        await writeLayout(composed, layout);
        return checkLayout(layout, lock);
    });
    const { image } = checked; // as it was read back: what was checked is what goes on
    requireDigest(inputs.expectDigest, image.index.digest);
    const smoke = inputs.smoke ? await step('Run', () => smokeImage(image, tree.version, engine, deps)) : [];
    const rebuilt = inputs.rebuild
        ? await step('Rebuild', () => requireIdentical(image, order, (0,external_node_path_.join)(deps.temp, 'rebuild'), deps))
        : undefined;
    const facts = checked.facts.length;
    const checks = (0,trust/* trustReport */.Z9)({ ...provenIn(plan), built: true, facts, smoke, rebuilt });
    const evidence = (0,external_node_path_.join)(deps.temp, 'evidence');
    await step('Evidence', async () => {
        const size = await (0,proof_evidence/* writeEvidence */.nP)(await gatherEvidence({ lock, source, tree, image, files, checks }), evidence);
        deps.log.info(`Archive, lock, crates, SBOMs and statement: ${(0,src_text/* humanSize */.Xe)(size)}`);
    });
    const names = localNames(inputs, tags);
    if (loadable !== undefined)
        await step('Load', () => loadImage(image, loadable, names, deps));
    const delivered = await deliver(image, { lock, evidence, names, folder: inputs.export }, deps);
    const judge = (there) => requireWhole(there, { lock, image, confirmed: { source, tree } }, history, deps);
    await plan.builder.remove(); // takes a while that no signal ends: not behind the tags
    const publication = publicationOf(layout, image, source.commit, {
        folder: evidence,
        epochSeconds: source.epoch,
        judge,
    });
    // Last: once a tag has moved, no full disk may make the run fail.
    const published = inputs.push
        ? await step('Publish', () => publish(publication, inputs.images, tags, history, deps))
        : { refs: [], tags: [] };
    return { kind: 'built', checked, smoke, checks, published, delivered, exportFolder: inputs.export };
}
/** What is proven of an image before anything is built. */
function provenIn({ inputs, lock, source, tree }) {
    return { lock, replayed: inputs.lock !== undefined, source: { ...source, tree } };
}
/** Names for docker's own store: every repository with every tag, or a plain name where none is given. */
function localNames({ images }, tags) {
    const all = (0,publish_tags/* inOrder */.al)(tags);
    return (images.length === 0 ? ['phantun-runtime'] : images).flatMap((repository) => all.map((tag) => `${repository}:${tag}`));
}

;// CONCATENATED MODULE: ./.bundle/src/steps.js
/** A stopwatch that has timed nothing yet. */
function stopwatch({ log, now }) {
    const steps = [];
    return {
        steps,
        step: async (name, body) => {
            const start = now();
            try {
                return await log.group(name, body);
            }
            finally {
                steps.push({ name, seconds: (now() - start) / 1_000 });
            }
        },
    };
}

;// CONCATENATED MODULE: ./.bundle/src/markdown.js
/** A table; cells are Markdown. */
function table(head, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
/** Inline code; what could end it, or a table's cell, is replaced. */
function code(text) {
    return `\`${text.replace(/[`|\r\n]/g, '·')}\``;
}
/** A paragraph in which nothing is markup. */
function markdown_escape(text) {
    return text.replace(/\s+/g, ' ').replace(/[<>&|\\`*_~#$[\]]/g, (character) => `&#${character.charCodeAt(0)};`);
}
/** Lines in a code block whose fence is longer than any run of backticks in them. */
function markdown_fenced(lines) {
    let longest = 2;
    for (const [run] of lines.join('\n').matchAll(/`+/g))
        longest = Math.max(longest, run.length);
    const fence = '`'.repeat(longest + 1);
    return [`${fence}text`, ...lines, fence].join('\n');
}

;// CONCATENATED MODULE: ./.bundle/src/summary.js





/** The summary of a run that succeeded, as Markdown. Pure. */
function successSummary({ plan, before, changed, outcome }, steps) {
    const [title, body] = outcome.kind === 'skipped'
        ? [
            'unchanged, nothing written',
            ['Every repository holds this build with all its platforms.', '', trustTable(outcome.checks), ''],
        ]
        : [
            `verified and ${outcome.published.refs.length > 0 ? 'published' : 'built'}`,
            [
                ...productLines(outcome),
                ...(before === undefined
                    ? []
                    : [`Changed since ${code(`${before.name}@${before.digest}`)}: ${changed.join(', ') || 'nothing'}`, '']),
            ],
        ];
    const digest = outcome.kind === 'skipped' ? outcome.digest : outcome.checked.image.index.digest;
    return [
        `## phantun ${plan.tree.version}, ${title}`,
        '',
        chainTable(plan, digest),
        '',
        ...body,
        stepTable(steps),
        '',
    ].join('\n');
}
function chainTable({ source, tree, lock, buildKey }, digest) {
    const { facts, inputs } = lock;
    return table(['From ref to digest', ''], [
        ['ref', `${code(facts.ref)} of ${code(inputs.upstream)}`],
        ['commit', `${code(source.commit)}, ${(0,src_text/* isoTime */.Ly)(source.epoch)}`],
        ['held by', summary_heldBy(source.reachableFrom)],
        ['tree', code(source.tree)],
        ['archive', `SHA256 ${code(facts.archiveSha256)}, from ${tree.from}`],
        ['tar', `SHA256 ${code(facts.tarSha256)}`],
        ['compiler', code(inputs.bases.rust)],
        ['shell', code(inputs.bases.shell)],
        ['build key', code(buildKey)],
        ['**image**', `**${code(digest)}**`],
    ]);
}
function productLines(product) {
    const { checked, checks } = product;
    return [
        trustTable(checks),
        '',
        table(['The image', 'Read from its bytes'], checked.facts.map(({ subject, fact }) => [subject, fact])),
        '',
        table(['Platform', 'Manifest', 'Download', 'Unpacked'], checked.image.images.map(({ platform, manifest, layer, unpackedSize }) => [
            platform,
            code(manifest.digest),
            (0,src_text/* humanSize */.Xe)(layer.size),
            (0,src_text/* humanSize */.Xe)(unpackedSize),
        ])),
        '',
        ...publishedLines(product),
    ];
}
/** The trust report as Markdown: what is proven of an image, and what is not. Pure. */
function trustTable(checks) {
    return table(['What is proven', '', 'How, or why not'], (0,trust/* trustRows */.aC)(checks).map((cells) => cells.map((cell) => cell.replaceAll('|', '·'))));
}
function publishedLines({ published, delivered, exportFolder }) {
    const lines = [];
    if (published.refs.length > 0)
        lines.push('Pull it by digest:', '', '```sh', ...published.refs.map((reference) => `docker pull ${reference}`), '```', '', `Tags: ${published.tags.map(code).join(', ')}`, '');
    if (exportFolder !== undefined)
        lines.push(`Exported to ${code((0,src_text/* printable */.g$)(exportFolder))}`, '');
    else
        lines.push(`Lock and evidence: ${code((0,src_text/* printable */.g$)((0,external_node_path_.dirname)(delivered.lock)))}`, '');
    return lines;
}
const SHOWN_REFS = 5;
function summary_heldBy(references) {
    const shown = references.slice(0, SHOWN_REFS).map((name) => code((0,src_text/* printable */.g$)(name)));
    const more = references.length - shown.length;
    const least = references.length < holders/* MAX_HOLDERS */.JG ? '' : 'at least ';
    return `${shown.join(', ')}${more > 0 ? ` and ${least}${more} more` : ''}`;
}
/** The summary of a run that failed, as Markdown. Pure. */
function failureSummary(failure, steps) {
    return [
        `## Failed: ${failure.kind}`,
        '',
        escape(failure.message),
        '',
        ...(failure.details.length === 0 ? [] : [fenced(cappedLines(failure.details)), '']),
        stepTable(steps),
        '',
    ].join('\n');
}
function stepTable(steps) {
    return table(['Step', 'Time'], steps.map(({ name, seconds }) => [name, (0,src_text/* humanSeconds */.Nj)(seconds)]));
}
/** So many that the whole report fits where the details of a failure do. */
const MAX_DIFFERENCES = 50;
/** What came of building an image again, as Markdown. Pure. */
function reproductionReport({ verdict, published, rebuilt, missing, differences, lock, checks, }) {
    const { upstream, commit, bases } = lock.inputs;
    return [
        `## ${verdict}`,
        '',
        table(['Digest of the index', ''], [
            ['published', code(published)],
            ['rebuilt', rebuilt === undefined ? 'nothing' : code(rebuilt)],
        ]),
        '',
        'What the publisher says it was made of; whether you want that is for you to judge:',
        '',
        table(['Made of', ''], [
            ['upstream', code(upstream)],
            ['commit', code(commit)],
            ['Rust', code(bases.rust)],
            ['shell', code(bases.shell)],
        ]),
        '',
        ...(missing === undefined
            ? []
            : ['Missing:', '', markdown_fenced((0,src_text/* cappedLines */.Lo)(missing.text.split('\n'), MAX_DIFFERENCES)), '']),
        ...(differences.length === 0
            ? []
            : ['Differences, the outermost first:', '', markdown_fenced((0,src_text/* cappedLines */.Lo)(differences, MAX_DIFFERENCES)), '']),
        trustTable(checks),
        '',
    ].join('\n');
}
/** What was verified of an image, and whose signature says so, as a short table in Markdown. Pure. */
function verifiedTable({ image, statement, signer, logIndex, predicateTypes, lock }) {
    const { upstream, lock: locked, checks } = statement.predicate;
    const done = checks.filter(({ result }) => result === 'passed').map(({ name }) => name);
    const rows = [
        ['image', `${image.repository}@${image.digest}`],
        ['platforms', image.view.platforms.map(({ platform }) => platform).join(', ')],
        ['source', `${upstream.repository}, commit ${upstream.commit}`],
        ['tree', upstream.tree],
        ['build key', locked.buildKey],
        [
            'lock',
            lock === undefined ? `not beside the image; signed as SHA256 ${locked.sha256}` : 'gives build key and labels',
        ],
        ['published by', signer.source],
        ['signed by', signer.name],
        ['on', `a ${signer.runner} runner, ${signer.run}`],
        ['logged', logIndex === undefined ? 'time stamped, in no public log' : `transparency log, entry ${logIndex}`],
        ['statements', predicateTypes.join(', ')],
        ['checks the publisher signed', done.join(', ')],
    ];
    // Whoever signed it may be anybody, and verify.yml copies the table into the summary of a job.
    const cells = rows.map(([name = '', value = '']) => [name, markdown_escape((0,src_text/* printable */.g$)(value, 1_000))]);
    return `${table(['verified', ''], cells)}\n`;
}

;// CONCATENATED MODULE: ./.bundle/src/verify/options.js



const OWNER_REPOSITORY = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/;
const FILE = String.raw `[A-Za-z0-9-]+/[A-Za-z0-9._-]+/\.github/workflows/[A-Za-z0-9._-]+\.ya?ml`;
const WORKFLOW = new RegExp(`^${FILE}$`);
const SIGNER = new RegExp(`^${FILE}@[^\\s@]+$`);
const COMMIT = /^[0-9a-f]{40}$/;
/** Text → what to verify, or a Failure (class input) that says what to change. Pure. */
function parseVerifyOptions(raw) {
    if (raw.signer !== undefined && raw.signerWorkflow !== undefined)
        throw new errors/* Failure */.HR('input', '--signer and --signer-workflow: the one names a ref, the other allows any. Give one');
    return {
        image: (0,reference/* parseImage */.zZ)(raw.image),
        expected: {
            publisher: parsePublisher(raw.publisher),
            signer: parseSigner(raw.signer),
            signerWorkflow: parseSignerWorkflow(raw.signerWorkflow),
            signerDigest: options_parseCommit(raw.signerDigest),
            allowSelfHosted: parseRunners(raw.runners),
        },
        bundle: raw.bundle,
        trustedRoot: raw.trustedRoot,
    };
}
function parseRunners(text) {
    if (text === undefined || text === 'github-hosted')
        return false;
    if (text === 'any')
        return true;
    throw new errors/* Failure */.HR('input', `--runners: '${(0,src_text/* printable */.g$)(text)}' is neither github-hosted, the default, nor any`);
}
function parsePublisher(text) {
    if (text === undefined || text === '')
        throw new errors/* Failure */.HR('input', '--publisher is needed: the repository, OWNER/REPO, whose workflow you trust to publish. What an image says of its own publisher proves nothing');
    if (!OWNER_REPOSITORY.test(text) || /\/\.{1,2}$/.test(text))
        throw new errors/* Failure */.HR('input', `--publisher: '${(0,src_text/* printable */.g$)(text)}' is not a repository. Write OWNER/REPO`);
    return text;
}
function parseSigner(text) {
    if (text === undefined)
        return undefined;
    const signer = text.replace(/^https:\/\/github\.com\//, '');
    if (!SIGNER.test(signer))
        throw new errors/* Failure */.HR('input', `--signer: '${(0,src_text/* printable */.g$)(text)}' is not a workflow at a ref. Write OWNER/REPO/.github/workflows/FILE@REF, the ref in full (refs/heads/main, refs/tags/v1) or a commit id`);
    return signer;
}
function parseSignerWorkflow(text) {
    if (text === undefined)
        return undefined;
    if (!WORKFLOW.test(text))
        throw new errors/* Failure */.HR('input', `--signer-workflow: '${(0,src_text/* printable */.g$)(text)}' is not a workflow. Write OWNER/REPO/.github/workflows/FILE, without a ref`);
    return text;
}
function options_parseCommit(text) {
    if (text === undefined)
        return undefined;
    if (!COMMIT.test(text))
        throw new errors/* Failure */.HR('input', `--signer-digest: '${(0,src_text/* printable */.g$)(text)}' is not a full commit id of 40 lower-case hex digits`);
    return text;
}

;// CONCATENATED MODULE: ./.bundle/src/cli/commands.js


























/** Does what a command line asks; resolves with the text for stdout. */
async function runCommand(command, raw, deps) {
    switch (command.name) {
        case 'build':
            return build((0,inputs/* openInputs */.AR)(raw, deps.log), deps);
        case 'check':
            return check(command.argument ?? '', (0,inputs/* openInputs */.AR)(raw, deps.log), deps);
        case 'publish':
            return publishLayout(command, (0,inputs/* openInputs */.AR)({ ...raw, push: 'true' }, deps.log), deps);
        case 'verify':
            return commands_verify(command, deps);
        case 'reproduce':
            return reproduceImage(command, (0,inputs/* openInputs */.AR)(raw, deps.log), deps);
    }
}
async function build(inputs, deps) {
    const watch = stopwatch(deps);
    return successSummary(await run(inputs, deps, watch), watch.steps);
}
async function check(folder, inputs, deps) {
    const { lock, checked } = await openExport(folder);
    const { image, facts } = checked;
    const smoke = inputs.smoke ? await smokeIfThere(image, lock.facts.version, deps) : [];
    const lines = [
        ...facts.map(({ subject, fact }) => `${subject}: ${fact}`),
        ...smoke.map(({ platform, ran, reason }) => `${platform}: ${ran ? 'runs' : `not run: ${reason}`}`),
    ];
    const report = trustTable((0,trust/* trustReport */.Z9)({ lock, built: false, facts: facts.length, smoke }));
    return `${[...lines, '', report, '', image.index.digest].join('\n')}\n`;
}
/** Runs an image where docker answers, which `check` can do without: else each platform is reported as not run, with the reason. */
async function smokeIfThere(image, version, deps) {
    const engine = await askEngine(deps).catch(errors/* toFailure */.w2);
    if (!(engine instanceof errors/* Failure */.HR))
        return smokeImage(image, version, engine, deps);
    if (engine.kind === 'cancelled')
        throw engine;
    return image.images.map(({ platform }) => ({ platform, ran: false, reason: engine.message }));
}
async function commands_verify({ argument, own }, deps) {
    // Its libraries are large.
    const { verifyImage } = await Promise.all(/* import() */[__webpack_require__.e(831), __webpack_require__.e(144)]).then(__webpack_require__.bind(__webpack_require__, 89144));
    const { publisher, signer, bundle, runners } = own;
    const raw = {
        publisher,
        signer,
        signerWorkflow: own['signer-workflow'],
        signerDigest: own['signer-digest'],
        bundle,
        trustedRoot: own['trusted-root'],
        runners,
    };
    return verifiedTable(await verifyImage(parseVerifyOptions({ image: argument ?? '', ...raw }), deps));
}
async function publishLayout({ argument, given, own: flags }, inputs, deps) {
    const folder = argument ?? '';
    const { signable } = flags;
    if (signable !== undefined)
        await requireEmptyFolder('--signable', signable);
    const seen = flags.seen === undefined ? undefined : await readSeen(flags.seen);
    const { step } = stopwatch(deps);
    const { lock, layout, evidence: own, checked } = await step('Check', () => openExport(folder));
    const { image, facts } = checked;
    const { digest } = image.index;
    requireDigest(inputs.expectDigest, digest);
    // Whoever made the export may have built by any Dockerfile: it would be signed, and sent with the rest.
    requireRecipe(lock.inputs.recipe, await (0,build_recipe/* thisRecipe */.$k)());
    requireAsked(lock, Object.keys(given), inputs);
    const { confirmed, history } = await step('Verify source', () => confirmSource(lock, inputs, deps));
    if (given.ref !== undefined)
        await requireRef(inputs.ref, confirmed.source, history, deps);
    const judge = (evidence) => requireWhole(evidence, { lock, image, confirmed }, history, deps);
    await judge(own);
    let evidence = own;
    if (signable !== undefined) {
        const [repository = ''] = inputs.images;
        evidence = await step('Look in registry', () => (0,evidenceReferrer/* evidenceToSign */.kp)(own, repository, digest, judge, deps));
        await writeSignable(signable, { evidence, image, facts: facts.length, confirmed });
    }
    const { commit, epoch } = lock.inputs;
    const tags = (0,publish_tags/* expandTags */.Cu)(inputs, { version: lock.facts.version, commit, epoch, buildKey: (0,proof_lock/* buildKey */.sI)(lock.inputs) });
    const publication = publicationOf(layout, image, commit, { folder: evidence.folder, epochSeconds: epoch, judge });
    const extent = { upTo: signable === undefined ? 'tags' : 'evidence', seen };
    const published = await step('Publish', () => publish(publication, inputs.images, tags, history, deps, extent));
    if (signable !== undefined)
        await writeSeen(signable, published.seen);
    return `${[...published.refs, ...published.tags].join('\n')}\n`;
}
async function reproduceImage({ argument, given, own }, inputs, deps) {
    const request = { image: argument, evidence: own.evidence, inputs, given: Object.keys(given) };
    const reproduction = await reproduce(request, deps, stopwatch(deps));
    const report = reproductionReport(reproduction);
    if (reproduction.verdict === 'identical')
        return report;
    const { verdict, missing, differences } = reproduction;
    throw new errors/* Failure */.HR(missing?.kind ?? 'verification', `${verdict}: ${missing?.text ?? foremost(differences)}`, {
        details: report.split('\n'),
    });
}


/***/ }),

/***/ 10180:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   y: () => (/* binding */ differingMembers)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(78769);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5488);


const MAX_DEPTH = 64;
/**
 * Paths at which two JSON values differ, a line each: `inputs.epoch: found 1, expected 2`, or other words for the two
 * sides. Lists of different lengths are shown whole; what is nested deeper than anything of ours counts as differing. Pure.
 */
function differingMembers(path, left, right, words = ['found', 'expected'], depth = 0) {
    if (depth > MAX_DEPTH)
        return [`${path}: nested more than ${MAX_DEPTH} deep`];
    if (Array.isArray(left) && Array.isArray(right) && left.length === right.length)
        return left.flatMap((item, index) => differingMembers(`${path}[${index}]`, item, right[index], words, depth + 1));
    if ((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(left) && (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(right)) {
        const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
        return keys.flatMap((key) => {
            const name = path === '' ? (0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(key) : `${path}.${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(key)}`;
            return differingMembers(name, own(left, key), own(right, key), words, depth + 1);
        });
    }
    if (left === right)
        return [];
    return [`${path}: ${words[0]} ${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .jsonText */ .s$)(left))}, ${words[1]} ${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .jsonText */ .s$)(right))}`];
}
/** Not what every object inherits: a label may be called `constructor`. */
function own(map, key) {
    return Object.hasOwn(map, key) ? map[key] : undefined;
}


/***/ }),

/***/ 23451:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bc: () => (/* binding */ isDigest),
/* harmony export */   ol: () => (/* binding */ digestOf),
/* harmony export */   sc: () => (/* binding */ sha256)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);

/** SHA256 as 64 hex digits. */
function sha256(bytes) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(bytes).digest('hex');
}
/** SHA256 as an OCI digest. */
function digestOf(bytes) {
    return `sha256:${sha256(bytes)}`;
}
/** Whether the text is an OCI digest of the one algorithm used here. */
function isDigest(text) {
    return /^sha256:[0-9a-f]{64}$/.test(text);
}


/***/ }),

/***/ 24334:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cn: () => (/* binding */ comeBack),
/* harmony export */   Dx: () => (/* binding */ connectionFailure),
/* harmony export */   FP: () => (/* binding */ statusFailure),
/* harmony export */   N6: () => (/* binding */ isRedirect),
/* harmony export */   TL: () => (/* binding */ wantsLogin),
/* harmony export */   Uk: () => (/* binding */ shownAddress),
/* harmony export */   Uy: () => (/* binding */ askedWait),
/* harmony export */   Zq: () => (/* binding */ RATE_LIMIT_SECONDS)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5488);


const CERTIFICATE_CODES = /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(VERIFY|GET)_|ERR_TLS_CERT_)/;
const TLS_CODES = /^(ERR_SSL_|EPROTO$)/;
/** What it means that no answer came. Pure. */
function connectionFailure(error, url, what) {
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR)
        return error;
    const code = (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error) ?? '';
    const message = error instanceof Error ? error.message : String(error);
    if (CERTIFICATE_CODES.test(code))
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('local', `${what}: ${url.host} has a certificate this machine does not trust (${code}). Behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to its certificate, and GIT_SSL_CAINFO for git; verification is never switched off`, { cause: error });
    if (TLS_CODES.test(code))
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('local', `${what}: ${url.host} does not speak TLS (${code}). Check the address, and the proxy if there is one`, { cause: error });
    if (message.includes('statusCode=407'))
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('auth', `${what}: the proxy asks for a user and password (407). Set them in https_proxy`, {
            cause: error,
        });
    // http-client names the path that it asked for, with a query that a redirect may have signed.
    const said = code || message.replace(/\?\S*/gu, '');
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('transient', `${what}: ${url.host} cannot be reached (${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(said)})`, { cause: error });
}
/** An address for a message: without user, query and fragment, any of which may be a secret, also where it is no address. Pure. */
function shownAddress(address, base) {
    if (!URL.canParse(address, base?.href))
        return (0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .withoutSecrets */ .cT)(address);
    const url = new URL(address, base);
    url.search = url.hash = url.username = url.password = '';
    return (0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(url.href);
}
/** 301, 302, 303, 307 or 308. */
function isRedirect(status) {
    return [301, 302, 303, 307, 308].includes(status);
}
/** How long to wait where a limit is named and nothing says how long. */
const RATE_LIMIT_SECONDS = 60;
const WANTS_LOGIN = 'it wants a login';
/**
 * What a status other than 200 means. `withToken`: whether a token was sent, which decides what the user should look at.
 * GitHub's rate-limit headers: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function statusFailure(answer, what, withToken, nowMilliseconds) {
    const { status, headers, url } = answer;
    const at = `${what}: ${url.host} answered ${status}`;
    const retryAfterSeconds = askedWait(headers, nowMilliseconds);
    const rateLimited = status === 429 ||
        (status === 403 &&
            (headers['x-ratelimit-remaining'] === '0' ||
                retryAfterSeconds !== undefined ||
                /rate limit/i.test(answer.body.subarray(0, 4_096).toString('latin1'))));
    if (rateLimited) {
        const seconds = retryAfterSeconds ?? (status === 403 ? RATE_LIMIT_SECONDS : undefined);
        const back = seconds === undefined ? '' : ` ${comeBack(seconds, nowMilliseconds)}`;
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('rate-limit', `${at}: too many requests.${back}`, { retryAfterSeconds: seconds });
    }
    if (isRedirect(status))
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('not-found', `${at}: it moved to ${headers.location === undefined ? 'somewhere else' : shownAddress(headers.location, url)}. If you trust the new name, set upstream to it`);
    if (status === 401)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('auth', withToken
            ? `${at}: the given upstream-token is not accepted. It may have expired or lack read access to the repository's contents`
            : `${at}: ${WANTS_LOGIN}. The repository may be private or not exist: check upstream, or give upstream-token`);
    if (status === 403)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('auth', withToken
            ? `${at}: access is forbidden for the given upstream-token, by its permissions or a policy of the organisation`
            : `${at}: access is forbidden by policy. If the repository is private, give upstream-token`);
    if (status === 404)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('not-found', withToken
            ? `${at}: there is no such thing, or the given upstream-token may not see it`
            : `${at}: there is no such thing. Check upstream and ref; a private repository needs upstream-token`);
    if (status === 410 || status === 451)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('not-found', `${at}: it is gone for good`);
    if (status === 407)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('auth', `${at}: the proxy asks for a user and password. Set them in https_proxy`);
    if (status === 408 || status >= 500)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('transient', `${at}: upstream unavailable`, { retryAfterSeconds });
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('transient', `${at}, which is no answer to this question`);
}
/** What to tell whoever has asked too often. Pure. */
function comeBack(seconds, nowMilliseconds) {
    return `Come back at ${new Date(nowMilliseconds + seconds * 1_000).toISOString()}`;
}
/** Whether a server asked for a login where none was given: what GitHub answers for a repository that is gone. Pure. */
function wantsLogin({ kind, message }) {
    return kind === 'auth' && message.includes(WANTS_LOGIN);
}
/** The longest wait that is told: later times than a clock can show are asked for, too. */
const MAX_WAIT_SECONDS = 366 * 86_400;
/** Seconds from `Retry-After` (seconds or date) or `x-ratelimit-reset` (seconds since 1970), if one is there; a year at most. */
function askedWait(headers, nowMilliseconds) {
    const seconds = unboundedWait(headers, nowMilliseconds);
    return seconds === undefined ? undefined : Math.min(Math.max(0, seconds), MAX_WAIT_SECONDS);
}
function unboundedWait(headers, nowMilliseconds) {
    const after = headers['retry-after'];
    if (after !== undefined) {
        if (/^\d{1,9}$/.test(after))
            return Number(after);
        const date = Date.parse(after);
        if (!Number.isNaN(date))
            return Math.ceil((date - nowMilliseconds) / 1_000);
    }
    const reset = headers['x-ratelimit-reset'];
    if (headers['x-ratelimit-remaining'] === '0' && typeof reset === 'string' && /^\d{1,12}$/.test(reset))
        return Number(reset) - Math.floor(nowMilliseconds / 1_000);
    return undefined;
}


/***/ }),

/***/ 90892:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ fetchOnce)
/* harmony export */ });
/* unused harmony export DEFAULT_LIMITS */
/* harmony import */ var _actions_http_client__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(44942);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(84808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5488);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(24334);




/** Where a caller says nothing else. */
const DEFAULT_LIMITS = {
    maxBytes: 1024 * 1024,
    deadlineSeconds: 300,
    minBytesPerSecond: 1_024,
    stallSeconds: 20,
    maxRedirects: 5,
};
/**
 * One GET, streamed into memory under the limits; redirects are followed by hand. Any status is an answer; what cannot
 * be an answer (no connection, cut short, too big, too slow, a forbidden redirect) rejects with a classified Failure.
 */
async function fetchOnce(address, options, deps) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const end = deps.now() + limits.deadlineSeconds * 1_000;
    let url = address;
    for (let hops = 0;; hops++) {
        const answer = await exchange(url, address, options, limits, end, deps);
        const location = answer.headers.location;
        if (!(0,_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .isRedirect */ .N6)(answer.status) || location === undefined || options.mayRedirect === undefined)
            return answer;
        if (hops === limits.maxRedirects)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('transient', `${options.what}: more than ${limits.maxRedirects} redirects from ${(0,_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .shownAddress */ .Uk)(address.href)}`, { attempts: 1 });
        const next = redirectTarget(url, location, options);
        url = next;
    }
}
function redirectTarget(from, location, options) {
    let to;
    try {
        to = new URL(location, from);
    }
    catch (error) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${options.what}: a redirect to an address that is none: ${(0,_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .shownAddress */ .Uk)(location)}`, {
            cause: error,
        });
    }
    if (options.mayRedirect?.(from, to) !== true)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${options.what}: ${from.origin} redirects to ${(0,_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .shownAddress */ .Uk)(to.href)}, which is none of its own addresses. Nothing was taken from there`);
    return to;
}
async function exchange(url, first, options, limits, end, deps) {
    const client = new _actions_http_client__WEBPACK_IMPORTED_MODULE_0__/* .HttpClient */ .Qq('phantun-runtime', [], {
        allowRedirects: false,
        allowRetries: false,
        socketTimeout: limits.stallSeconds * 1_000,
    });
    const headers = { ...options.headers };
    if (options.authorization !== undefined && url.origin === first.origin)
        headers.authorization = options.authorization;
    let message;
    const stop = deadline(end - deps.now(), deps.signal, options.what);
    try {
        message = (await Promise.race([client.get(url.href, headers), stop.failed])).message;
        const body = await Promise.race([readBody(message, options.what, limits), stop.failed]);
        return { status: message.statusCode ?? 0, headers: message.headers, body, url };
    }
    catch (error) {
        throw (0,_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .connectionFailure */ .Dx)(error, url, options.what);
    }
    finally {
        stop.clear();
        message?.destroy();
        client.dispose();
    }
}
function deadline(milliseconds, signal, what) {
    let clear;
    const failed = new Promise((_, reject) => {
        const onAbort = () => reject(new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('cancelled', `${what}: cancelled`));
        const timer = setTimeout(() => reject(new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('transient', `${what}: no complete answer before the deadline`)), Math.max(0, milliseconds));
        signal.addEventListener('abort', onAbort, { once: true });
        clear = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', onAbort);
        };
        if (signal.aborted)
            onAbort();
    });
    failed.catch(() => undefined);
    return { failed, clear: () => clear() };
}
function readBody(message, what, limits) {
    return new Promise((resolve, reject) => {
        const chunks = [];
        let size = 0;
        let sizeAtLastLook = 0;
        const watch = setInterval(() => {
            if (size - sizeAtLastLook < limits.minBytesPerSecond * limits.stallSeconds)
                fail(new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('transient', `${what}: the server sends less than ${limits.minBytesPerSecond} bytes a second`));
            sizeAtLastLook = size;
        }, limits.stallSeconds * 1_000);
        const fail = (error) => {
            clearInterval(watch);
            reject(error); // first: destroying makes the message report itself aborted, which fails again
            message.destroy();
        };
        message.on('data', (chunk) => {
            size += chunk.length;
            if (size > limits.maxBytes)
                fail(new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} is larger than the ${(0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .humanSize */ .Xe)(limits.maxBytes)} that are allowed`));
            else
                chunks.push(chunk);
        });
        message.on('end', () => {
            clearInterval(watch);
            resolve(Buffer.concat(chunks));
        });
        message.on('error', fail);
        message.on('aborted', () => fail(new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('transient', `${what}: the connection broke after ${size} bytes`)));
    });
}


/***/ }),

/***/ 69994:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $k: () => (/* binding */ thisRecipe),
/* harmony export */   XM: () => (/* binding */ thisEntrypoint)
/* harmony export */ });
/* unused harmony export entrypointOf */
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(84808);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(23451);
/* harmony import */ var _wrapper_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(50060);
/* harmony import */ var _layout_compose_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(29900);





/** The recipe of this release. */
async function thisRecipe() {
    return {
        dockerfile: (0,_hash_js__WEBPACK_IMPORTED_MODULE_2__/* .sha256 */ .sc)(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(_wrapper_js__WEBPACK_IMPORTED_MODULE_3__/* .DOCKERFILE */ .RX)),
        wrapper: await (0,_wrapper_js__WEBPACK_IMPORTED_MODULE_3__/* .wrapperVersion */ ._M)(),
        layout: _layout_compose_js__WEBPACK_IMPORTED_MODULE_4__/* .LAYOUT_VERSION */ .w9,
    };
}
/** The entrypoint that this release's Dockerfile gives an image. */
async function thisEntrypoint() {
    return entrypointOf(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(_wrapper_js__WEBPACK_IMPORTED_MODULE_3__/* .DOCKERFILE */ .RX, 'utf8'));
}
/** The last ENTRYPOINT of a Dockerfile, which must be in exec form on one line. Pure. */
function entrypointOf(dockerfile) {
    const line = [...dockerfile.matchAll(/^ENTRYPOINT (\[.*\])$/gm)].at(-1)?.[1];
    if (line === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('local', 'the Dockerfile has no ENTRYPOINT in exec form on one line');
    return JSON.parse(line);
}


/***/ }),

/***/ 77060:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   g: () => (/* binding */ readBlob),
/* harmony export */   n: () => (/* binding */ blobPath)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(84808);
/* harmony import */ var _files_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(45144);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(23451);




/** Where an OCI layout keeps the blob. */
function blobPath(folder, digest) {
    return (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(folder, 'blobs', 'sha256', digest.slice('sha256:'.length));
}
/**
 * Reads the blob a descriptor means, and recomputes its size and digest. Failures are class verification and name
 * `what`.
 */
async function readBlob(folder, blob, maxBytes, what) {
    const bytes = await (0,_files_js__WEBPACK_IMPORTED_MODULE_2__/* .readCapped */ .EF)(blobPath(folder, blob.digest), maxBytes, `${what} (${blob.digest})`);
    if (bytes.length !== blob.size)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `size of ${what}: expected ${blob.size} bytes, found ${bytes.length}`);
    const digest = (0,_hash_js__WEBPACK_IMPORTED_MODULE_3__/* .digestOf */ .ol)(bytes);
    if (digest !== blob.digest)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `digest of ${what}: expected ${blob.digest}, found ${digest}`);
    return bytes;
}


/***/ }),

/***/ 29900:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DE: () => (/* binding */ blobOf),
/* harmony export */   EI: () => (/* binding */ indexBytes),
/* harmony export */   T8: () => (/* binding */ manifestBytes),
/* harmony export */   Zz: () => (/* binding */ compose),
/* harmony export */   vF: () => (/* binding */ layerTar),
/* harmony export */   w9: () => (/* binding */ LAYOUT_VERSION)
/* harmony export */ });
/* harmony import */ var _canonical_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(7233);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(23451);
/* harmony import */ var _platform_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(11772);
/* harmony import */ var _config_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(18488);
/* harmony import */ var _gzip_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(51610);
/* harmony import */ var _limits_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(18346);
/* harmony import */ var _oci_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(71073);







/**
 * Version of the layout writer, part of the lock: raised with every change that gives the same contents other bytes.
 */
const LAYOUT_VERSION = 1;
/**
 * The canonical image of these builds: its bytes are a function of contents, epoch and annotations alone, whatever
 * Docker, node or processor made them, and whatever order the builds come in. Throws an Error for no build, or two of
 * one platform.
 */
function compose(builds, options) {
    if (builds.length === 0 || new Set(builds.map(({ platform }) => platform)).size !== builds.length)
        throw new Error(`an image needs one build a platform, not ${builds.map(({ platform }) => platform).join(', ')}`);
    const blobs = new Map();
    const add = (mediaType, bytes) => {
        const digest = (0,_hash_js__WEBPACK_IMPORTED_MODULE_0__/* .digestOf */ .ol)(bytes);
        blobs.set(digest, bytes);
        return { mediaType, digest, size: bytes.length };
    };
    const images = _platform_js__WEBPACK_IMPORTED_MODULE_4__/* .PLATFORMS */ .P4.flatMap((platform) => builds.filter((build) => build.platform === platform)).map((build) => {
        const { platform, layer: tar } = build;
        const diffId = (0,_hash_js__WEBPACK_IMPORTED_MODULE_0__/* .digestOf */ .ol)(tar);
        const layer = add(_oci_js__WEBPACK_IMPORTED_MODULE_3__/* .MEDIA_TYPES */ .Z2.packedLayer, (0,_gzip_js__WEBPACK_IMPORTED_MODULE_2__/* .pack */ .qq)(tar));
        const config = add(_oci_js__WEBPACK_IMPORTED_MODULE_3__/* .MEDIA_TYPES */ .Z2.config, (0,_config_js__WEBPACK_IMPORTED_MODULE_1__/* .configBytes */ .u)(platform, build.config, options.epochSeconds, diffId));
        const manifest = add(_oci_js__WEBPACK_IMPORTED_MODULE_3__/* .MEDIA_TYPES */ .Z2.manifest, manifestBytes(config, layer));
        return { platform, manifest, config, layer, diffId, unpackedSize: tar.length };
    });
    const bytes = indexBytes(images, options.annotations);
    const { digest, size } = add(_oci_js__WEBPACK_IMPORTED_MODULE_3__/* .MEDIA_TYPES */ .Z2.index, bytes);
    return { index: { digest, size, bytes }, blobs, images };
}
/** The manifest of one platform. */
function manifestBytes(config, layer) {
    return Buffer.from((0,_canonical_js__WEBPACK_IMPORTED_MODULE_5__/* .canonicalJson */ .d)({ schemaVersion: 2, mediaType: _oci_js__WEBPACK_IMPORTED_MODULE_3__/* .MEDIA_TYPES */ .Z2.manifest, config, layers: [layer] }));
}
/** The index over the platforms, in the order given. */
function indexBytes(images, annotations) {
    return Buffer.from((0,_canonical_js__WEBPACK_IMPORTED_MODULE_5__/* .canonicalJson */ .d)({
        schemaVersion: 2,
        mediaType: _oci_js__WEBPACK_IMPORTED_MODULE_3__/* .MEDIA_TYPES */ .Z2.index,
        manifests: images.map(({ platform, manifest }) => ({ ...manifest, platform: (0,_platform_js__WEBPACK_IMPORTED_MODULE_4__/* .platformParts */ .Yn)(platform) })),
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    }));
}
/** The blob with this digest. Throws an Error if the image was put together without it. */
function blobOf(image, { digest }) {
    const bytes = image.blobs.get(digest);
    if (bytes === undefined)
        throw new Error(`the image has no blob ${digest}`);
    return bytes;
}
/** The uncompressed tar of a platform's layer, unpacked from its blob. */
function layerTar(image, { platform, layer }) {
    return (0,_gzip_js__WEBPACK_IMPORTED_MODULE_2__/* .unpack */ .l1)(blobOf(image, layer), _limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_LAYER_BYTES */ .t, `layer of ${platform}`);
}


/***/ }),

/***/ 18488:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   o: () => (/* binding */ parseConfig),
/* harmony export */   u: () => (/* binding */ configBytes)
/* harmony export */ });
/* harmony import */ var _canonical_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7233);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84808);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(23451);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(78769);
/* harmony import */ var _platform_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(11772);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5488);






const TEXTS = ['StopSignal', 'User', 'WorkingDir'];
const TEXT_LISTS = ['Cmd', 'Entrypoint', 'Env'];
const NAME_SETS = ['ExposedPorts', 'Volumes'];
// `history` is worded by whichever BuildKit ran, `author` by nobody; neither decides what a container does.
const CONFIG_KEYS = ['architecture', 'author', 'config', 'created', 'history', 'os', 'rootfs', 'variant'];
/**
 * The config of a published image: canonical JSON, without history. `epochSeconds` since 1970 becomes `created`; throws
 * a RangeError outside the years 1970 to 9999.
 */
function configBytes(platform, runtime, epochSeconds, diffId) {
    if (!(0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .isEpoch */ .CH)(epochSeconds))
        throw new RangeError(`${epochSeconds} is not a time in whole seconds since 1970`);
    return Buffer.from((0,_canonical_js__WEBPACK_IMPORTED_MODULE_4__/* .canonicalJson */ .d)({
        ...(0,_platform_js__WEBPACK_IMPORTED_MODULE_5__/* .platformParts */ .Yn)(platform),
        config: runtime,
        created: (0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .isoTime */ .Ly)(epochSeconds),
        rootfs: { diff_ids: [diffId], type: 'layers' },
    }));
}
/**
 * Reads an image config from bytes that are not trusted. A member it does not know is refused rather than dropped or
 * kept: dropped, an image would behave otherwise than its Dockerfile says (HEALTHCHECK, ONBUILD); kept, whatever a new
 * BuildKit adds would change the digest. Members that are empty say nothing, and builders differ in writing them.
 */
function parseConfig(bytes, what) {
    const config = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .parseJson */ .qF)(bytes, what), what);
    for (const [key, value] of Object.entries(config)) {
        if (!CONFIG_KEYS.includes(key) && !saysNothing(value))
            throw unknownMember(key, what);
    }
    const rootfs = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(config.rootfs, `rootfs of ${what}`);
    return {
        platform: platformOf(config, what),
        epochSeconds: epochOf(config.created),
        runtime: runtimeOf((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(config.config ?? {}, `config of ${what}`), what),
        diffIds: (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(rootfs.diff_ids, `diff_ids of ${what}`).map((id) => {
            if (typeof id !== 'string' || !(0,_hash_js__WEBPACK_IMPORTED_MODULE_1__/* .isDigest */ .Bc)(id))
                throw (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .wrong */ .Qm)(`diff_id of ${what}`, 'sha256:<64 hex>', id);
            return id;
        }),
    };
}
function epochOf(created) {
    if (typeof created !== 'string')
        return undefined;
    const seconds = Date.parse(created) / 1000;
    return (0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .isEpoch */ .CH)(seconds) && (0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .isoTime */ .Ly)(seconds) === created ? seconds : undefined;
}
function platformOf({ os, architecture, variant }, what) {
    // v8 is the only arm64 there is; some builders write it, most leave it out.
    const plain = architecture === 'arm64' && variant === 'v8' ? undefined : variant;
    const found = [os, architecture, plain].filter((part) => part !== undefined && part !== '').join('/');
    const platform = _platform_js__WEBPACK_IMPORTED_MODULE_5__/* .PLATFORMS */ .P4.find((name) => name === found);
    if (platform === undefined)
        throw (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .wrong */ .Qm)(`platform of ${what}`, `one of ${_platform_js__WEBPACK_IMPORTED_MODULE_5__/* .PLATFORMS */ .P4.join(', ')}`, found);
    return platform;
}
function runtimeOf(config, what) {
    const runtime = {};
    for (const [key, value] of Object.entries(config)) {
        if (saysNothing(value))
            continue;
        const place = `${(0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .printable */ .g$)(key)} of ${what}`;
        if (isOneOf(TEXTS, key))
            runtime[key] = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(value, place);
        else if (isOneOf(TEXT_LISTS, key))
            runtime[key] = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(value, place).map((item) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(item, place));
        else if (isOneOf(NAME_SETS, key))
            runtime[key] = nameSet(value, place);
        else if (key === 'Labels')
            runtime.Labels = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asTexts */ .DW)(value, place);
        else
            throw unknownMember(key, what);
    }
    return runtime;
}
function nameSet(value, place) {
    return Object.fromEntries(Object.keys((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(value, place)).map((name) => [(0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(name, place), {}]));
}
function isOneOf(names, key) {
    return names.includes(key);
}
function saysNothing(value) {
    if (value === null || value === '' || value === false)
        return true;
    return typeof value === 'object' && Object.keys(value).length === 0;
}
function unknownMember(key, what) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('verification', `${what} holds ${(0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .printable */ .g$)(key)}, which the layout writer does not know. Remove the instruction that sets it ` +
        'from the Dockerfile, or teach src/image/layout/config.ts to carry it');
}


/***/ }),

/***/ 51610:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   h_: () => (/* binding */ packAhead),
/* harmony export */   l1: () => (/* binding */ unpack),
/* harmony export */   qq: () => (/* binding */ pack)
/* harmony export */ });
/* unused harmony export deflate */
/* harmony import */ var node_worker_threads__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(75919);
/* harmony import */ var node_zlib__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(38522);
/* harmony import */ var pako__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9925);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(84808);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(23451);
/* harmony import */ var _wrapper_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(50060);






// RFC 1952: magic, deflate, no flags, no time, no hint about the level, system "Unix".
const HEADER = Buffer.from('1f8b0800000000000003', 'hex');
const TRAILER_BYTES = 8;
// legacyHash makes pako write the bytes of plain zlib (and of Python's `zlib.compressobj(6, wbits=31)`); without it
// they are those of Chromium's zlib. Level 9 saves 0.6 % of a layer and takes twice the time, in which no signal is
// handled.
const OPTIONS = { level: 6, windowBits: 15, memLevel: 8, strategy: 0, legacyHash: true, gzip: true };
// A layer is packed when it is composed, when it is read back, and after a rebuild; it takes a second each time.
const MAX_REMEMBERED = 4;
const remembered = new Map();
/** The bytes as one gzip member without name or time. The same bytes give the same gzip on every machine and node. */
function pack(bytes) {
    const digest = (0,_hash_js__WEBPACK_IMPORTED_MODULE_4__/* .digestOf */ .ol)(bytes);
    return Buffer.from(remembered.get(digest) ?? remember(digest, deflate(bytes)));
}
/** What `pack` will be asked for, on a processor each and beside this thread, which goes on to handle signals. */
async function packAhead(all) {
    await Promise.all(all.map(async (bytes) => remember((0,_hash_js__WEBPACK_IMPORTED_MODULE_4__/* .digestOf */ .ol)(bytes), await inWorker(bytes))));
}
/**
 * What `pack` does, without its memory: for the worker. The whole comes in one piece, as what does not compress grows by less than
 * this room: pieces would be held once more while they are put together.
 */
function deflate(bytes) {
    const room = bytes.length + Math.ceil(bytes.length / 1_000) + 1_000;
    const engine = new pako__WEBPACK_IMPORTED_MODULE_2__/* .Deflate */ .Gy({ ...OPTIONS, chunkSize: room });
    const pieces = [];
    engine.onData = (piece) => pieces.push(piece);
    engine.onEnd = () => undefined;
    engine.push(bytes, true);
    const [whole, ...more] = pieces;
    if (whole === undefined || more.length > 0)
        throw new Error(`zlib gave ${pieces.length} pieces: ${engine.msg}`);
    return whole;
}
function inWorker(bytes) {
    return new Promise((resolve, reject) => {
        const worker = new node_worker_threads__WEBPACK_IMPORTED_MODULE_0__.Worker(_wrapper_js__WEBPACK_IMPORTED_MODULE_5__/* .PACKER */ .hD, { workerData: bytes, env: {}, execArgv: [] });
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error(`${_wrapper_js__WEBPACK_IMPORTED_MODULE_5__/* .PACKER */ .hD} ended without a word`))); // nobody listens behind a message
    });
}
function remember(digest, packed) {
    const kept = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
    for (const oldest of remembered.keys())
        if (remembered.size >= MAX_REMEMBERED)
            remembered.delete(oldest);
    remembered.set(digest, kept);
    return kept;
}
/**
 * The bytes inside one gzip member as `pack` writes it. Refuses, as class verification with `what` in the message, what
 * gives more than `maxBytes`, a wrong checksum, and anything after the member: node would read on without a word.
 */
function unpack(packed, maxBytes, what) {
    const body = packed.subarray(HEADER.length);
    if (packed.length < HEADER.length + TRAILER_BYTES || !packed.subarray(0, HEADER.length).equals(HEADER))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .HR('verification', `${what} does not start with the gzip header that is written here`);
    const { bytes, used } = inflate(body, maxBytes, what);
    if (body.length !== used + TRAILER_BYTES)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .HR('verification', `${what} holds ${body.length - used - TRAILER_BYTES} bytes beside its one gzip member`);
    if (body.readUInt32LE(used) !== (0,node_zlib__WEBPACK_IMPORTED_MODULE_1__.crc32)(bytes) || body.readUInt32LE(used + 4) !== bytes.length)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .HR('verification', `${what}: the gzip checksum does not fit the contents`);
    return bytes;
}
function inflate(body, maxBytes, what) {
    try {
        // With `info` node returns the engine too, whose bytesWritten counts the input it used; the types do not know.
        const { buffer, engine } = (0,node_zlib__WEBPACK_IMPORTED_MODULE_1__.inflateRawSync)(body, { info: true, maxOutputLength: maxBytes });
        return { bytes: buffer, used: engine.bytesWritten };
    }
    catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .HR('verification', `${what} cannot be unpacked into at most ${maxBytes} bytes: ${reason}`, {
            cause,
        });
    }
}


/***/ }),

/***/ 18346:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ MAX_JSON_BYTES),
/* harmony export */   t: () => (/* binding */ MAX_LAYER_BYTES)
/* harmony export */ });
/** The most a JSON document of an image may have. Ours have about one kilobyte. */
const MAX_JSON_BYTES = 1_000_000;
/**
 * The most a layer may have, packed or unpacked, before it is even looked into. Ours have 9 MB at most, see check.ts.
 */
const MAX_LAYER_BYTES = 64_000_000;


/***/ }),

/***/ 71073:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ED: () => (/* binding */ asSize),
/* harmony export */   G8: () => (/* binding */ asDescriptor),
/* harmony export */   Ys: () => (/* binding */ LAYOUT_MARKER),
/* harmony export */   Z2: () => (/* binding */ MEDIA_TYPES)
/* harmony export */ });
/* harmony import */ var _canonical_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7233);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(23451);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(78769);



/** The media types that appear in what is published and in what buildx exports. */
const MEDIA_TYPES = {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar',
    packedLayer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};
/** The bytes of `oci-layout`, the file that marks a folder as an OCI layout. */
const LAYOUT_MARKER = Buffer.from((0,_canonical_js__WEBPACK_IMPORTED_MODULE_2__/* .canonicalJson */ .d)({ imageLayoutVersion: '1.0.0' }));
/** The value as a descriptor of one media type; other members of it are left out. */
function asDescriptor(value, mediaType, what) {
    const { mediaType: found, digest, size } = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .asObject */ .eB)(value, what);
    if (found !== mediaType)
        throw (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .wrong */ .Qm)(`media type of ${what}`, mediaType, found);
    if (typeof digest !== 'string' || !(0,_hash_js__WEBPACK_IMPORTED_MODULE_0__/* .isDigest */ .Bc)(digest))
        throw (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .wrong */ .Qm)(`digest of ${what}`, 'sha256:<64 hex>', digest);
    return { mediaType, digest, size: asSize(size, what) };
}
/** The value as a number of bytes, or a failure that names whose size it is. */
function asSize(value, what) {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
        throw (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .wrong */ .Qm)(`size of ${what}`, 'a number of bytes', value);
    return value;
}


/***/ }),

/***/ 96727:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   s: () => (/* binding */ readTar)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84808);
/* harmony import */ var _tarHeader_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(44493);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5488);



const MAX_ENTRIES = 10_000;
const MAX_PAX_BYTES = 65_536;
const MAX_PATH_BYTES = 4096;
const KINDS = [
    'file',
    'hard link',
    'symlink',
    'character device',
    'block device',
    'directory',
    'fifo',
];
const PAX_KEYS = /^(?:path|linkpath|size|uid|gid|mtime|atime|ctime|uname|gname|SCHILY\.xattr\.[^=]+)$/;
/**
 * Reads a POSIX tar (ustar with PAX records) strictly: checksums, plain octal numbers, zero padding also behind names, an
 * end mark with nothing behind it, relative paths without `.` or `..`, no path twice. Throws class verification with `what`
 * and the entry named.
 */
function readTar(tar, what) {
    const entries = [];
    const seen = new Set();
    let pax;
    let offset = 0;
    for (;;) {
        const header = tar.subarray(offset, offset + _tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .BLOCK_BYTES */ .Yo);
        const place = `${what}, tar header at byte ${offset}`;
        if (header.length < _tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .BLOCK_BYTES */ .Yo)
            throw refuse(place, 'the tar ends without an end mark');
        if ((0,_tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .isZero */ .be)(header))
            break;
        const { type, ...entry } = readHeader(header, place);
        const size = type === 'x' ? entry.size : Number(pax?.get('size') ?? entry.size);
        const start = offset + _tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .BLOCK_BYTES */ .Yo;
        const end = start + Math.ceil(size / _tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .BLOCK_BYTES */ .Yo) * _tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .BLOCK_BYTES */ .Yo;
        if (end > tar.length)
            throw refuse(place, `${size} bytes of data reach beyond the end of the tar`);
        const data = tar.subarray(start, start + size);
        if (!(0,_tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .isZero */ .be)(tar.subarray(start + size, end)))
            throw refuse(place, 'the padding is not zero');
        if (type === 'x') {
            if (pax !== undefined)
                throw refuse(place, 'two PAX headers in front of one entry');
            pax = readPax(data, place);
        }
        else {
            const complete = applyPax({ ...entry, kind: kindOf(type, place), size, data }, pax, place);
            if (seen.has(complete.path))
                throw refuse(place, `${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(complete.path)} appears twice`);
            if (seen.size >= MAX_ENTRIES)
                throw refuse(place, `more than ${MAX_ENTRIES} entries`);
            seen.add(complete.path);
            entries.push(complete);
            pax = undefined;
        }
        offset = end;
    }
    if (pax !== undefined)
        throw refuse(what, 'a PAX header without an entry');
    if (tar.length % _tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .BLOCK_BYTES */ .Yo !== 0 || tar.length < offset + 2 * _tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .BLOCK_BYTES */ .Yo || !(0,_tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .isZero */ .be)(tar.subarray(offset)))
        throw refuse(what, 'the end of the tar is not two or more zero blocks');
    return entries;
}
function readHeader(header, place) {
    if (!(0,_tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .isUstar */ .If)(header))
        throw refuse(place, 'not a POSIX tar header');
    if (number(header, 148, 8, place) !== (0,_tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .checksum */ .cM)(header))
        throw refuse(place, 'the checksum is wrong');
    const prefix = plain(header, 345, 155, place);
    const name = plain(header, 0, 100, place);
    return {
        type: header.toString('latin1', 156, 157),
        path: prefix === '' ? name : `${prefix}/${name}`,
        mode: number(header, 100, 8, place),
        uid: number(header, 108, 8, place),
        gid: number(header, 116, 8, place),
        size: number(header, 124, 12, place),
        mtimeSeconds: number(header, 136, 12, place),
        linkTarget: plain(header, 157, 100, place),
    };
}
/** What an extended header sets: each key once, and only keys that are known. Values have one character a byte. */
function readPax(data, place) {
    if (data.length > MAX_PAX_BYTES)
        throw refuse(place, `more than ${MAX_PAX_BYTES} bytes of PAX records`);
    const found = (0,_tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .paxRecords */ .Q5)(data);
    if (found === undefined)
        throw refuse(place, 'malformed PAX records');
    const records = new Map();
    for (const [key, value] of found) {
        if (records.has(key))
            throw refuse(place, `PAX record ${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(key)} twice`);
        if (!PAX_KEYS.test(key))
            throw refuse(place, `PAX record ${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(key)} is not known`);
        if (/^(?:size|uid|gid)$/.test(key) && !/^\d{1,12}$/.test(value))
            throw refuse(place, `PAX ${key} is not a number`);
        if (key === 'mtime' && !/^\d{1,12}(?:\.\d{1,20})?$/.test(value))
            throw refuse(place, 'PAX mtime is not a time');
        records.set(key, value);
    }
    return records;
}
function applyPax(entry, pax, place) {
    const record = (key) => {
        const value = pax?.get(key);
        return value === undefined ? undefined : utf8(Buffer.from(value, 'latin1'), place);
    };
    const named = record('path') ?? entry.path;
    const path = entry.kind === 'directory' ? named.replace(/\/$/, '') : named;
    const components = path.split('/');
    if (components.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0')))
        throw refuse(place, `path ${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(path)} is not a plain relative path`);
    if (path.length > MAX_PATH_BYTES)
        throw refuse(place, `a path of more than ${MAX_PATH_BYTES} bytes`);
    if (entry.kind !== 'file' && entry.size !== 0)
        throw refuse(place, `${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(path)} is a ${entry.kind} with data`);
    return {
        ...entry,
        path,
        uid: Number(record('uid') ?? entry.uid),
        gid: Number(record('gid') ?? entry.gid),
        mtimeSeconds: Math.floor(Number(record('mtime') ?? entry.mtimeSeconds)),
        linkTarget: record('linkpath') ?? entry.linkTarget,
        paxKeys: [...(pax?.keys() ?? [])],
    };
}
function kindOf(type, place) {
    const kind = KINDS[type === '\0' ? 0 : '0123456'.indexOf(type)];
    if (kind === undefined)
        throw refuse(place, `entries of type ${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(type)} are not known`);
    return kind;
}
function number(header, start, length, place) {
    const value = (0,_tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .octal */ .Wo)(header, start, length);
    if (value !== undefined)
        return value;
    throw refuse(place, `${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(header.toString('latin1', start, start + length))} is not an octal number`);
}
function plain(header, start, length, place) {
    const found = (0,_tarHeader_js__WEBPACK_IMPORTED_MODULE_1__/* .text */ .Qq)(header, start, length);
    if (found === undefined)
        throw refuse(place, 'a name with bytes behind a NUL');
    return utf8(Buffer.from(found, 'latin1'), place);
}
function utf8(bytes, place) {
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('verification', `${place}: a name that is not UTF-8`, { cause });
    }
}
function refuse(place, reason) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('verification', `${place}: ${reason}`);
}


/***/ }),

/***/ 77364:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FJ: () => (/* binding */ writeTar),
/* harmony export */   Xx: () => (/* binding */ MAX_TAR_NAME_BYTES),
/* harmony export */   gh: () => (/* binding */ tarLength)
/* harmony export */ });
/* harmony import */ var _tarHeader_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(44493);

/** The most bytes a path may have: what a ustar header holds without more records. */
const MAX_TAR_NAME_BYTES = 100;
/**
 * A plain ustar of these files, in this order: the same bytes every time. Throws a RangeError for a path over 100
 * bytes.
 */
function writeTar(inputs) {
    const parts = inputs.flatMap((input) => [writeHeader(input), input.data, padding(input.data.length)]);
    return Buffer.concat([...parts, Buffer.alloc(2 * _tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .BLOCK_BYTES */ .Yo)]);
}
/** How many bytes the tar of entries has whose data has these. Pure. */
function tarLength(sizes) {
    return sizes.reduce((total, size) => total + _tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .BLOCK_BYTES */ .Yo + Math.ceil(size / _tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .BLOCK_BYTES */ .Yo) * _tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .BLOCK_BYTES */ .Yo, 2 * _tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .BLOCK_BYTES */ .Yo);
}
function writeHeader({ path, mtimeSeconds, data }) {
    if (Buffer.byteLength(path) > MAX_TAR_NAME_BYTES)
        throw new RangeError(`${path} is longer than ${MAX_TAR_NAME_BYTES} bytes`);
    const header = Buffer.alloc(_tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .BLOCK_BYTES */ .Yo);
    header.write(path, 0);
    header.write(octal(0o644, 7), 100);
    header.write(octal(0, 7), 108);
    header.write(octal(0, 7), 116);
    header.write(octal(data.length, 11), 124);
    header.write(octal(mtimeSeconds, 11), 136);
    header.write('0', 156);
    header.write('ustar\x0000', 257);
    header.write(`${octal((0,_tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .checksum */ .cM)(header), 6)}\0 `, 148);
    return header;
}
function octal(value, digits) {
    return value.toString(8).padStart(digits, '0');
}
function padding(size) {
    return Buffer.alloc((_tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .BLOCK_BYTES */ .Yo - (size % _tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .BLOCK_BYTES */ .Yo)) % _tarHeader_js__WEBPACK_IMPORTED_MODULE_0__/* .BLOCK_BYTES */ .Yo);
}


/***/ }),

/***/ 9231:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ pullImage)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(84808);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(23451);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(78769);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(15649);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(5488);
/* harmony import */ var _layout_limits_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(18346);
/* harmony import */ var _layout_oci_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(71073);
/* harmony import */ var _registry_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(18121);
/* harmony import */ var _view_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(92032);











/**
 * Pulls an image whole, each manifest, config and layer, and hashes every one. Failures: class not-found when there is no such
 * image, verification when a part is missing or not what its digest says.
 */
async function pullImage(reference, deps) {
    const { repository } = reference;
    const registry = (0,_registry_js__WEBPACK_IMPORTED_MODULE_7__/* .openRegistry */ .Me)(repository, deps);
    const name = withoutTag(reference);
    const bytes = await readManifest(registry, name, deps);
    if (bytes === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('not-found', `${name}: the registry has no such image. Check the name; a private image needs 'docker login'`);
    const digest = (0,_hash_js__WEBPACK_IMPORTED_MODULE_3__/* .digestOf */ .ol)(bytes);
    if (reference.digest !== undefined && digest !== reference.digest)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `${name}: the registry serves other bytes, whose digest is ${digest}`);
    const index = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .parseJson */ .qF)(bytes, 'image index'), 'image index');
    if (index.mediaType !== _layout_oci_js__WEBPACK_IMPORTED_MODULE_6__/* .MEDIA_TYPES */ .Z2.index)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `${name} is no OCI image index but ${(0,_text_js__WEBPACK_IMPORTED_MODULE_9__/* .printable */ .g$)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .jsonText */ .s$)(index.mediaType))}. This project publishes nothing else`);
    const children = (0,_view_js__WEBPACK_IMPORTED_MODULE_8__/* .childrenOf */ .LU)(index);
    if (children.length === 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `${name} is an image index that names no manifest`);
    // Before the whole is pulled: what a clean-up took is named and not only missed, and what claims to be too much is not fetched.
    // No claim binds a registry: what sends more than any blob may have is cut off by the bound of its client.
    const claimed = [];
    for (const child of children)
        claimed.push(await requireChild(registry, repository, child, deps));
    (0,_view_js__WEBPACK_IMPORTED_MODULE_8__/* .requireModest */ .UF)(claimed);
    const layout = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(deps.temp, 'pulled-'));
    try {
        const pinned = `${repository}@${digest}`;
        await (0,_retry_js__WEBPACK_IMPORTED_MODULE_5__/* .withRetries */ .LH)(`pulling ${pinned}`, deps, () => registry.fetch(pinned, layout, _layout_limits_js__WEBPACK_IMPORTED_MODULE_10__/* .MAX_LAYER_BYTES */ .t));
        const descriptor = { mediaType: _layout_oci_js__WEBPACK_IMPORTED_MODULE_6__/* .MEDIA_TYPES */ .Z2.index, digest, size: bytes.length };
        return { repository, digest, view: await (0,_view_js__WEBPACK_IMPORTED_MODULE_8__/* .readView */ .Ml)(layout, descriptor) };
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(layout, { recursive: true });
    }
}
/** The name to ask for: where there is a digest it alone says what is meant, and skopeo takes only one of the two. */
function withoutTag({ repository, tag, digest }) {
    return digest === undefined ? `${repository}:${tag ?? ''}` : `${repository}@${digest}`;
}
function readManifest(registry, name, deps) {
    return (0,_retry_js__WEBPACK_IMPORTED_MODULE_5__/* .withRetries */ .LH)(`reading ${name}`, deps, () => registry.read(name));
}
/** The bytes that a child claims to have, once its manifest is there and is what its digest says. */
async function requireChild(registry, repository, { platform, descriptor }, deps) {
    const name = `${repository}@${descriptor.digest}`;
    const bytes = await readManifest(registry, name, deps);
    if (bytes === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `the manifest of ${platform} is gone: the index names ${name}, and the registry no longer has it. A clean-up of untagged images takes platforms from under an index; publish the image again`);
    const digest = (0,_hash_js__WEBPACK_IMPORTED_MODULE_3__/* .digestOf */ .ol)(bytes);
    if (digest !== descriptor.digest)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `the manifest of ${platform}: the registry serves ${digest} as ${descriptor.digest}`);
    return (0,_view_js__WEBPACK_IMPORTED_MODULE_8__/* .claimedBytes */ .tI)(bytes, platform);
}


/***/ }),

/***/ 91577:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LN: () => (/* binding */ referrersTag),
/* harmony export */   j2: () => (/* binding */ artifactsIn),
/* harmony export */   s: () => (/* binding */ digestIn),
/* harmony export */   t2: () => (/* binding */ fetchArtifact),
/* harmony export */   xt: () => (/* binding */ listReferrers)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(84808);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(23451);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(78769);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(15649);
/* harmony import */ var _layout_blobs_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(77060);
/* harmony import */ var _layout_limits_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(18346);
/* harmony import */ var _layout_oci_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(71073);









/**
 * Where referrers of a digest are listed in a registry without the referrers API (OCI distribution-spec 1.1, "referrers
 * tag schema").
 */
function referrersTag(repository, digest) {
    return `${repository}:${digest.replace(':', '-')}`;
}
/** Each is asked for when the list is written again. */
const MAX_LISTED = 256;
/** What that tag lists, unread: others may have listed anything. Empty when there is no such tag. */
async function listReferrers(registry, repository, digest, deps) {
    const name = referrersTag(repository, digest);
    const bytes = await (0,_retry_js__WEBPACK_IMPORTED_MODULE_5__/* .withRetries */ .LH)(`reading ${name}`, deps, () => registry.read(name));
    if (bytes === undefined)
        return [];
    const what = `list of referrers ${name}`;
    const list = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asList */ .DD)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .parseJson */ .qF)(bytes, what), what).manifests, what);
    if (list.length > MAX_LISTED)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `${what} has ${list.length} entries, more than the ${MAX_LISTED} that are looked at. Remove what nobody needs`);
    return list;
}
/** Whether an item in a list of referrers says that it is an artifact of this type. */
function isOfType(item, artifactType) {
    return (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isObject */ .Gv)(item) && item.artifactType === artifactType;
}
/** Digests of the artifacts of one type in a list of referrers, each once. What else an item says nobody has to believe. Pure. */
function artifactsIn(list, artifactType) {
    const digests = list.flatMap((item) => (isOfType(item, artifactType) ? [digestIn(item)] : []));
    return [...new Set(digests.filter((digest) => digest !== undefined))];
}
/** The digest that an item in a list of referrers names, if it names one. Pure. */
function digestIn(item) {
    return (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isObject */ .Gv)(item) && typeof item.digest === 'string' && (0,_hash_js__WEBPACK_IMPORTED_MODULE_3__/* .isDigest */ .Bc)(item.digest) ? item.digest : undefined;
}
/**
 * Downloads the layer of an artifact, manifest and layer checked against their digests. Class not-found when it is gone,
 * verification when it says that it refers to another image than `subject`, or that it is more than its one layer of its size.
 */
async function fetchArtifact(registry, repository, subject, artifact, deps) {
    const { what, digest, maxBytes } = artifact;
    const name = `${repository}@${digest}`;
    const manifest = await (0,_retry_js__WEBPACK_IMPORTED_MODULE_5__/* .withRetries */ .LH)(`reading ${name}`, deps, () => registry.read(name));
    if (manifest === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('not-found', `${name} is listed as ${what} of ${subject}, and the registry no longer has it`);
    if ((0,_hash_js__WEBPACK_IMPORTED_MODULE_3__/* .digestOf */ .ol)(manifest) !== digest)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `${name}: the registry serves other bytes, whose digest is ${(0,_hash_js__WEBPACK_IMPORTED_MODULE_3__/* .digestOf */ .ol)(manifest)}`);
    const layer = layerOf(manifest, name, subject, artifact);
    const layout = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(deps.temp, 'artifact-'));
    try {
        const fileBytes = Math.max(maxBytes, _layout_limits_js__WEBPACK_IMPORTED_MODULE_8__/* .MAX_JSON_BYTES */ .E);
        await (0,_retry_js__WEBPACK_IMPORTED_MODULE_5__/* .withRetries */ .LH)(`downloading ${name}`, deps, () => registry.fetch(name, layout, fileBytes));
        return await (0,_layout_blobs_js__WEBPACK_IMPORTED_MODULE_6__/* .readBlob */ .g)(layout, layer, maxBytes, what);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(layout, { recursive: true, force: true });
    }
}
/** The one layer that a manifest names. It is judged first: anybody may have put it there, and all that it names is fetched. Pure. */
function layerOf(manifest, name, subject, { what, layerType, maxBytes }) {
    const part = `manifest of ${what}`;
    requireSize(part, manifest.length, _layout_limits_js__WEBPACK_IMPORTED_MODULE_8__/* .MAX_JSON_BYTES */ .E);
    const document = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .parseJson */ .qF)(manifest, part), part);
    const { digest } = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)(document.subject ?? {}, `subject of ${what}`);
    if (digest !== subject)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `${name} is listed as ${what} of ${subject}, but says it is of another image`);
    const layers = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asList */ .DD)(document.layers, part);
    if (layers.length > 1 || document.manifests !== undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `${name} has more than the one layer that ${what} has`);
    const layer = (0,_layout_oci_js__WEBPACK_IMPORTED_MODULE_7__/* .asDescriptor */ .G8)(layers[0], layerType, `layer of ${what}`);
    requireSize(what, layer.size, maxBytes);
    const { size = 0 } = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)(document.config ?? {}, `config of ${what}`);
    requireSize(`config of ${what}`, size, _layout_limits_js__WEBPACK_IMPORTED_MODULE_8__/* .MAX_JSON_BYTES */ .E);
    return layer;
}
function requireSize(what, size, most) {
    if ((0,_layout_oci_js__WEBPACK_IMPORTED_MODULE_7__/* .asSize */ .ED)(size, what) > most)
        throw (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .wrong */ .Qm)(`size of ${what}`, `at most ${most} bytes`, size);
}


/***/ }),

/***/ 91205:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   i: () => (/* binding */ askReferrers)
/* harmony export */ });
/* unused harmony export basicLogin */
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(48161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(84808);
/* harmony import */ var _http_failure_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(24334);
/* harmony import */ var _http_fetch_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(90892);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(78769);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(15649);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(5488);
/* harmony import */ var _layout_limits_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(18346);
/* harmony import */ var _reference_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(86356);











const MAX_PAGES = 10;
const WHAT = 'asking the registry what refers to the image';
const LIMITS = { maxBytes: _layout_limits_js__WEBPACK_IMPORTED_MODULE_9__/* .MAX_JSON_BYTES */ .E, deadlineSeconds: 60 };
/** What registries without this API answer, if they do not redirect to a page for people (GHCR) or send one with 200. */
const NO_API = [400, 401, 403, 404, 405, 406];
/**
 * What a registry lists as referring to a digest (OCI distribution-spec 1.1, the referrers API), unread; undefined where it
 * has no such API, as many have not: a tag stands in for it. One that does not answer may have one, and is a failure.
 */
async function askReferrers(repository, digest, artifactType, deps) {
    const origin = (0,_reference_js__WEBPACK_IMPORTED_MODULE_8__/* .originOf */ .yv)(repository);
    const path = repository.slice(repository.indexOf('/') + 1);
    const address = new URL(`/v2/${path}/referrers/${digest}`, origin);
    address.searchParams.set('artifactType', artifactType);
    const first = await readPage(address, repository, deps).catch((error) => {
        const failure = (0,_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .toFailure */ .w2)(error);
        if (failure.kind !== 'verification')
            throw failure;
        deps.log.info(`The referrers API of ${(0,_reference_js__WEBPACK_IMPORTED_MODULE_8__/* .registryOf */ .Fv)(repository)} did not answer (${(0,_text_js__WEBPACK_IMPORTED_MODULE_10__/* .printable */ .g$)(failure.message)})`);
        return undefined;
    });
    if (first?.status !== 200)
        return undefined;
    return [...first.items, ...(await furtherPages(first.next, repository, deps))];
}
async function readPage(url, repository, deps) {
    const answer = await (0,_retry_js__WEBPACK_IMPORTED_MODULE_7__/* .withRetries */ .LH)(WHAT, deps, () => ask(url, repository, deps));
    const { status } = answer;
    if (status !== 200)
        return { status, items: [], next: undefined };
    const body = (0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .parseJson */ .qF)(answer.body, 'the list of referrers'), 'the list of referrers');
    return { status, items: (0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .asList */ .DD)(body.manifests ?? [], 'the list of referrers'), next: nextPage(answer, url) };
}
/** What the pages after the first list. There is an API, so what is not listed for want of an answer must not pass as not there. */
async function furtherPages(second, repository, deps) {
    const found = [];
    let next = second;
    for (let page = 2; next !== undefined; page++) {
        if (page > MAX_PAGES)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .HR('verification', `${WHAT}: ${next.host} lists more than the ${MAX_PAGES} pages that are looked at. Remove what nobody needs`);
        const { status, items, next: after } = await readPage(next, repository, deps);
        if (status !== 200)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .HR('registry', `${WHAT}: ${next.host} answered ${status} to page ${page} of its own list`);
        found.push(items);
        next = after;
    }
    return found.flat();
}
/** One GET; where a token is wanted, it is fetched as the registry says and the question asked once more. */
async function ask(url, repository, deps) {
    const headers = { accept: 'application/vnd.oci.image.index.v1+json' };
    const first = await get(url, { what: WHAT, headers }, deps);
    if (first.status !== 401)
        return first;
    const authorization = await answerChallenge(first.headers['www-authenticate'] ?? '', repository, deps);
    if (authorization === undefined)
        return first;
    return get(url, { what: WHAT, headers, authorization }, deps);
}
/** One GET, whose answer is 200 or a no; whatever else a server says it may say otherwise in a moment. */
async function get(address, options, deps) {
    const answer = await (0,_http_fetch_js__WEBPACK_IMPORTED_MODULE_5__/* .fetchOnce */ .W)(address, { ...options, limits: LIMITS }, deps);
    const { status, headers, url } = answer;
    if (status === 200 || (0,_http_failure_js__WEBPACK_IMPORTED_MODULE_4__/* .isRedirect */ .N6)(status) || NO_API.includes(status))
        return answer;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .HR(status === 429 ? 'rate-limit' : 'transient', `${options.what}: ${url.host} answered ${status}`, {
        retryAfterSeconds: (0,_http_failure_js__WEBPACK_IMPORTED_MODULE_4__/* .askedWait */ .Uy)(headers, deps.now()),
    });
}
/** github.com/distribution/distribution/blob/main/docs/content/spec/auth/token.md */
async function answerChallenge(challenge, repository, deps) {
    const login = await basicLogin((0,_reference_js__WEBPACK_IMPORTED_MODULE_8__/* .registryOf */ .Fv)(repository));
    if (/^basic /i.test(challenge))
        return login;
    const field = (name) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1];
    const address = field('realm') ?? '';
    if (!/^bearer /i.test(challenge) || !URL.canParse(address))
        return undefined;
    const realm = new URL(address);
    // A login leaves this machine only encrypted, as everywhere; and a registry elsewhere has no say in what is asked on it.
    const isAllowed = (0,_reference_js__WEBPACK_IMPORTED_MODULE_8__/* .isLoopback */ .U9)(`${realm.host}/x`) ? (0,_reference_js__WEBPACK_IMPORTED_MODULE_8__/* .isLoopback */ .U9)(repository) : realm.protocol === 'https:';
    if (!isAllowed)
        return undefined;
    const service = field('service');
    if (service !== undefined)
        realm.searchParams.set('service', service);
    realm.searchParams.set('scope', `repository:${repository.slice(repository.indexOf('/') + 1)}:pull`);
    const answer = await get(realm, { what: 'asking for a token to read', authorization: login }, deps);
    if (answer.status !== 200)
        return undefined;
    const { token, access_token: accessToken } = (0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .parseJson */ .qF)(answer.body, 'the token'), 'the token');
    const value = typeof token === 'string' ? token : accessToken;
    return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? `Bearer ${value}` : undefined;
}
/** The login that `docker login` wrote into its config.json; credential helpers are skopeo's and docker's matter. */
async function basicLogin(registry, home = (0,node_os__WEBPACK_IMPORTED_MODULE_1__.homedir)()) {
    const file = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)((process.env.DOCKER_CONFIG ?? '') || (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(home, '.docker'), 'config.json');
    const text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(file).catch(() => undefined);
    if (text === undefined)
        return undefined;
    const { auths } = (0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .parseJson */ .qF)(text, 'docker’s config.json'), 'docker’s config.json');
    const names = registry === 'docker.io' ? ['https://index.docker.io/v1/'] : [registry, `https://${registry}`];
    for (const name of names) {
        const { auth } = (0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_6__/* .asObject */ .eB)(auths ?? {}, 'auths')[name] ?? {}, 'auth');
        if (typeof auth === 'string' && /^[A-Za-z0-9+/=]+$/.test(auth))
            return `Basic ${auth}`;
    }
    return undefined;
}
/** The `next` of a Link header (RFC 8288), if it stays with the same registry. */
function nextPage({ headers }, from) {
    const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(String(headers.link ?? ''))?.[1];
    if (link === undefined || !URL.canParse(link, from.href))
        return undefined;
    const to = new URL(link, from);
    return to.origin === from.origin ? to : undefined;
}


/***/ }),

/***/ 18121:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Me: () => (/* binding */ openRegistry),
  rP: () => (/* binding */ readDigest),
  MX: () => (/* binding */ registryFailure)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./.bundle/src/errors.js
var errors = __webpack_require__(84808);
// EXTERNAL MODULE: ./.bundle/src/files.js
var src_files = __webpack_require__(45144);
// EXTERNAL MODULE: ./.bundle/src/hash.js
var hash = __webpack_require__(23451);
// EXTERNAL MODULE: ./.bundle/src/process.js + 2 modules
var process = __webpack_require__(72268);
// EXTERNAL MODULE: ./.bundle/src/text.js
var src_text = __webpack_require__(5488);
// EXTERNAL MODULE: ./.bundle/src/http/failure.js
var http_failure = __webpack_require__(24334);
// EXTERNAL MODULE: ./.bundle/src/http/fetch.js
var fetch = __webpack_require__(90892);
// EXTERNAL MODULE: ./.bundle/src/image/reference.js
var image_reference = __webpack_require__(86356);
;// CONCATENATED MODULE: ./.bundle/src/image/askedWait.js




const LIMITS = { maxBytes: 1_000_000, deadlineSeconds: 20 };
/**
 * The failure of a write that a registry limits, with the time after which it may be tried again. A client that reads waits by
 * itself; of a write it tells the status alone, so the registry is asked once more; one that does not say gets a minute.
 */
async function withAskedWait(failure, repository, deps) {
    if (failure.kind !== 'rate-limit')
        return failure;
    const { kind, message, cause } = failure;
    const what = 'asking the registry how long to wait';
    const address = new URL('/v2/', (0,image_reference/* originOf */.yv)(repository));
    const answer = await (0,fetch/* fetchOnce */.W)(address, { what, limits: LIMITS }, deps).catch((error) => {
        if ((0,errors/* toFailure */.w2)(error).kind === 'cancelled')
            throw error;
        return undefined;
    });
    const asked = answer?.status === 429 ? (0,http_failure/* askedWait */.Uy)(answer.headers, deps.now()) : undefined;
    const retryAfterSeconds = asked ?? http_failure/* RATE_LIMIT_SECONDS */.Zq;
    return new errors/* Failure */.HR(kind, `${message}. ${(0,http_failure/* comeBack */.Cn)(retryAfterSeconds, deps.now())}`, { retryAfterSeconds, cause });
}

;// CONCATENATED MODULE: ./.bundle/src/image/registry.js









/** How long a registry may take. */
const DEADLINES = { readSeconds: 60, copySeconds: 600 };
/**
 * What it means that a registry's client failed, from what it says; its exit code has decided that it did. `asked` are the
 * references it was asked for, or the repository. Pure.
 */
function registryFailure(stderr, what, ...asked) {
    const said = (0,src_text/* printable */.g$)(lastLine(stderr), 500);
    const registry = (0,image_reference/* registryOf */.Fv)(asked[0]);
    const words = withoutNames(stderr, asked);
    if (isAbsent(words))
        return new errors/* Failure */.HR('not-found', `${what}: the registry has no such image. Check the name. (${said})`);
    if (/toomanyrequests|too many requests|rate limit|\b429\b/i.test(words))
        return new errors/* Failure */.HR('rate-limit', `${what}: ${registry} limits how often this machine may ask. Log in with 'docker login ${registry}', or come back later. (${said})`);
    if (/loading trust policy|policy\.json/i.test(words))
        return new errors/* Failure */.HR('local', `${what}: skopeo copies nothing without a policy, and there is none here that it can read. Install containers-common (on Debian golang-github-containers-common), or write /etc/containers/policy.json. (${said})`);
    // Before the login: docker goes on with a warning when its configuration is broken, and is then refused.
    if (/parsing config file|(reading|unmarshaling) JSON|getting (credentials|username and password)/i.test(words))
        return new errors/* Failure */.HR('local', `${what}: docker's config.json or its credential helper cannot be used. Mend or remove it. (${said})`);
    if (/unauthorized|authentication required|denied|forbidden|\b40[13]\b/i.test(words))
        return new errors/* Failure */.HR('auth', `${what}: ${registry} refuses access. Log in with 'docker login ${registry}'; on GitHub the job may lack 'packages: write'. (${said})`);
    if (/file too large/i.test(words))
        return new errors/* Failure */.HR('verification', `${what}: ${registry} sends a file that is larger than any part of this may be. Check the name, and who published it. (${said})`);
    if (/no space left/i.test(words))
        return new errors/* Failure */.HR('local', `${what}: no space left on this machine. (${said})`);
    return new errors/* Failure */.HR('transient', `${what}: ${registry} did not do it. (${said})`);
}
/** Whether there is no such image, from what a client says but for names. */
function isAbsent(words) {
    // A credential helper that is missing says `executable file not found`.
    return /(manifest|blob|name) unknown|(?<!executable file )not found|repository name not known/i.test(words);
}
/** What a client says but for addresses and for the names that it was asked for: a tag may be `1.0-429`, a repository `denied`. */
function withoutNames(said, names) {
    const parts = names.flatMap((name) => {
        const reference = (0,image_reference/* parseReference */.F2)(name);
        const repository = reference?.repository ?? name;
        const ids = [reference?.tag, reference?.digest].filter((id) => id !== undefined);
        const path = repository.slice(repository.indexOf('/') + 1);
        const manifests = ids.flatMap((id) => [`manifest ${id} in `, `manifest ${id} to `]);
        return [name, repository, (0,image_reference/* registryOf */.Fv)(repository), `repository ${path}:`, ...manifests];
    });
    // The longest first: one may be part of another.
    const longest = parts.sort((a, b) => b.length - a.length);
    return longest.reduce((rest, part) => rest.replaceAll(part, ' '), said.replace(/\b[a-z]+:\/\/[^\s"]+/g, ' '));
}
function lastLine(text) {
    return text.trim().split('\n').at(-1) ?? '';
}
/** skopeo's view of the registry that holds `repository`, within deadlines. */
function openRegistry(repository, deps, deadlines = DEADLINES) {
    const verify = String(!(0,image_reference/* isLoopback */.U9)(repository));
    const skopeo = (args, options) => (0,process/* execute */.g7)('skopeo', args, { env: (0,process/* childEnvironment */.Qc)('docker'), cwd: deps.temp, ...options }, deps);
    const copy = async (source, target, options = {}) => {
        const what = target.startsWith('docker:') ? `copying to ${target.slice('docker://'.length)}` : `reading ${source}`;
        const flags = ['--all', '--preserve-digests'];
        if (source.startsWith('docker:'))
            flags.push(`--src-tls-verify=${verify}`);
        if (target.startsWith('docker:'))
            flags.push(`--dest-tls-verify=${verify}`);
        const { code, stderr } = await skopeo(['copy', ...flags, source, target], {
            what,
            deadlineSeconds: deadlines.copySeconds,
            ...options,
        });
        const [first = repository, ...others] = [target, source]
            .filter((name) => name.startsWith('docker:'))
            .map((name) => name.slice('docker://'.length));
        if (code === 0)
            return;
        const failure = registryFailure(stderr, what, first, ...others);
        throw target.startsWith('docker:') ? await withAskedWait(failure, repository, deps) : failure;
    };
    return {
        read: async (reference) => {
            const what = `reading ${reference}`;
            const { code, stdout, stderr } = await skopeo(['inspect', '--raw', `--tls-verify=${verify}`, `docker://${reference}`], { what, deadlineSeconds: deadlines.readSeconds });
            if (code === 0)
                return stdout;
            const failure = registryFailure(stderr, what, reference);
            if (failure.kind === 'not-found')
                return undefined;
            throw failure;
        },
        // skopeo splits `oci:PATH` at colons, so the path is always that of the working folder.
        send: (layout, target) => copy('oci:.', `docker://${target}`, { cwd: layout }),
        // It writes a blob to its end before it compares.
        fetch: (reference, folder, fileBytes) => copy(`docker://${reference}`, 'oci:.', { cwd: folder, bounds: { fileBytes } }),
        // skopeo writes no list whose descriptors have members that it does not know, such as artifactType.
        list: async (descriptors, target) => {
            const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(deps.temp, 'list-'));
            const files = descriptors.map((descriptor, index) => ({
                file: `${index}.json`,
                text: JSON.stringify(descriptor),
            }));
            for (const { file, text } of files)
                await (0,src_files/* writeOut */.sD)((0,external_node_path_.join)(folder, file), text);
            const flags = files.flatMap(({ file }) => ['--file', file]);
            const what = `copying to ${target}`;
            const { code, stderr } = await (0,process/* execute */.g7)('docker', ['buildx', 'imagetools', 'create', '--tag', target, ...flags], { env: (0,process/* childEnvironment */.Qc)('docker'), what, deadlineSeconds: deadlines.readSeconds, cwd: folder }, deps);
            await (0,promises_.rm)(folder, { recursive: true });
            if (code !== 0)
                throw await withAskedWait(registryFailure(stderr, what, target), repository, deps);
        },
        tag: (source, target) => copy(`docker://${source}`, `docker://${target}`),
    };
}
/** The digest a reference has in its registry, or undefined. */
async function readDigest(registry, reference) {
    const bytes = await registry.read(reference);
    return bytes === undefined ? undefined : (0,hash/* digestOf */.ol)(bytes);
}


/***/ }),

/***/ 92032:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LU: () => (/* binding */ childrenOf),
/* harmony export */   Ml: () => (/* binding */ readView),
/* harmony export */   TT: () => (/* binding */ saidBy),
/* harmony export */   UF: () => (/* binding */ requireModest),
/* harmony export */   du: () => (/* binding */ viewOf),
/* harmony export */   tI: () => (/* binding */ claimedBytes)
/* harmony export */ });
/* harmony import */ var node_zlib__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(38522);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(84808);
/* harmony import */ var _layout_compose_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(29900);
/* harmony import */ var _layout_blobs_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(77060);
/* harmony import */ var _layout_limits_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(18346);
/* harmony import */ var _layout_oci_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(71073);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(78769);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(5488);








const MAX_PLATFORMS = 16;
const MAX_LAYERS = 16;
/** Of all blobs as they are fetched, and of all layers unpacked: some times what an image of ours has. */
const MAX_TOTAL_BYTES = 4 * _layout_limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_LAYER_BYTES */ .t;
/** What an image says of itself: the annotations of its index, and every platform's labels. Class verification when they are none. Pure. */
function saidBy({ index, platforms }) {
    const annotations = 'annotations of the index';
    return [
        { where: annotations, texts: (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asTexts */ .DW)(index.annotations ?? {}, annotations) },
        ...platforms.map(({ platform, config }) => {
            const where = `labels of ${platform}`;
            const { Labels: labels } = (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)(config.config ?? {}, `config of ${platform}`);
            return { where, texts: (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asTexts */ .DW)(labels ?? {}, where) };
        }),
    ];
}
/** What was composed here. */
function viewOf(image) {
    return {
        digest: image.index.digest,
        index: (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .parseJson */ .qF)(image.index.bytes, 'image index'), 'image index'),
        platforms: image.images.map((part) => ({
            platform: part.platform,
            manifest: part.manifest.digest,
            config: (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .parseJson */ .qF)((0,_layout_compose_js__WEBPACK_IMPORTED_MODULE_2__/* .blobOf */ .DE)(image, part.config), 'config'), 'config'),
            layers: [{ digest: part.layer.digest, tar: (0,_layout_compose_js__WEBPACK_IMPORTED_MODULE_2__/* .layerTar */ .vF)(image, part) }],
        })),
    };
}
/**
 * Reads whatever image a layout folder holds under this digest, every digest and size recomputed: an index of OCI
 * manifests whose layers are tars, plain or in gzip. Failures are class verification and name the part.
 */
async function readView(folder, index) {
    const document = (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .parseJson */ .qF)(await (0,_layout_blobs_js__WEBPACK_IMPORTED_MODULE_3__/* .readBlob */ .g)(folder, index, _layout_limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_JSON_BYTES */ .E, 'image index'), 'image index'), 'image index');
    const platforms = [];
    const budget = { bytes: MAX_TOTAL_BYTES };
    for (const { platform, descriptor } of childrenOf(document))
        platforms.push(await readPlatform(folder, platform, descriptor, budget));
    return { digest: index.digest, index: document, platforms };
}
/** What an image index names, none of it read yet. Failures are class verification. Pure. */
function childrenOf({ manifests }) {
    const list = (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asList */ .DD)(manifests, 'image index').map((child) => (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)(child, 'image index'));
    if (list.length > MAX_PLATFORMS)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `the image index names ${list.length} manifests, more than ${MAX_PLATFORMS}`);
    const children = [];
    for (const child of list) {
        const { os, architecture, variant } = (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)(child.platform ?? {}, 'platform in the image index');
        const platform = (0,_text_js__WEBPACK_IMPORTED_MODULE_7__/* .printable */ .g$)([os, architecture, variant].filter((part) => typeof part === 'string').join('/'));
        if (children.some((other) => other.platform === platform))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `the image index names ${platform} twice, and not every client takes the same one`);
        children.push({ platform, descriptor: (0,_layout_oci_js__WEBPACK_IMPORTED_MODULE_4__/* .asDescriptor */ .G8)(child, _layout_oci_js__WEBPACK_IMPORTED_MODULE_4__/* .MEDIA_TYPES */ .Z2.manifest, `manifest of ${platform}`) });
    }
    return children;
}
/**
 * How many bytes the blobs have that a manifest names, as it says; none of them is fetched yet. Class verification when they are
 * many, or one is larger than a layer may be. Pure.
 */
function claimedBytes(bytes, platform) {
    const what = `manifest of ${platform}`;
    const { config, layers, manifests } = (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .parseJson */ .qF)(bytes, what), what);
    // Some clients would fetch what these name, which nobody has looked at.
    if (manifests !== undefined)
        throw (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .wrong */ .Qm)(`manifests in the ${what}`, 'none', manifests);
    const sizes = [config, ...(0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asList */ .DD)(layers, `layers of ${platform}`)].map((part) => (0,_layout_oci_js__WEBPACK_IMPORTED_MODULE_4__/* .asSize */ .ED)((0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)(part, what).size, `a blob of ${platform}`));
    if (sizes.length > 1 + MAX_LAYERS)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${platform} has ${sizes.length - 1} layers, more than ${MAX_LAYERS}`);
    for (const size of sizes)
        if (size > _layout_limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_LAYER_BYTES */ .t)
            throw (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .wrong */ .Qm)(`size of a blob of ${platform}`, `at most ${_layout_limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_LAYER_BYTES */ .t} bytes`, size);
    return sum(sizes);
}
/** Requires of an image, by what its platforms claim to have, that it is not too much to be fetched. Pure. */
function requireModest(claimed) {
    const total = sum(claimed);
    if (total > MAX_TOTAL_BYTES)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `the image's blobs have ${total} bytes together, more than the ${MAX_TOTAL_BYTES} that are fetched`);
}
function sum(numbers) {
    return numbers.reduce((total, each) => total + each, 0);
}
async function readPlatform(folder, platform, descriptor, budget) {
    const what = `manifest of ${platform}`;
    const manifest = (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .parseJson */ .qF)(await (0,_layout_blobs_js__WEBPACK_IMPORTED_MODULE_3__/* .readBlob */ .g)(folder, descriptor, _layout_limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_JSON_BYTES */ .E, what), what), what);
    const whose = `config of ${platform}`;
    const configBlob = (0,_layout_oci_js__WEBPACK_IMPORTED_MODULE_4__/* .asDescriptor */ .G8)(manifest.config, _layout_oci_js__WEBPACK_IMPORTED_MODULE_4__/* .MEDIA_TYPES */ .Z2.config, whose);
    const config = (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .parseJson */ .qF)(await (0,_layout_blobs_js__WEBPACK_IMPORTED_MODULE_3__/* .readBlob */ .g)(folder, configBlob, _layout_limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_JSON_BYTES */ .E, whose), whose);
    const described = (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asList */ .DD)(manifest.layers, `layers of ${platform}`);
    if (described.length > MAX_LAYERS)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${platform} has ${described.length} layers, more than ${MAX_LAYERS}`);
    const layers = [];
    for (const layer of described)
        layers.push(await readLayer(folder, (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)(layer, `layer of ${platform}`), platform, budget));
    return { platform, manifest: descriptor.digest, config: (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .asObject */ .eB)(config, whose), layers };
}
async function readLayer(folder, layer, platform, budget) {
    const what = `layer of ${platform}`;
    const packed = layer.mediaType !== _layout_oci_js__WEBPACK_IMPORTED_MODULE_4__/* .MEDIA_TYPES */ .Z2.layer;
    const descriptor = (0,_layout_oci_js__WEBPACK_IMPORTED_MODULE_4__/* .asDescriptor */ .G8)(layer, packed ? _layout_oci_js__WEBPACK_IMPORTED_MODULE_4__/* .MEDIA_TYPES */ .Z2.packedLayer : _layout_oci_js__WEBPACK_IMPORTED_MODULE_4__/* .MEDIA_TYPES */ .Z2.layer, what);
    const bytes = await (0,_layout_blobs_js__WEBPACK_IMPORTED_MODULE_3__/* .readBlob */ .g)(folder, descriptor, _layout_limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_LAYER_BYTES */ .t, what);
    const tar = packed ? unpackAny(bytes, what) : bytes;
    budget.bytes -= tar.length;
    if (budget.bytes < 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `the image's layers have more than ${MAX_TOTAL_BYTES} bytes unpacked`);
    return { digest: descriptor.digest, tar };
}
/** Any gzip: the image may be anybody's, and its digest has vouched for the bytes. */
function unpackAny(bytes, what) {
    try {
        return (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.gunzipSync)(bytes, { maxOutputLength: _layout_limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_LAYER_BYTES */ .t });
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} cannot be unpacked into at most ${_layout_limits_js__WEBPACK_IMPORTED_MODULE_6__/* .MAX_LAYER_BYTES */ .t} bytes`, { cause });
    }
}


/***/ }),

/***/ 78769:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DD: () => (/* binding */ asList),
/* harmony export */   DW: () => (/* binding */ asTexts),
/* harmony export */   Gv: () => (/* binding */ isObject),
/* harmony export */   Qm: () => (/* binding */ wrong),
/* harmony export */   SP: () => (/* binding */ shown),
/* harmony export */   e1: () => (/* binding */ asText),
/* harmony export */   eB: () => (/* binding */ asObject),
/* harmony export */   qF: () => (/* binding */ parseJson),
/* harmony export */   s$: () => (/* binding */ jsonText)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5488);


/** JSON from bytes that are not trusted. `what` names them in the failure (class verification). */
function parseJson(bytes, what) {
    try {
        return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('verification', `${what} is not JSON`, { cause });
    }
}
/** Whether a value is an object that is no list. */
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** The value as an object, or a failure that names it. */
function asObject(value, what) {
    if (!isObject(value))
        throw wrong(what, 'an object', value);
    return value;
}
/** The value as a list, or a failure that names it. */
function asList(value, what) {
    if (!Array.isArray(value))
        throw wrong(what, 'a list', value);
    return value;
}
/** The value as text that has UTF-8, or a failure that names it. */
function asText(value, what) {
    if (typeof value !== 'string' || /\p{Cs}/u.test(value))
        throw wrong(what, 'a text', value);
    return value;
}
/** The value as a map of texts, or a failure that names it. */
function asTexts(value, what) {
    const entries = Object.entries(asObject(value, what));
    return Object.fromEntries(entries.map(([key, text]) => [asText(key, `key in ${what}`), asText(text, `${what}, ${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(key)}`)]));
}
/** The failure that says what was found where something else must be. */
function wrong(what, expected, found) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('verification', `${what}: expected ${expected}, found ${shown(found)}`);
}
/** A value that is not trusted, for a message: a text as it is, all else as JSON. */
function shown(value) {
    return (0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(typeof value === 'string' ? value : jsonText(value));
}
/** A value that is not trusted as JSON, for a message that cuts it; `nothing` for undefined. */
function jsonText(value) {
    if (value === undefined)
        return 'nothing';
    try {
        return JSON.stringify(value);
    }
    catch {
        return 'what is nested too deep to be shown'; // JSON.parse has no such limit
    }
}


/***/ }),

/***/ 27508:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R$: () => (/* binding */ parseCargoLock),
/* harmony export */   Y7: () => (/* binding */ cratesOf),
/* harmony export */   m4: () => (/* binding */ isLicence),
/* harmony export */   vg: () => (/* binding */ lockedCrates)
/* harmony export */ });
/* harmony import */ var smol_toml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3292);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(84808);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(78769);
/* harmony import */ var _source_cargo_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(53765);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5488);





/** A Cargo.lock as TOML, nothing of it read yet. Failure class verification for what is none, or too large for one. Pure. */
function parseCargoLock(cargoLock) {
    (0,_source_cargo_js__WEBPACK_IMPORTED_MODULE_3__/* .requireModestToml */ .S6)('Cargo.lock', Buffer.byteLength(cargoLock));
    try {
        return (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)((0,smol_toml__WEBPACK_IMPORTED_MODULE_0__/* .parse */ .qg)(cargoLock), 'Cargo.lock');
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', 'Cargo.lock is not TOML', { cause });
    }
}
/** The crates of crates.io that a Cargo.lock names. Failure class verification for a form that cargo does not write. Pure. */
function lockedCrates(cargoLock) {
    const what = 'Cargo.lock';
    const document = parseCargoLock(cargoLock);
    if (Object.keys((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(document.metadata ?? {}, what)).some((key) => key.startsWith('checksum ')))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} is of cargo's first format, which is not read here: a newer cargo rewrites it`);
    return (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(document.package ?? [], what)
        .map((item) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(item, `package in ${what}`))
        .filter(({ checksum }) => checksum !== undefined)
        .map((item) => {
        const [name, version, sha256] = [item.name, item.version, item.checksum].map((text) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(text, what));
        if (!/^[\w-]+$/.test(name ?? '') || !/^[\w.+-]+$/.test(version ?? '') || !/^[0-9a-f]{64}$/.test(sha256 ?? ''))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} has a package whose name, version or checksum is malformed`);
        return { name: name ?? '', version: version ?? '', sha256: sha256 ?? '' };
    });
}
/**
 * The packages behind the binaries `client` and `server` on one platform, sorted by name and version, from what
 * `cargo metadata --filter-platform` prints (doc.rust-lang.org/cargo/commands/cargo-metadata.html) and Cargo.lock.
 * Packages that only tests need are left out. Pure.
 */
function cratesOf(metadata, cargoLock) {
    const what = 'the output of cargo metadata';
    const document = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(metadata, what);
    const packages = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(document.packages, what).map((item) => packageOf((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(item, what), what));
    const nodes = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(document.resolve, what).nodes, what).map((node) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(node, what));
    const edges = new Map(nodes.map((node) => [(0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(node.id, what), edgesOf(node, what)]));
    const byId = new Map(packages.map((one) => [one.id, one]));
    const roots = packages.filter(({ own }) => own).map(({ id }) => id);
    if (roots.length === 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} names no package with the binaries client and server`);
    const isMacro = (id) => byId.get(id)?.macro === true;
    const linked = reach(roots, (id) => isMacro(id) ? [] : (edges.get(id) ?? []).filter(({ kind, to }) => kind === 'normal' && !isMacro(to)));
    const all = reach(roots, (id) => edges.get(id) ?? []);
    const hashes = new Map(lockedCrates(cargoLock).map(({ name, version, sha256 }) => [`${name} ${version}`, sha256]));
    return packages
        .filter(({ id }) => all.has(id))
        .map(({ id, name, version, licence }) => ({
        id,
        name,
        version,
        licence,
        sha256: hashes.get(`${name} ${version}`),
        buildOnly: !linked.has(id),
        needs: [...new Set((edges.get(id) ?? []).map(({ to }) => to))].sort(),
    }))
        .sort((a, b) => order(`${a.name} ${a.version}`, `${b.name} ${b.version}`));
}
function order(a, b) {
    if (a === b)
        return 0;
    return a < b ? -1 : 1;
}
function packageOf(item, what) {
    const targets = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(item.targets, what).map((target) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(target, what));
    const binaries = targets.filter(({ kind }) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(kind, what).includes('bin')).map(({ name }) => name);
    return {
        id: (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(item.id, what),
        name: (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(item.name, what),
        version: (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(item.version, what),
        licence: typeof item.license === 'string' && item.license !== '' ? licenceOf(item.license, item.name) : undefined,
        macro: targets.some(({ kind }) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(kind, what).includes('proc-macro')),
        own: binaries.includes('client') && binaries.includes('server'),
    };
}
/** The most a licence may have; real ones have some dozens of characters. */
const MAX_LICENCE_LENGTH = 1_000;
/** Whether a text may stand as a licence in an SBOM: some characters, all of them plain to see. Pure. */
function isLicence(text) {
    return text !== '' && (0,_text_js__WEBPACK_IMPORTED_MODULE_4__/* .isPrintable */ .C2)(text, MAX_LICENCE_LENGTH);
}
/** Old crates write `MIT/Apache-2.0`, which meant a choice. */
function licenceOf(text, name) {
    const parts = text.length > MAX_LICENCE_LENGTH ? [] : text.split('/');
    const licence = parts.map((part) => part.trim()).join(' OR ');
    if (!isLicence(licence))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('build', `the licence of ${(0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .shown */ .SP)(name)} is no SPDX expression of at most ${MAX_LICENCE_LENGTH} characters: ${(0,_text_js__WEBPACK_IMPORTED_MODULE_4__/* .printable */ .g$)(text)}`);
    return licence;
}
/** Edges of a node that a build follows; those of tests are not. */
function edgesOf(node, what) {
    return (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(node.deps, what)
        .map((dep) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(dep, what))
        .flatMap((dep) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(dep.dep_kinds, what)
        .map((kind) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(kind, what).kind)
        .filter((kind) => kind !== 'dev')
        .map((kind) => ({ to: (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(dep.pkg, what), kind: kind === 'build' ? 'build' : 'normal' })));
}
function reach(roots, next) {
    const seen = new Set();
    const pending = [...roots];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
        if (seen.has(id))
            continue;
        seen.add(id);
        pending.push(...next(id).map(({ to }) => to));
    }
    return seen;
}


/***/ }),

/***/ 77045:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ readEvidenceFile),
/* harmony export */   S4: () => (/* binding */ EVIDENCE),
/* harmony export */   Vc: () => (/* binding */ readCrates),
/* harmony export */   bU: () => (/* binding */ MAX_EVIDENCE_BYTES),
/* harmony export */   i: () => (/* binding */ openEvidence),
/* harmony export */   nP: () => (/* binding */ writeEvidence),
/* harmony export */   n_: () => (/* binding */ readEvidenceLock),
/* harmony export */   vY: () => (/* binding */ requireFit),
/* harmony export */   zK: () => (/* binding */ parseForeignLock)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(84808);
/* harmony import */ var _files_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(45144);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(23451);
/* harmony import */ var _image_layout_tarWriter_js__WEBPACK_IMPORTED_MODULE_12__ = __webpack_require__(77364);
/* harmony import */ var _platform_js__WEBPACK_IMPORTED_MODULE_11__ = __webpack_require__(11772);
/* harmony import */ var _source_archive_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(99662);
/* harmony import */ var _source_upstream_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(99084);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_13__ = __webpack_require__(5488);
/* harmony import */ var _crates_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(27508);
/* harmony import */ var _evidenceReadme_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(25791);
/* harmony import */ var _lock_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(751);
/* harmony import */ var _statement_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(46211);














/** Names in an evidence folder. `bases` is there only when somebody put base images into it. */
const EVIDENCE = {
    readme: 'README.md',
    lock: 'lock.json',
    commit: 'commit',
    archive: 'archive.tar.gz',
    dockerfile: 'Dockerfile',
    crates: 'crates',
    statement: 'statement.json',
    sbom: (platform) => `sbom-${(0,_platform_js__WEBPACK_IMPORTED_MODULE_11__/* .platformSlug */ .DN)(platform)}.cdx.json`,
    base: (name) => (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)('bases', name),
};
/** The most an evidence bundle may have, packed. phantun's has about 35 MB, nearly all of it crates for Windows. */
const MAX_EVIDENCE_BYTES = 256_000_000;
const MAX_FILE_BYTES = 64_000_000;
/** Writes the bundle, if it can be packed, into a new folder; resolves with its size in bytes. */
async function writeEvidence(evidence, folder) {
    const { lock, crates, statement, sboms } = evidence;
    const files = new Map([
        [EVIDENCE.readme, Buffer.from((0,_evidenceReadme_js__WEBPACK_IMPORTED_MODULE_8__/* .evidenceReadme */ .K)(lock, statement))],
        [EVIDENCE.lock, Buffer.from((0,_lock_js__WEBPACK_IMPORTED_MODULE_9__/* .lockFile */ .Ke)(lock))],
        [EVIDENCE.commit, evidence.commit],
        [EVIDENCE.archive, evidence.archive],
        [EVIDENCE.dockerfile, evidence.dockerfile],
        [EVIDENCE.statement, Buffer.from((0,_statement_js__WEBPACK_IMPORTED_MODULE_10__/* .statementFile */ .U7)(statement))],
        ...[...sboms].map(([platform, text]) => [EVIDENCE.sbom(platform), Buffer.from(text)]),
        ...[...crates].map(([name, bytes]) => [(0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(EVIDENCE.crates, name), bytes]),
    ]);
    const sizes = [...files.values()].map(({ length }) => length);
    requireFit((0,_image_layout_tarWriter_js__WEBPACK_IMPORTED_MODULE_12__/* .tarLength */ .gh)(sizes));
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdir)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, EVIDENCE.crates), { recursive: true });
    for (const [name, bytes] of files)
        await (0,_files_js__WEBPACK_IMPORTED_MODULE_3__/* .writeOut */ .sD)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, name), bytes);
    return sizes.reduce((total, size) => total + size, 0);
}
const OTHER_REPOSITORY = 'This is probably another repository than phantun: check upstream and ref';
/** Refuses, class verification, more than whoever fetches evidence would take. */
function requireFit(bytes) {
    if (bytes > MAX_EVIDENCE_BYTES)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `the evidence has ${(0,_text_js__WEBPACK_IMPORTED_MODULE_13__/* .humanSize */ .Xe)(bytes)}, more than the ${(0,_text_js__WEBPACK_IMPORTED_MODULE_13__/* .humanSize */ .Xe)(MAX_EVIDENCE_BYTES)} that it may have. ${OTHER_REPOSITORY}`);
}
/**
 * The crate files of a folder, which must be exactly those that Cargo.lock names, each with the SHA256 it has there, and fit into
 * evidence: so many files of any size are never in memory. Failures are class verification.
 */
async function readCrates(folder, cargoLock) {
    const crates = new Map();
    const wanted = new Map((0,_crates_js__WEBPACK_IMPORTED_MODULE_7__/* .lockedCrates */ .vg)(cargoLock).map(({ name, version, sha256 }) => [`${name}-${version}.crate`, sha256]));
    const found = await (0,_files_js__WEBPACK_IMPORTED_MODULE_3__/* .namesIn */ .wX)(folder);
    const foreign = found.find((name) => !wanted.has(name));
    if (foreign !== undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `crate ${(0,_text_js__WEBPACK_IMPORTED_MODULE_13__/* .printable */ .g$)(foreign)} is not one that Cargo.lock names`);
    let size = 0;
    for (const [name, expected] of wanted) {
        if (Buffer.byteLength((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(EVIDENCE.crates, name)) > _image_layout_tarWriter_js__WEBPACK_IMPORTED_MODULE_12__/* .MAX_TAR_NAME_BYTES */ .Xx)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `crate ${(0,_text_js__WEBPACK_IMPORTED_MODULE_13__/* .printable */ .g$)(name)} has a name too long for evidence. ${OTHER_REPOSITORY}`);
        const bytes = await (0,_files_js__WEBPACK_IMPORTED_MODULE_3__/* .readCapped */ .EF)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, name), MAX_FILE_BYTES, `crate ${name}`);
        const hash = (0,_hash_js__WEBPACK_IMPORTED_MODULE_4__/* .sha256 */ .sc)(bytes);
        if (hash !== expected)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `crate ${name} has SHA256 ${hash}, and Cargo.lock says ${expected}`);
        requireFit((size += bytes.length));
        crates.set(name, bytes);
    }
    return crates;
}
/** Opens a bundle: its lock, and a statement that is about this lock. Failures are class verification. */
async function openEvidence(folder) {
    const status = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.stat)(folder).catch(() => undefined);
    if (status?.isDirectory() !== true)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('input', `${(0,_text_js__WEBPACK_IMPORTED_MODULE_13__/* .printable */ .g$)(folder, 1_000)} is not a folder that holds evidence`);
    const lock = await readEvidenceLock(folder);
    const statement = (0,_statement_js__WEBPACK_IMPORTED_MODULE_10__/* .parseStatement */ .By)(await readPart(folder, EVIDENCE.statement));
    const said = statement.predicate.lock;
    const hash = (0,_hash_js__WEBPACK_IMPORTED_MODULE_4__/* .sha256 */ .sc)((0,_lock_js__WEBPACK_IMPORTED_MODULE_9__/* .lockFile */ .Ke)(lock));
    if (said.sha256 !== hash || said.buildKey !== (0,_lock_js__WEBPACK_IMPORTED_MODULE_9__/* .buildKey */ .sI)(lock.inputs))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `the evidence does not fit together: its statement is about the lock ${(0,_text_js__WEBPACK_IMPORTED_MODULE_13__/* .printable */ .g$)(said.sha256)}, and its lock is ${hash}`);
    return { folder, lock, statement };
}
/** The lock of a bundle. Failures are class verification. */
async function readEvidenceLock(folder) {
    const bytes = await readPart(folder, EVIDENCE.lock);
    return parseForeignLock(bytes.toString('utf8'), 'the lock in the evidence');
}
/**
 * A lock that came with an image; `what` names it. Upstream and bases, which are parsed like inputs where they are used, are
 * judged here: whatever is wrong with them, no input is to blame. Failures are class verification. Pure.
 */
function parseForeignLock(text, what) {
    try {
        const lock = (0,_lock_js__WEBPACK_IMPORTED_MODULE_9__/* .parseLock */ .PG)(text);
        (0,_source_upstream_js__WEBPACK_IMPORTED_MODULE_6__/* .parseUpstream */ .xw)(lock.inputs.upstream);
        (0,_lock_js__WEBPACK_IMPORTED_MODULE_9__/* .lockedBases */ .ro)(lock.inputs);
        return lock;
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `${what} cannot be used: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .toFailure */ .w2)(cause).message}`, { cause });
    }
}
/** One file of a bundle, capped. */
function readEvidenceFile({ folder }, which) {
    return readPart(folder, typeof which === 'string' ? EVIDENCE[which] : EVIDENCE.sbom(which.sbom));
}
/** The most that is read of a part, where it is another than of any file. A statement says little more than its lock. */
const MOST = {
    [EVIDENCE.archive]: _source_archive_js__WEBPACK_IMPORTED_MODULE_5__/* .ARCHIVE_LIMITS */ .Oj.packedBytes,
    [EVIDENCE.lock]: _lock_js__WEBPACK_IMPORTED_MODULE_9__/* .MAX_LOCK_BYTES */ .pe,
    [EVIDENCE.statement]: _lock_js__WEBPACK_IMPORTED_MODULE_9__/* .MAX_LOCK_BYTES */ .pe,
};
function readPart(folder, name) {
    return (0,_files_js__WEBPACK_IMPORTED_MODULE_3__/* .readCapped */ .EF)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, name), MOST[name] ?? MAX_FILE_BYTES, `the evidence's ${name}`);
}


/***/ }),

/***/ 25791:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ evidenceReadme)
/* harmony export */ });
/* harmony import */ var _statement_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(46211);

/** What a stranger finds first in an evidence bundle: what it is, and how to check it with nothing but common tools. Pure. */
function evidenceReadme({ inputs, facts }, { subject }) {
    const index = subject.find(({ name }) => name === 'index')?.digest.sha256 ?? '';
    return `# Evidence of an image of phantun ${facts.version}

Everything that decides the bytes of this image, so that you can check it and build it again:

    sha256:${index}

| file | what it is |
|---|---|
| \`lock.json\` | the lock: its part \`inputs\` decides the image's digest, its part \`facts\` says what was seen on the way |
| \`archive.tar.gz\` | upstream's archive of commit ${inputs.commit} |
| \`commit\` | that commit object, as git has it; it names the tree |
| \`Dockerfile\` | the recipe |
| \`crates/\` | every crate that the archive's Cargo.lock names |
| \`sbom-*.cdx.json\` | what is in the image of each platform (CycloneDX) |
| \`statement.json\` | what was checked, and what was not (in-toto, unsigned: the signed one is beside the image) |

## Check it by hand

The commit is what it says, and names the tree:

    printf 'commit %s\\0' "$(wc -c < commit)" | cat - commit | sha1sum   # ${inputs.commit}
    head -n 1 commit                                                    # tree ${inputs.tree}

The archive is that tree:

    mkdir source && tar -xzf archive.tar.gz -C source --strip-components=1
    git init -q check && git --work-tree=source --git-dir=check/.git add --all --force
    git --git-dir=check/.git write-tree                                 # ${inputs.tree}

The commit is upstream's (this asks upstream):

    git clone --bare --filter=tree:0 ${inputs.upstream}.git upstream
    git -C upstream for-each-ref --contains ${inputs.commit} refs/heads refs/tags

The crates are those of Cargo.lock (every line must appear there):

    (cd crates && sha256sum *) | while read -r hash name; do grep -q "$hash" source/Cargo.lock || echo "$name differs"; done

## Build it again

With phantun-runtime ${inputs.recipe.wrapper}, whose Dockerfile has the SHA256 ${inputs.recipe.dockerfile}:

    node dist/cli.js reproduce --evidence DIR

compiles from these files, without cache, and compares the digest. The only network it needs is the registry of the base
images. To build without any, put those into the bundle first:

    skopeo copy --all --preserve-digests docker://${digestOnly(inputs.bases.rust)} oci:bases/rust
    skopeo copy --all --preserve-digests docker://${digestOnly(inputs.bases.shell)} oci:bases/shell
`;
}
/** skopeo takes a tag or a digest, not both. */
function digestOnly(reference) {
    return reference.replace(/:[^:/@]+@/, '@');
}


/***/ }),

/***/ 34466:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $j: () => (/* binding */ EVIDENCE_TYPE),
/* harmony export */   JQ: () => (/* binding */ servedEvidence),
/* harmony export */   KK: () => (/* binding */ lockBeside),
/* harmony export */   SB: () => (/* binding */ EVIDENCE_LAYER),
/* harmony export */   SM: () => (/* binding */ isServed),
/* harmony export */   eb: () => (/* binding */ fetchEvidence),
/* harmony export */   fv: () => (/* binding */ judgeServed),
/* harmony export */   kp: () => (/* binding */ evidenceToSign)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(84808);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(23451);
/* harmony import */ var _image_referrers_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(91577);
/* harmony import */ var _image_referrersApi_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(91205);
/* harmony import */ var _image_registry_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(18121);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(15649);
/* harmony import */ var _evidence_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(77045);
/* harmony import */ var _packedEvidence_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(9945);










/** Type of the artifact that holds an evidence bundle, and of its one layer. */
const EVIDENCE_TYPE = 'application/vnd.phantun-runtime.evidence.v1';
const EVIDENCE_LAYER = `${EVIDENCE_TYPE}.tar`;
/** One is listed for an image; a few that are gone may be listed before it. */
const MAX_LISTED_EVIDENCE = 16;
/**
 * Downloads the evidence of an image into a new folder, each byte checked against its digest; false when there is none. Where the
 * tag lists none the registry is asked what refers to the image: whoever copies an image with its referrers may have left the tag.
 */
async function fetchEvidence(repository, digest, folder, deps) {
    const registry = (0,_image_registry_js__WEBPACK_IMPORTED_MODULE_6__/* .openRegistry */ .Me)(repository, deps);
    const served = (list) => servedEvidence(registry, repository, list, deps);
    const evidence = (await served(await (0,_image_referrers_js__WEBPACK_IMPORTED_MODULE_4__/* .listReferrers */ .xt)(registry, repository, digest, deps))) ??
        (await served((await (0,_image_referrersApi_js__WEBPACK_IMPORTED_MODULE_5__/* .askReferrers */ .i)(repository, digest, EVIDENCE_TYPE, deps)) ?? []));
    if (evidence === undefined)
        return false;
    await unpackServed(registry, repository, digest, evidence, folder, deps);
    return true;
}
async function unpackServed(registry, repository, subject, evidence, folder, deps) {
    const artifact = { what: 'the evidence', digest: evidence, layerType: EVIDENCE_LAYER, maxBytes: _evidence_js__WEBPACK_IMPORTED_MODULE_8__/* .MAX_EVIDENCE_BYTES */ .bU };
    await (0,_packedEvidence_js__WEBPACK_IMPORTED_MODULE_9__/* .unpackEvidence */ .S)(await (0,_image_referrers_js__WEBPACK_IMPORTED_MODULE_4__/* .fetchArtifact */ .t2)(registry, repository, subject, artifact, deps), folder);
}
/** The lock in the evidence beside an image; undefined when there is none. */
async function lockBeside(repository, digest, deps) {
    const folder = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(deps.temp, 'lock-'));
    try {
        if (!(await fetchEvidence(repository, digest, folder, deps)))
            return undefined;
        return await (0,_evidence_js__WEBPACK_IMPORTED_MODULE_8__/* .readEvidenceLock */ .n_)(folder);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(folder, { recursive: true, force: true });
    }
}
/**
 * The evidence whose lock a statement about an image has to be about: that which lies beside the image already, judged, which stays
 * there and which consumers find, else `own`. Their locks differ in facts when a commit is published a second time.
 */
async function evidenceToSign(own, repository, digest, judge, deps) {
    const folder = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(deps.temp, 'beside-'));
    if (!(await fetchEvidence(repository, digest, folder, deps)))
        return own;
    return openJudged(folder, `${repository}@${digest}`, judge);
}
/** Downloads the evidence of that digest beside the image, and has it judged. */
async function judgeServed(registry, repository, subject, evidence, judge, deps) {
    const folder = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(deps.temp, 'beside-'));
    await unpackServed(registry, repository, subject, evidence, folder, deps);
    await openJudged(folder, `${repository}@${subject}`, judge);
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(folder, { recursive: true });
}
async function openJudged(folder, image, judge) {
    try {
        const evidence = await (0,_evidence_js__WEBPACK_IMPORTED_MODULE_8__/* .openEvidence */ .i)(folder);
        await judge(evidence);
        return evidence;
    }
    catch (error) {
        throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .withNote */ .dW)(error, `This evidence lies beside ${image} already. Find out who put it there, and remove it from the registry`);
    }
}
/** The first evidence in a list of referrers that the registry still has: a list outlives what a clean-up takes. */
async function servedEvidence(registry, repository, list, deps) {
    const listed = (0,_image_referrers_js__WEBPACK_IMPORTED_MODULE_4__/* .artifactsIn */ .j2)(list, EVIDENCE_TYPE);
    if (listed.length > MAX_LISTED_EVIDENCE)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `the registry lists ${listed.length} pieces of evidence for one image of ${repository}, more than the ${MAX_LISTED_EVIDENCE} that are looked at. Remove those that are not its publisher's`);
    for (const digest of listed)
        if (await isServed(registry, `${repository}@${digest}`, deps))
            return digest;
    return undefined;
}
/** Whether the registry has what the name names. */
async function isServed(registry, name, deps) {
    return (await (0,_retry_js__WEBPACK_IMPORTED_MODULE_7__/* .withRetries */ .LH)(`reading ${name}`, deps, () => (0,_image_registry_js__WEBPACK_IMPORTED_MODULE_6__/* .readDigest */ .rP)(registry, name))) !== undefined;
}


/***/ }),

/***/ 751:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ke: () => (/* binding */ lockFile),
/* harmony export */   PG: () => (/* binding */ parseLock),
/* harmony export */   pe: () => (/* binding */ MAX_LOCK_BYTES),
/* harmony export */   ro: () => (/* binding */ lockedBases),
/* harmony export */   sI: () => (/* binding */ buildKey)
/* harmony export */ });
/* harmony import */ var _canonical_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(7233);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84808);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(23451);
/* harmony import */ var _image_labels_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(56858);
/* harmony import */ var _image_reference_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(86356);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(78769);
/* harmony import */ var _platform_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(11772);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(5488);
/* harmony import */ var _shape_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(37295);









/** The most that is read of a file that should be a lock. */
const MAX_LOCK_BYTES = 1_000_000;
/** SHA256 of the canonical JSON of the lock's inputs, 64 hex digits. */
function buildKey(inputs) {
    return (0,_hash_js__WEBPACK_IMPORTED_MODULE_1__/* .sha256 */ .sc)((0,_canonical_js__WEBPACK_IMPORTED_MODULE_6__/* .canonicalJson */ .d)(inputs));
}
/** The bases that a lock names. Failure class input for one that is no reference. Pure. */
function lockedBases({ bases: { rust, shell } }) {
    return { rust: (0,_image_reference_js__WEBPACK_IMPORTED_MODULE_3__/* .parseBase */ .Hp)('lock', rust), shell: (0,_image_reference_js__WEBPACK_IMPORTED_MODULE_3__/* .parseBase */ .Hp)('lock', shell) };
}
/** The lock as its file holds it: canonical JSON and a line end. */
function lockFile(lock) {
    return `${(0,_canonical_js__WEBPACK_IMPORTED_MODULE_6__/* .canonicalJson */ .d)(lock)}\n`;
}
const INPUT_SHAPE = {
    schema: (value) => value === 1,
    upstream: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isText */ .KH,
    commit: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isGitId */ .qJ,
    tree: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isGitId */ .qJ,
    epoch: _text_js__WEBPACK_IMPORTED_MODULE_7__/* .isEpoch */ .CH,
    bases: (0,_shape_js__WEBPACK_IMPORTED_MODULE_5__/* .shape */ .cW)({ rust: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isPinned */ .T4, shell: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isPinned */ .T4 }),
    platforms: isPlatforms,
    buildPlatforms: (value, { platforms }) => (0,_shape_js__WEBPACK_IMPORTED_MODULE_5__/* .shape */ .cW)(Object.fromEntries(platforms.map((platform) => [platform, _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isBuildPlatform */ ._G])))(value),
    recipe: (0,_shape_js__WEBPACK_IMPORTED_MODULE_5__/* .shape */ .cW)({ dockerfile: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isSha256 */ ._h, wrapper: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isVersion */ .lF, layout: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isCount */ .my }),
    labels: (value) => (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isObject */ .Gv)(value) && Object.entries(value).every(([key, text]) => isLabel(key, text)),
};
/** Some platforms that the Dockerfile knows, each once, in the order of the index. */
function isPlatforms(value) {
    if (!Array.isArray(value) || value.length === 0)
        return false;
    const inOrder = _platform_js__WEBPACK_IMPORTED_MODULE_8__/* .PLATFORMS */ .P4.filter((platform) => value.includes(platform));
    return inOrder.length === value.length && inOrder.every((platform, index) => platform === value[index]);
}
/** What a lock says is no more than what an input could have said. */
function isLabel(key, value) {
    return (0,_shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isText */ .KH)(value) && (0,_image_labels_js__WEBPACK_IMPORTED_MODULE_2__/* .labelFault */ .D8)(key, value) === undefined;
}
const FACT_SHAPE = {
    ref: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isText */ .KH,
    tagObject: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isText */ .KH,
    reachableFrom: (0,_shape_js__WEBPACK_IMPORTED_MODULE_5__/* .listOf */ .c3)(_shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isText */ .KH),
    version: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isText */ .KH,
    archiveUrl: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isText */ .KH,
    archiveSha256: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isSha256 */ ._h,
    tarSha256: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isSha256 */ ._h,
    buildkit: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isText */ .KH,
    resolvedAt: _shape_js__WEBPACK_IMPORTED_MODULE_5__/* .isCount */ .my,
};
/** Reads a lock's file, strictly: every member there, of its form, no other, and the bytes those that `lockFile` writes. */
function parseLock(text) {
    let lock;
    try {
        lock = JSON.parse(text);
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', 'the lock is not JSON', { cause });
    }
    if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isObject */ .Gv)(lock) || Object.keys(lock).sort().join() !== 'facts,inputs')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', 'the lock has not exactly the parts inputs and facts');
    requireShape('inputs', lock.inputs, INPUT_SHAPE);
    requireShape('facts', lock.facts, FACT_SHAPE);
    requireCanonical(lock, text);
    return lock;
}
function requireCanonical(lock, text) {
    let canonical;
    try {
        canonical = lockFile(lock);
    }
    catch {
        // A text with half a surrogate pair has no canonical form.
    }
    if (canonical !== text)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', 'the lock is not in its canonical form: it was edited or reformatted since it was written');
}
function requireShape(part, value, members) {
    if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .isObject */ .Gv)(value))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `the lock has no ${part}`);
    for (const [name, check] of Object.entries(members))
        if (!check(value[name], value))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `the lock's ${part}.${name} is missing or malformed`);
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(members, name));
    if (unknown !== undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `the lock's ${part} has the unknown member ${(0,_text_js__WEBPACK_IMPORTED_MODULE_7__/* .printable */ .g$)(unknown)}`);
}


/***/ }),

/***/ 9945:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ packEvidence),
/* harmony export */   S: () => (/* binding */ unpackEvidence)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(84808);
/* harmony import */ var _files_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(45144);
/* harmony import */ var _image_layout_tar_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(96727);
/* harmony import */ var _image_layout_tarWriter_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(77364);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(5488);
/* harmony import */ var _evidence_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(77045);








/** What a packed bundle may hold: plain files, in the one folder that a bundle has. */
const NAME = /^(crates\/|(?!crates$))[\w.+-]+$/;
/**
 * The bundle as one tar: sorted paths, one time, so the same files give the same bytes. Class verification when it is more
 * than evidence may have.
 */
async function packEvidence(folder, epochSeconds) {
    const inputs = [];
    let size = 0;
    for (const entry of await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readdir)(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile())
            continue;
        const path = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(entry.parentPath, entry.name);
        const name = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.relative)(folder, path);
        // Base images that somebody put into the bundle are in their own registry.
        if (!NAME.test(name))
            continue;
        const data = await (0,_files_js__WEBPACK_IMPORTED_MODULE_3__/* .readCapped */ .EF)(path, _evidence_js__WEBPACK_IMPORTED_MODULE_5__/* .MAX_EVIDENCE_BYTES */ .bU, `the evidence's ${name}`);
        (0,_evidence_js__WEBPACK_IMPORTED_MODULE_5__/* .requireFit */ .vY)((size += data.length));
        inputs.push({ path: name, mtimeSeconds: epochSeconds, data });
    }
    const tar = (0,_image_layout_tarWriter_js__WEBPACK_IMPORTED_MODULE_6__/* .writeTar */ .FJ)(inputs.sort((a, b) => (a.path < b.path ? -1 : 1)));
    (0,_evidence_js__WEBPACK_IMPORTED_MODULE_5__/* .requireFit */ .vY)(tar.length);
    return tar;
}
/** Unpacks what `packEvidence` packed: plain files, in the one folder that a bundle has. */
async function unpackEvidence(tar, folder) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdir)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, _evidence_js__WEBPACK_IMPORTED_MODULE_5__/* .EVIDENCE */ .S4.crates), { recursive: true });
    for (const { path, kind, data } of (0,_image_layout_tar_js__WEBPACK_IMPORTED_MODULE_4__/* .readTar */ .s)(tar, 'the evidence')) {
        if (kind !== 'file' || !NAME.test(path))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .HR('verification', `the evidence holds ${(0,_text_js__WEBPACK_IMPORTED_MODULE_7__/* .printable */ .g$)(path)}, which no evidence has`);
        await (0,_files_js__WEBPACK_IMPORTED_MODULE_3__/* .writeOut */ .sD)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, path), data, 'wx');
    }
}


/***/ }),

/***/ 37295:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KH: () => (/* binding */ isText),
/* harmony export */   T4: () => (/* binding */ isPinned),
/* harmony export */   _G: () => (/* binding */ isBuildPlatform),
/* harmony export */   _h: () => (/* binding */ isSha256),
/* harmony export */   c3: () => (/* binding */ listOf),
/* harmony export */   cW: () => (/* binding */ shape),
/* harmony export */   lF: () => (/* binding */ isVersion),
/* harmony export */   my: () => (/* binding */ isCount),
/* harmony export */   qJ: () => (/* binding */ isGitId),
/* harmony export */   yL: () => (/* binding */ oneOf)
/* harmony export */ });
/* unused harmony export matches */
/* harmony import */ var _platform_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(11772);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(78769);
/* harmony import */ var _version_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(48463);



const MAX_TEXT_LENGTH = 4_096;
/** A text that is not too long. */
const isText = (value) => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
/** A whole number, 0 or more. */
const isCount = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** A text that matches a pattern, which says where it begins and ends. */
function matches(pattern) {
    return (value) => typeof value === 'string' && pattern.test(value);
}
/** One of these texts. */
function oneOf(texts) {
    return (value) => typeof value === 'string' && texts.includes(value);
}
/** A list, each of whose items passes. */
function listOf(check) {
    return (value) => Array.isArray(value) && value.every(check);
}
/** An object with these members, and others if they are allowed. */
function shape(members, others = 'no others') {
    return (value) => (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(value) &&
        (others === 'others too' || Object.keys(value).length === Object.keys(members).length) &&
        Object.entries(members).every(([name, check]) => Object.hasOwn(value, name) && check(value[name]));
}
/** SHA-1 of git, SHA256, an image reference with a digest, a version as package.json has it, the platform of a builder. */
const isGitId = matches(/^[0-9a-f]{40}$/);
const isSha256 = matches(/^[0-9a-f]{64}$/);
const isPinned = matches(/^[^\s@]+@sha256:[0-9a-f]{64}$/);
const isVersion = (value) => typeof value === 'string' && value.length <= _version_js__WEBPACK_IMPORTED_MODULE_1__/* .MAX_VERSION_LENGTH */ .z && _version_js__WEBPACK_IMPORTED_MODULE_1__/* .VERSION */ .x.test(value);
const isBuildPlatform = matches(_platform_js__WEBPACK_IMPORTED_MODULE_2__/* .BUILD_PLATFORM */ .vG);


/***/ }),

/***/ 46211:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   By: () => (/* binding */ parseStatement),
/* harmony export */   G: () => (/* binding */ imageOfStatement),
/* harmony export */   LT: () => (/* binding */ requireStatement),
/* harmony export */   T8: () => (/* binding */ statementOf),
/* harmony export */   To: () => (/* binding */ PREDICATE_TYPE),
/* harmony export */   U7: () => (/* binding */ statementFile),
/* harmony export */   zG: () => (/* binding */ STATEMENT_TYPE)
/* harmony export */ });
/* unused harmony export statementDifferences */
/* harmony import */ var _canonical_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(7233);
/* harmony import */ var _difference_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(10180);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(84808);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(23451);
/* harmony import */ var _image_build_recipe_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(69994);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(78769);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(5488);
/* harmony import */ var _lock_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(751);
/* harmony import */ var _shape_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(37295);
/* harmony import */ var _trust_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(23344);










/** Type of the predicate; its schema is schema/statement.v1.json. A later shape gets a later number. */
const PREDICATE_TYPE = 'https://phantun-runtime.github.io/build/v1';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** The statement of an image, whose subjects are its index and every platform manifest. Pure. */
function statementOf(lock, image, checks, reachableFrom = lock.facts.reachableFrom) {
    const { inputs, facts } = lock;
    return {
        _type: STATEMENT_TYPE,
        subject: [
            subjectOf('index', image.index.digest),
            ...image.images.map(({ platform, manifest }) => subjectOf(platform, manifest.digest)),
        ],
        predicateType: PREDICATE_TYPE,
        predicate: {
            upstream: {
                repository: inputs.upstream,
                ref: facts.ref,
                commit: inputs.commit,
                tree: inputs.tree,
                epoch: inputs.epoch,
                reachableFrom: [...reachableFrom],
            },
            archive: { url: facts.archiveUrl, sha256: facts.archiveSha256, tarSha256: facts.tarSha256 },
            lock: { sha256: (0,_hash_js__WEBPACK_IMPORTED_MODULE_2__/* .sha256 */ .sc)((0,_lock_js__WEBPACK_IMPORTED_MODULE_5__/* .lockFile */ .Ke)(lock)), buildKey: (0,_lock_js__WEBPACK_IMPORTED_MODULE_5__/* .buildKey */ .sI)(inputs) },
            recipe: inputs.recipe,
            bases: inputs.bases,
            checks,
        },
    };
}
function subjectOf(name, digest) {
    return { name, digest: { sha256: digest.slice('sha256:'.length) } };
}
/** The statement as its file holds it: canonical JSON and a line end. */
function statementFile(statement) {
    return `${(0,_canonical_js__WEBPACK_IMPORTED_MODULE_8__/* .canonicalJson */ .d)(statement)}\n`;
}
const isAnyText = (value) => typeof value === 'string';
/** schema/statement.v1.json says the same. Members that are not known are let through, as in-toto asks. */
const MEMBERS = {
    upstream: {
        repository: isAnyText,
        ref: isAnyText,
        commit: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isGitId */ .qJ,
        tree: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isGitId */ .qJ,
        epoch: _text_js__WEBPACK_IMPORTED_MODULE_9__/* .isEpoch */ .CH,
        reachableFrom: (0,_shape_js__WEBPACK_IMPORTED_MODULE_6__/* .listOf */ .c3)(isAnyText),
    },
    archive: { url: isAnyText, sha256: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isSha256 */ ._h, tarSha256: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isSha256 */ ._h },
    lock: { sha256: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isSha256 */ ._h, buildKey: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isSha256 */ ._h },
    recipe: { dockerfile: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isSha256 */ ._h, wrapper: isAnyText, layout: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isCount */ .my },
    bases: { rust: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isPinned */ .T4, shell: _shape_js__WEBPACK_IMPORTED_MODULE_6__/* .isPinned */ .T4 },
};
const isCheck = (0,_shape_js__WEBPACK_IMPORTED_MODULE_6__/* .shape */ .cW)({ name: (0,_shape_js__WEBPACK_IMPORTED_MODULE_6__/* .oneOf */ .yL)(Object.keys(_trust_js__WEBPACK_IMPORTED_MODULE_7__/* .CHECKS */ .ui)), result: (0,_shape_js__WEBPACK_IMPORTED_MODULE_6__/* .oneOf */ .yL)(['passed', 'failed', 'not-done']), detail: isAnyText }, 'others too');
/** Reads a statement's bytes: of our predicate type, every member of its form. What it claims is for others to compare. */
function parseStatement(bytes) {
    const what = 'the statement';
    const statement = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .parseJson */ .qF)(bytes, what), what);
    if (statement._type !== STATEMENT_TYPE)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} is no in-toto statement of version 1`);
    if (statement.predicateType !== PREDICATE_TYPE)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} has the predicate type ${(0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .shown */ .SP)(statement.predicateType)}, expected ${PREDICATE_TYPE}`);
    for (const subject of (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asList */ .DD)(statement.subject, `subjects of ${what}`)) {
        const { name, digest } = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)(subject, `subject of ${what}`);
        (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asText */ .e1)(name, `name of a subject of ${what}`);
        if (!/^[0-9a-f]{64}$/.test((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asText */ .e1)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)(digest, `digest in ${what}`).sha256, `digest in ${what}`)))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} has a subject whose digest is no SHA256`);
    }
    const predicate = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)(statement.predicate, `predicate of ${what}`);
    const refuse = (member) => new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${member} in ${what} is missing or malformed`);
    for (const [part, members] of Object.entries(MEMBERS)) {
        const found = (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .asObject */ .eB)(predicate[part], `${part} in ${what}`);
        for (const [name, check] of Object.entries(members))
            if (!check(found[name]))
                throw refuse(`${part}.${name}`);
    }
    if (!(0,_shape_js__WEBPACK_IMPORTED_MODULE_6__/* .listOf */ .c3)(isCheck)(predicate.checks))
        throw refuse('checks');
    return statement;
}
/**
 * What a statement says otherwise than the image and the lock do, member by member; empty when they agree. `checks` are
 * the signer's word and have nothing to be compared with. Pure.
 */
function statementDifferences(statement, lock, image) {
    const expected = statementOf(lock, image, statement.predicate.checks);
    return (0,_difference_js__WEBPACK_IMPORTED_MODULE_0__/* .differingMembers */ .y)('', statement, expected);
}
/** Requires that the statement in a bundle is about this image and this lock. Failure class verification names the member. Pure. */
function requireStatement(statement, lock, image) {
    const [first] = statementDifferences(statement, lock, image);
    if (first !== undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `the statement in the evidence is not about this image: ${first}`);
}
/** The image that a statement is about, as its subjects have it. Failure class verification when it is about none. Pure. */
function imageOfStatement({ subject }) {
    const [index, ...images] = subject.map(({ name, digest }) => ({ name, digest: `sha256:${digest.sha256}` }));
    if (index?.name !== 'index')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', 'the statement in the evidence names no index: it is about no image');
    return { index, images: images.map(({ name, digest }) => ({ platform: name, manifest: { digest } })) };
}


/***/ }),

/***/ 23344:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z9: () => (/* binding */ trustReport),
/* harmony export */   aC: () => (/* binding */ trustRows),
/* harmony export */   ui: () => (/* binding */ CHECKS)
/* harmony export */ });
/* harmony import */ var _source_holders_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(72578);

/** What can be proven of an image; the order is that of the chain from archive to signature. */
const CHECKS = {
    'archive-pinned': 'The archive is the one pinned',
    'tree-bound': 'The source is the commit',
    'commit-reachable': 'The commit is upstream’s',
    'bases-pinned': 'The bases are fixed',
    'compile-hermetic': 'The compile had no network',
    'image-checked': 'The image holds what it must',
    'image-runs': 'The image runs',
    'rebuilt-identical': 'A second build gave the same digest',
    signed: 'The image is signed',
};
/** The trust report: every check there is, whether it was done or not. Pure. */
function trustReport(run) {
    const { lock, source, built, pinned = built, bytes, facts, smoke, rebuilt } = run;
    const notDone = (name, detail) => ({ name, result: 'not-done', detail });
    const passed = (name, detail) => ({ name, result: 'passed', detail });
    const recorded = 'the lock says so, and it was not asked again';
    return [
        archiveCheck(run),
        source
            ? passed('tree-bound', `git’s tree id ${lock.inputs.tree}, recomputed from the archive (from ${FROM[source.tree.from]})`)
            : notDone('tree-bound', recorded),
        source && source.reachableFrom.length > 0
            ? passed('commit-reachable', `git: ${(0,_source_holders_js__WEBPACK_IMPORTED_MODULE_0__/* .countHolders */ .Xu)(source.reachableFrom)} branches and tags of upstream hold it`)
            : notDone('commit-reachable', source ? 'upstream was not asked' : recorded),
        pinned
            ? passed('bases-pinned', 'both by the digest of their index')
            : notDone('bases-pinned', 'the lock names digests; nothing was built here'),
        built
            ? passed('compile-hermetic', 'by this release’s Dockerfile: crates by the hashes of Cargo.lock, then --network=none')
            : notDone('compile-hermetic', 'nothing was built here'),
        facts === undefined
            ? notDone('image-checked', BYTES[bytes ?? 'unread'])
            : passed('image-checked', `${facts} facts read from its bytes: files, times, programs, labels, entrypoint`),
        smokeCheck(smoke),
        rebuilt === undefined
            ? notDone('rebuilt-identical', built ? 'not asked for' : 'nothing was built here')
            : {
                name: 'rebuilt-identical',
                result: rebuilt === 'identical' ? 'passed' : 'failed',
                detail: `without cache, from another folder: ${rebuilt}`,
            },
        notDone('signed', 'signatures are verified by the command verify, against a publisher you name'),
    ];
}
/** The tree vouches for the content of any archive; this is about the very bytes. */
function archiveCheck({ source, replayed }) {
    const check = (result, detail) => ({ name: 'archive-pinned', result, detail });
    if (source === undefined)
        return check('not-done', 'no archive was looked at');
    if (source.tree.pinned)
        return check('passed', 'its SHA256 was given by the user and compared before it was unpacked');
    if (replayed !== true)
        return check('not-done', 'no SHA256 was given; the tree vouches for the content');
    return source.tree.recompressed
        ? check('not-done', 'compressed again since the lock was made: its SHA256 is not the lock’s, its tar’s is')
        : check('passed', 'its SHA256 is the one that the lock names');
}
const BYTES = {
    unread: 'its bytes were not read',
    hashed: 'its bytes were hashed; what they hold was not judged',
    compared: 'its bytes were hashed and compared with what was built here; what they hold was not judged',
    'left in the registry': 'its annotations and the digests of its platforms were compared; its layers were not read',
};
function smokeCheck(smoke) {
    if (smoke === undefined)
        return { name: 'image-runs', result: 'not-done', detail: 'it was not run here' };
    if (smoke.length === 0)
        return { name: 'image-runs', result: 'not-done', detail: 'not asked for' };
    const missing = smoke.filter(({ ran }) => !ran);
    const ran = smoke.filter((one) => one.ran).map(({ platform }) => platform);
    if (ran.length === 0)
        return { name: 'image-runs', result: 'not-done', detail: missing.map(({ reason }) => reason).join('; ') };
    const rest = missing.map(({ platform, reason }) => `; not on ${platform}: ${reason}`).join('');
    return {
        name: 'image-runs',
        result: missing.length === 0 ? 'passed' : 'not-done',
        detail: `without capabilities, read-only, on ${ran.join(', ')}${rest}`,
    };
}
const FROM = { cache: 'the cache', upstream: 'upstream', evidence: 'the evidence' };
const MARKS = { passed: '✔ proven', failed: '✘ **failed**', 'not-done': '– not proven here' };
/** The report as rows of a table: what, whether, how. Pure. */
function trustRows(checks) {
    return checks.map(({ name, result, detail }) => [CHECKS[name], MARKS[result], detail]);
}


/***/ }),

/***/ 15649:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LH: () => (/* binding */ withRetries)
/* harmony export */ });
/* unused harmony exports RETRY, backoff, retryDelay */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84808);

/** How often and how long a call is tried again; the figures are those of the fault table in the documents. */
const RETRY = {
    attempts: 4,
    baseMilliseconds: 1_000,
    capMilliseconds: 30_000,
    budgetMilliseconds: 120_000,
};
/** Milliseconds to wait after attempt `attempt` where nobody says how long: twice as long each time, up to the cap. Pure. */
function backoff(attempt, random) {
    return random * Math.min(RETRY.capMilliseconds, RETRY.baseMilliseconds * 2 ** attempt);
}
/**
 * Milliseconds to wait before attempt `attempt + 1`, or undefined when there must be none: a class that time does not
 * mend, the last attempt, or a wait that the other side asks for and that the budget does not hold.
 */
function retryDelay(failure, attempt, spentMilliseconds, random) {
    if (failure.kind !== 'rate-limit' && failure.kind !== 'transient')
        return undefined;
    if (attempt >= Math.min(RETRY.attempts, failure.attempts ?? RETRY.attempts))
        return undefined;
    const wait = Math.max(backoff(attempt, random), (failure.retryAfterSeconds ?? 0) * 1_000);
    return spentMilliseconds + wait > RETRY.budgetMilliseconds ? undefined : Math.ceil(wait);
}
/** Runs `attempt` until it succeeds, fails for good, or the attempts or the time budget are used up. */
async function withRetries(what, deps, attempt, classes = ['rate-limit', 'transient']) {
    const start = deps.now();
    for (let count = 1;; count++) {
        try {
            return await attempt();
        }
        catch (error) {
            const failure = (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .toFailure */ .w2)(error);
            const wait = retryDelay(failure, count, deps.now() - start, deps.random());
            if (wait === undefined || !classes.includes(failure.kind) || deps.signal.aborted)
                throw failure;
            deps.log.warning(`${what}, attempt ${count} of ${failure.attempts ?? RETRY.attempts}: ${failure.message}; again in ${(wait / 1_000).toFixed(1)} s`);
            await deps.sleep(wait);
        }
    }
}


/***/ }),

/***/ 99662:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Oj: () => (/* binding */ ARCHIVE_LIMITS),
  bL: () => (/* binding */ readArchive)
});

// UNUSED EXPORTS: readArchiveTar

// EXTERNAL MODULE: ./.bundle/src/errors.js
var errors = __webpack_require__(84808);
// EXTERNAL MODULE: ./.bundle/src/hash.js
var hash = __webpack_require__(23451);
// EXTERNAL MODULE: ./.bundle/src/text.js
var src_text = __webpack_require__(5488);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(38522);
;// CONCATENATED MODULE: ./.bundle/src/source/gzip.js



const FIXED_HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const INFLATE_CHUNK_BYTES = 256 * 1024;
const FLAG = { headerCrc: 0x02, extra: 0x04, name: 0x08, comment: 0x10, reserved: 0xe0 };
/**
 * The content of exactly one gzip member (RFC 1952): header, deflate stream, CRC32 and length all checked, and not a
 * byte after them. node's own gunzip is not used because it reads a second member silently and ignores what follows.
 *
 * @param maxBytes most bytes the content may have; inflating stops there
 * @throws Failure `verification` for everything that is not one sound member
 */
function gunzip(bytes, maxBytes) {
    const start = headerLength(bytes);
    const { content, consumed } = inflate(bytes.subarray(start), maxBytes);
    const trailer = start + consumed;
    const end = trailer + TRAILER_BYTES;
    if (bytes.length < end)
        throw endsEarly('the gzip checksum at its end is missing');
    if (bytes.readUInt32LE(trailer) !== (0,external_node_zlib_.crc32)(content))
        throw damaged('the CRC32 of its content does not match');
    if (bytes.readUInt32LE(trailer + 4) !== content.length % 2 ** 32)
        throw damaged('its length does not match');
    if (bytes.length > end)
        throw new errors/* Failure */.HR('verification', `the archive is refused: ${(0,src_text/* humanSize */.Xe)(bytes.length - end)} follow the end of its gzip stream ` +
            `(${startsMember(bytes, end) ? 'a second gzip stream' : 'stray bytes'}), which some programs would unpack and ` +
            'others would not. git archive never writes this; check what serves the archive');
    return content;
}
/** Bytes before the deflate stream; optional fields are stepped over, never used. */
function headerLength(bytes) {
    if (bytes.length === 0)
        throw endsEarly('it is empty');
    if (bytes[0] !== 0x1f || (bytes.length > 1 && bytes[1] !== 0x8b))
        throw new errors/* Failure */.HR('verification', 'the archive is not a gzip file. An error page or a login portal probably came instead; check `upstream`, and ' +
            'whether this machine reaches it without signing in somewhere first');
    if (bytes.length < FIXED_HEADER_BYTES)
        throw endsEarly('its gzip header is incomplete');
    if (bytes[2] !== 8)
        throw damaged(`its gzip method is ${bytes.readUInt8(2)}, and only 8 (deflate) exists`);
    const flags = bytes.readUInt8(3);
    if ((flags & FLAG.reserved) !== 0)
        throw damaged('its gzip header sets reserved flags');
    let at = FIXED_HEADER_BYTES;
    if ((flags & FLAG.extra) !== 0)
        at = past(bytes, at + 2) + bytes.readUInt16LE(at);
    if ((flags & FLAG.name) !== 0)
        at = afterNul(bytes, at);
    if ((flags & FLAG.comment) !== 0)
        at = afterNul(bytes, at);
    if ((flags & FLAG.headerCrc) !== 0) {
        const header = bytes.subarray(0, at);
        at = past(bytes, at + 2);
        if (bytes.readUInt16LE(at - 2) !== ((0,external_node_zlib_.crc32)(header) & 0xffff))
            throw damaged('its gzip header does not match its CRC');
    }
    return past(bytes, at);
}
function past(bytes, at) {
    if (at > bytes.length)
        throw endsEarly('its gzip header is incomplete');
    return at;
}
function afterNul(bytes, from) {
    const nul = bytes.indexOf(0, past(bytes, from));
    if (nul === -1)
        throw endsEarly('its gzip header is incomplete');
    return nul + 1;
}
function inflate(deflated, maxBytes) {
    try {
        // With `info` node also returns its engine, which alone knows how many input bytes belonged to the stream;
        // the type declarations do not say so.
        const result = (0,external_node_zlib_.inflateRawSync)(deflated, {
            info: true,
            maxOutputLength: maxBytes,
            chunkSize: INFLATE_CHUNK_BYTES,
        });
        return { content: result.buffer, consumed: result.engine.bytesWritten };
    }
    catch (error) {
        const code = (0,errors/* errorCode */.CA)(error);
        if (code === 'Z_BUF_ERROR')
            throw endsEarly('its compressed stream is incomplete');
        if (code === 'ERR_BUFFER_TOO_LARGE')
            throw new errors/* Failure */.HR('verification', `the archive is refused: it unpacks to more than ${(0,src_text/* humanSize */.Xe)(maxBytes)}, the most that is accepted. ` +
                'It is probably a decompression bomb or another repository; check `upstream` and `ref`', { cause: error });
        throw damaged('its compressed stream is not valid', error);
    }
}
function startsMember(bytes, at) {
    return bytes[at] === 0x1f && bytes[at + 1] === 0x8b;
}
/** An archive that is the beginning of something longer. */
function endsEarly(missing) {
    return new errors/* Failure */.HR('verification', `the archive ends early: ${missing}. The download was probably cut short; run again, and if it happens again ` +
        'look at what sits between this machine and upstream');
}
function damaged(what, cause) {
    return new errors/* Failure */.HR('verification', `the archive is damaged: ${what}. It was probably changed on its way; run again, and if it happens again look at ` +
        'what sits between this machine and upstream', { cause });
}

// EXTERNAL MODULE: ./.bundle/src/tarHeader.js
var tarHeader = __webpack_require__(44493);
;// CONCATENATED MODULE: ./.bundle/src/source/packaging.js

const GIT_RECORD_BYTES = 20 * tarHeader/* BLOCK_BYTES */.Yo;
/**
 * Where a tar differs from what git's archive-tar.c would have written of the same entries, in words; empty when it does not.
 * Nothing is proven by it: it tells an archive that was packed otherwise from one whose content was changed.
 */
function packagingFaults({ members, listed, length, end }) {
    const found = new Set();
    for (const member of members) {
        if (member.uid !== 0 || member.gid !== 0)
            found.add('owners other than uid 0 and gid 0');
        if (member.user !== 'root' || member.group !== 'root')
            found.add('owner names other than root');
        if (!gitModes(member.type).includes(member.mode))
            found.add('modes other than 0664, 0775 and 0777');
        if (!isSpelledByGit(member))
            found.add('header fields in another form');
    }
    for (const { name, type } of listed)
        if (type === 'directory' && !name.endsWith('/'))
            found.add('folders without a slash at their end');
    const names = listed.map(({ name }) => name);
    // git's order is that of whole paths, folders with their slash.
    if ([...names].sort().some((name, index) => name !== names[index]))
        found.add("another order than git's");
    if (members.some(({ mtime }) => mtime !== members[0]?.mtime))
        found.add('entries with different times');
    if (members[0]?.type !== 'global')
        found.add('no global header that names the commit');
    if (length !== gitLength(end))
        found.add('its length is not the next multiple of 10240 bytes');
    return [...found];
}
function gitModes(type) {
    if (type === 'global' || type === 'extended')
        return [0o666];
    if (type === 'symlink')
        return [0o777];
    return type === 'directory' ? [0o775] : [0o664, 0o775];
}
/** Whether git would have spelled a header so: the same values, but every number and unused byte as it writes them. */
function isSpelledByGit({ block, data, type, mode, uid, gid, mtime }) {
    const numbers = [
        [mode, 100, 8],
        [uid, 108, 8],
        [gid, 116, 8],
        [data.length, 124, 12],
        [mtime, 136, 12],
        [(0,tarHeader/* checksum */.cM)(block), 148, 8],
        [0, 329, 8],
        [0, 337, 8],
    ];
    return (numbers.every(([value, at, length]) => block.toString('latin1', at, at + length) === gitNumber(value, length)) &&
        (type !== 'file' || block[156] === 0x30) &&
        (type === 'symlink' || (0,tarHeader/* isZero */.be)(block.subarray(157, 257))) &&
        (0,tarHeader/* isZero */.be)(block.subarray(500)));
}
function gitNumber(value, length) {
    return `${value.toString(8).padStart(length - 1, '0')}\0`;
}
/** Length of git's tar when its end mark begins at `end`, both in bytes: whole records, the last one filled with zeros. */
function gitLength(end) {
    return Math.ceil((end + 2 * tarHeader/* BLOCK_BYTES */.Yo) / GIT_RECORD_BYTES) * GIT_RECORD_BYTES;
}

;// CONCATENATED MODULE: ./.bundle/src/source/tar.js




const EXTENDED_HEADER_BYTES = 16 * 1024;
const TYPES = {
    '0': 'file',
    '\0': 'file',
    '2': 'symlink',
    '5': 'directory',
    g: 'global',
    x: 'extended',
};
const FOREIGN = {
    '1': 'a hard link',
    '3': 'a character device',
    '4': 'a block device',
    '6': 'a FIFO',
};
/**
 * The members of a tar in POSIX ustar form, everything in it accounted for: magic, checksum, numbers in plain octal, no
 * type that git does not write, padding and end of zeros alone. `end` is where the end mark begins, in bytes.
 *
 * @throws Failure `verification` for everything else
 */
function readMembers(tar, maxMembers) {
    const members = [];
    let at = 0;
    for (let block = take(tar, at, tarHeader/* BLOCK_BYTES */.Yo); !(0,tarHeader/* isZero */.be)(block); block = take(tar, at, tarHeader/* BLOCK_BYTES */.Yo)) {
        const { size, ...header } = readHeader(block);
        const data = take(tar, at + tarHeader/* BLOCK_BYTES */.Yo, size);
        const padding = take(tar, at + tarHeader/* BLOCK_BYTES */.Yo + size, -size & (tarHeader/* BLOCK_BYTES */.Yo - 1));
        if (!(0,tarHeader/* isZero */.be)(padding))
            throw refused(`${label(header)} is padded with something other than zeros`);
        if (members.push({ ...header, data }) > maxMembers)
            throw refused(`it has more than ${maxMembers} headers`);
        at += tarHeader/* BLOCK_BYTES */.Yo + size + padding.length;
    }
    take(tar, at, 2 * tarHeader/* BLOCK_BYTES */.Yo);
    if (!(0,tarHeader/* isZero */.be)(tar.subarray(at)))
        throw refused('something follows its end mark');
    if (tar.length % tarHeader/* BLOCK_BYTES */.Yo !== 0)
        throw refused('its length is no multiple of 512 bytes');
    return { members, end: at };
}
/** The name of a member, escaped and quoted, for messages. */
function label({ name }) {
    return `'${(0,src_text/* printablePath */.Vj)(name)}'`;
}
function take(tar, at, length) {
    if (at + length > tar.length)
        throw endsEarly('the end of its tar is missing');
    return tar.subarray(at, at + length);
}
function readHeader(block) {
    const prefix = plain(block, 345, 155);
    const name = prefix === '' ? plain(block, 0, 100) : `${prefix}/${plain(block, 0, 100)}`;
    const number = (at, length) => {
        const value = (0,tarHeader/* octal */.Wo)(block, at, length);
        if (value === undefined)
            throw refused(`the header of ${label({ name })} has a number that is not plain octal`);
        return value;
    };
    if (number(148, 8) !== (0,tarHeader/* checksum */.cM)(block))
        throw refused(`the header of ${label({ name })} does not match its checksum`);
    if (!(0,tarHeader/* isUstar */.If)(block))
        throw refused(`the header of ${label({ name })} is not ustar`);
    const letter = block.toString('latin1', 156, 157);
    const type = TYPES[letter];
    const [mode, size] = [number(100, 8), number(124, 12)];
    if (type === undefined)
        throw refused(`${label({ name })} is ${FOREIGN[letter] ?? `of the unknown type '${(0,src_text/* printablePath */.Vj)(letter)}'`}`);
    if ((type === 'symlink' || type === 'directory') && size !== 0)
        throw refused(`${label({ name })} is a ${type} with content`);
    if ((type === 'global' || type === 'extended') && size > EXTENDED_HEADER_BYTES)
        throw refused(`the extended header ${label({ name })} has ${(0,src_text/* humanSize */.Xe)(size)}`);
    if (mode > 0o777)
        throw refused(`${label({ name })} has the mode ${mode.toString(8)}: setuid, setgid, sticky or unknown bits`);
    const link = plain(block, 157, 100);
    const [uid, gid, mtime] = [number(108, 8), number(116, 8), number(136, 12)];
    return {
        block,
        type,
        name,
        link,
        mode,
        uid,
        gid,
        user: plain(block, 265, 32),
        group: plain(block, 297, 32),
        mtime,
        size,
    };
}
/** A text of a header, without the NULs that fill its field. */
function plain(block, at, length) {
    const found = (0,tarHeader/* text */.Qq)(block, at, length);
    if (found !== undefined)
        return found;
    const field = block.toString('latin1', at, at + length);
    throw refused(`a header has a NUL byte inside a name, '${(0,src_text/* printablePath */.Vj)(field)}'`);
}
/** What an extended header sets: each key once, and only keys git writes. */
function readPax(member, keys) {
    const records = (0,tarHeader/* paxRecords */.Q5)(member.data);
    if (records === undefined)
        throw refused(`the extended header ${label(member)} is not made of whole records`);
    const values = new Map();
    for (const [key, value] of records) {
        if (!keys.includes(key) || values.has(key))
            throw refused(`an extended header sets '${(0,src_text/* printablePath */.Vj)(key)}'${values.has(key) ? ' twice' : ''}`);
        values.set(key, value);
    }
    return values;
}
/**
 * The commit id in git's global header, 40 hex digits.
 *
 * @throws Failure `verification` when the header holds anything else
 */
function readComment(member) {
    const comment = readPax(member, ['comment']).get('comment') ?? '';
    if (!/^[0-9a-f]{40}$/.test(comment))
        throw refused(`its comment '${(0,src_text/* printablePath */.Vj)(comment)}' is not a commit id`);
    return comment;
}
/**
 * The members that are entries, with the names and link targets that their extended headers give them.
 *
 * @throws Failure `verification` for an extended header that sets anything else or belongs to no entry
 */
function applyPax(members) {
    const listed = [];
    let pax;
    for (const member of members) {
        const { type } = member;
        if (type === 'global')
            throw refused('it has a global header that is not its first');
        if (type === 'extended') {
            if (pax !== undefined)
                throw refused(`${label(member)} is a second extended header in a row`);
            pax = readPax(member, ['path', 'linkpath']);
            continue;
        }
        if (pax?.has('linkpath') === true && type !== 'symlink')
            throw refused(`${label(member)} has a link target and is no link`);
        listed.push({ ...member, type, name: pax?.get('path') ?? member.name, link: pax?.get('linkpath') ?? member.link });
        pax = undefined;
    }
    if (pax !== undefined)
        throw refused('it ends with an extended header that belongs to no entry');
    return listed;
}
/** A tar that breaks a rule. */
function refused(fault) {
    return new errors/* Failure */.HR('verification', `the archive is refused: ${fault}. git archive never writes this, so something else made or changed the file; ` +
        'check that `upstream` is the repository you mean, and what sits between this machine and it');
}

// EXTERNAL MODULE: ./.bundle/src/source/tree.js
var tree = __webpack_require__(93281);
;// CONCATENATED MODULE: ./.bundle/src/source/archive.js







/** The most an archive may hold. `packedBytes` is also where the download is cut. */
const ARCHIVE_LIMITS = {
    packedBytes: 64 * 2 ** 20,
    unpackedBytes: 512 * 2 ** 20,
    entries: 50_000,
    /** Of a path with its root folder, and of a link's target. */
    pathBytes: 4_096,
    /** Names in a path below the root folder. */
    depthNames: 64,
};
/**
 * Reads a gzipped tar as `git archive` writes it, under rules so strict that no two programs can disagree about what it
 * holds. In memory; nothing is written. The format is POSIX ustar with pax headers, narrowed to what git's archive-tar.c
 * emits (ids of 40 digits, no sizes of 8 GiB).
 *
 * @throws Failure `verification`, with the entry's name escaped, when the bytes end too early, a rule is broken or a cap exceeded
 */
function readArchive(bytes, limits = ARCHIVE_LIMITS) {
    if (bytes.length > limits.packedBytes)
        throw tooMuch(`${(0,src_text/* humanSize */.Xe)(bytes.length)} packed`, limits);
    return readArchiveTar(gunzip(bytes, limits.unpackedBytes), limits);
}
/** {@link readArchive} for a tar that is not compressed. */
function readArchiveTar(tar, limits = ARCHIVE_LIMITS) {
    // An entry has at most one extended header; the root folder and the global header come on top
    const { members, end } = readMembers(tar, 2 * limits.entries + 3);
    const comment = members[0]?.type === 'global' ? readComment(members[0]) : undefined;
    const listed = applyPax(comment === undefined ? members : members.slice(1));
    const { root, entries } = readEntries(listed, limits);
    const [epoch, ...others] = new Set(members.map(({ mtime }) => mtime));
    return {
        root,
        comment,
        entries,
        tarSha256: (0,hash/* sha256 */.sc)(tar),
        epoch: others.length > 0 ? undefined : epoch,
        packaging: packagingFaults({ members, listed, length: tar.length, end }),
    };
}
function readEntries(members, limits) {
    const [first] = members;
    if (first === undefined)
        throw refused('it holds nothing');
    if (members.length > limits.entries + 1)
        throw tooMuch('too many entries', limits); // the root is none
    const { top: root, entry: start } = readEntry(first, limits);
    const kinds = new Map();
    const entries = [];
    for (const member of members) {
        const { top, entry } = readEntry(member, limits);
        if (top !== root)
            throw refused(`it has two roots, '${(0,src_text/* printablePath */.Vj)(root)}' and '${(0,src_text/* printablePath */.Vj)(top)}'`);
        checkPlace(entry, kinds, member);
        kinds.set(entry.path, entry.kind);
        if (entry.path !== '')
            entries.push(entry);
    }
    // Told last: an archive with this fault usually has a worse one, which deserves to be named
    if (start.path !== '')
        throw refused(`its first entry is ${label(first)} and not its root folder`);
    return { root, entries };
}
function readEntry(member, limits) {
    const { name, type, mode, link, data } = member;
    const longest = Math.max(name.length, link.length);
    if (longest > limits.pathBytes)
        throw tooMuch(`${label(member)} has a path of ${longest} bytes`, limits);
    const path = type === 'directory' ? name.replace(/\/$/, '') : name;
    const fault = (0,tree/* pathFault */.a9)(path, type);
    if (fault !== undefined)
        throw refused(`${label(member)}: ${fault}`);
    const [top = '', ...names] = path.split('/');
    if (names.length > limits.depthNames)
        throw tooMuch(`${label(member)} lies ${names.length} folders deep`, limits);
    if (type === 'symlink' && (link === '' || link.includes('\0')))
        throw refused(`${label(member)} is a link without a sound target`);
    const executable = type === 'file' && (mode & 0o100) !== 0;
    const content = type === 'symlink' ? Buffer.from(link, 'latin1') : data;
    return { top, entry: { path: names.join('/'), kind: type, executable, data: content } };
}
function checkPlace({ path, kind }, kinds, member) {
    const before = kinds.get(path);
    if (before === kind)
        throw refused(`${label(member)} is a duplicate, listed twice`);
    if (before !== undefined)
        throw refused(`${label(member)} is listed as a ${before} and again as a ${kind}`);
    if (path === '') {
        if (kind !== 'directory')
            throw refused(`its root ${label(member)} is a ${kind}`);
        return;
    }
    const above = path.includes('/') ? kinds.get(path.slice(0, path.lastIndexOf('/'))) : 'directory';
    if (above === undefined)
        throw refused(`${label(member)} is listed before the folder that holds it`);
    if (above !== 'directory')
        throw refused(`${label(member)} lies beneath a ${above}`);
}
function tooMuch(what, limits) {
    const { packedBytes, unpackedBytes, entries, pathBytes, depthNames } = limits;
    return new errors/* Failure */.HR('verification', `the archive is refused: ${what}. At most ${(0,src_text/* humanSize */.Xe)(packedBytes)} packed, ${(0,src_text/* humanSize */.Xe)(unpackedBytes)} unpacked, ` +
        `${entries} entries, paths of ${pathBytes} bytes and ${depthNames} folders deep are accepted; this is probably ` +
        'another repository than the one you mean. Check `upstream` and `ref`');
}


/***/ }),

/***/ 53765:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S6: () => (/* binding */ requireModestToml),
/* harmony export */   Tl: () => (/* binding */ packageVersion),
/* harmony export */   ve: () => (/* binding */ requireCargoLock),
/* harmony export */   x_: () => (/* binding */ requireNoDockerignore)
/* harmony export */ });
/* harmony import */ var smol_toml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3292);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(84808);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(78769);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5488);
/* harmony import */ var _version_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(48463);





/** The two programs an image is made of, by the names of their Cargo targets. */
const BINARIES = ['client', 'server'];
/** The most a Cargo.toml or a Cargo.lock may have; parsed it takes many times as much. phantun's have 2 kB and 34 kB. */
const MAX_TOML_BYTES = 2 ** 20;
/** The most Cargo.toml files a tree may have. phantun has three. */
const MAX_MANIFESTS = 200;
/** Refuses one of cargo's files, class verification, that is too large to be parsed. Pure. */
function requireModestToml(name, bytes) {
    if (bytes > MAX_TOML_BYTES)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${(0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .printablePath */ .Vj)(name)} has ${bytes} bytes, more than the ${MAX_TOML_BYTES} that are read of it. This is probably another repository than phantun: check upstream and ref`);
}
/** Refuses a tree that cannot be built `--locked`. */
function requireCargoLock(entries, commit) {
    const lock = entries.find(({ path, kind }) => path === 'Cargo.lock' && kind === 'file');
    if (lock === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('input', `commit ${commit} has no Cargo.lock, so its dependencies are pinned by nothing and it cannot be built reproducibly. phantun has one since 869c79422f1126a9994b756a8ffc7a9405e4946f (2025-03-14); give a later ref`);
    requireModestToml(lock.path, lock.data.length);
}
/**
 * Refuses a tree whose root has a `.dockerignore`: BuildKit obeys it in named contexts too, so files that were verified would
 * silently be missing from the build.
 */
function requireNoDockerignore(entries, commit) {
    if (entries.some(({ path }) => path === '.dockerignore'))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `commit ${commit} has a .dockerignore at its root, which would keep verified files from the build. Upstream never had one; build another ref, or ask upstream to move it`);
}
/** The version of the one package that owns the binaries `client` and `server`, from the Cargo.toml files of a tree. Pure. */
function packageVersion(entries) {
    const { root, owner } = readManifests(entries);
    const own = owner.manifest.package?.version;
    const version = isInherited(own) ? root?.workspace?.package?.version : own;
    const refuse = (what) => new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('input', `${(0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .printablePath */ .Vj)(owner.folder)}Cargo.toml has ${what}`);
    if (typeof version !== 'string' || !_version_js__WEBPACK_IMPORTED_MODULE_4__/* .VERSION */ .x.test(version))
        throw refuse(`no version but ${version === undefined ? 'none' : (0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .printable */ .g$)((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .jsonText */ .s$)(version))}`);
    if (version.length > _version_js__WEBPACK_IMPORTED_MODULE_4__/* .MAX_VERSION_LENGTH */ .z)
        throw refuse(`a version of ${version.length} characters, more than the ${_version_js__WEBPACK_IMPORTED_MODULE_4__/* .MAX_VERSION_LENGTH */ .z} that a lock takes: ${(0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .printable */ .g$)(version, _version_js__WEBPACK_IMPORTED_MODULE_4__/* .MAX_VERSION_LENGTH */ .z)}`);
    return version;
}
/** The root's manifest, and that of the one package with both binaries. The others are not kept: together they may be large. */
function readManifests(entries) {
    const files = entries.filter(({ path, kind }) => kind === 'file' && /(^|\/)Cargo\.toml$/.test(path));
    if (files.length > MAX_MANIFESTS)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `this tree has ${files.length} files called Cargo.toml, more than the ${MAX_MANIFESTS} that are read. This is probably another repository than phantun: check upstream and ref`);
    const paths = new Set(entries.map(({ path }) => path));
    const owners = [];
    let root;
    for (const file of files) {
        const folder = file.path.slice(0, -'Cargo.toml'.length);
        const manifest = parseManifest(file);
        if (folder === '')
            root = manifest;
        if (ownsBinaries(folder, manifest, paths))
            owners.push({ folder, manifest });
        if (owners.length > 1)
            break;
    }
    const [owner] = owners;
    if (owner === undefined || owners.length > 1)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('input', `${owners.length === 0 ? 'no package' : 'more than one package'} of this tree has the binaries ${BINARIES.join(' and ')}; upstream must be phantun or a fork of it`);
    return { root, owner };
}
function parseManifest({ path, data }) {
    requireModestToml(path, data.length);
    try {
        return (0,smol_toml__WEBPACK_IMPORTED_MODULE_0__/* .parse */ .qg)(data.toString('utf8'));
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('input', `${(0,_text_js__WEBPACK_IMPORTED_MODULE_3__/* .printablePath */ .Vj)(path)} cannot be read as TOML`, { cause });
    }
}
function isInherited(version) {
    return version?.workspace === true;
}
/** Cargo's target discovery: `[[bin]]` tables, and files in src/bin unless `autobins` is off. */
function ownsBinaries(folder, manifest, paths) {
    if (typeof manifest.package?.name !== 'string')
        return false;
    const named = new Set(Array.isArray(manifest.bin) ? manifest.bin.map(({ name }) => name) : []);
    const discovers = manifest.package.autobins !== false;
    return BINARIES.every((name) => named.has(name) ||
        (discovers && (paths.has(`${folder}src/bin/${name}.rs`) || paths.has(`${folder}src/bin/${name}/main.rs`))));
}


/***/ }),

/***/ 72578:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JG: () => (/* binding */ MAX_HOLDERS),
/* harmony export */   Xu: () => (/* binding */ countHolders),
/* harmony export */   wb: () => (/* binding */ holders)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5488);


/** The most branches and tags that are named: a lock names each, and one of thousands would be too large to be read back. */
const MAX_HOLDERS = 100;
/**
 * Full names of the branches and tags below `mirror` whose history holds the commit, as upstream has them: the branches first,
 * each kind by its names. Of more than 100 the first 100 are named, and with them always the ref that was asked for, if it is a
 * branch or a tag: that one holds its own commit.
 */
async function holders(git, mirror, commit, asked) {
    const { code, stdout, stderr } = await git.local([
        'for-each-ref',
        `--contains=${commit}`,
        `--count=${MAX_HOLDERS}`,
        '--format=%(refname)',
        `${mirror}heads`,
        `${mirror}tags`,
    ]);
    if (code !== 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('local', `git for-each-ref failed: ${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(stderr)}`);
    const names = stdout
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.replace(mirror, 'refs/'));
    // What is left out comes after all that is named, so the order stays that of the names.
    if (names.length === MAX_HOLDERS && asked.startsWith('refs/') && !names.includes(asked))
        names.splice(-1, 1, asked);
    return names;
}
/** How many they are, for people: `7`, `100 or more`. Pure. */
function countHolders(names) {
    return names.length < MAX_HOLDERS ? String(names.length) : `${MAX_HOLDERS} or more`;
}


/***/ }),

/***/ 53779:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ objectId)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);

/** The id that git gives an object (git-hash-object(1)): SHA-1 of its kind, its length and its content; 40 hex digits. Pure. */
function objectId(kind, content) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
}


/***/ }),

/***/ 93281:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Mh: () => (/* binding */ treeId),
/* harmony export */   W0: () => (/* binding */ pathIds),
/* harmony export */   a9: () => (/* binding */ pathFault)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5488);
/* harmony import */ var _objectId_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(53779);



/**
 * git's SHA-1 id of the tree these entries make, 40 hex digits: files are 100644 or 100755, symlinks 120000, folders
 * 40000 and sorted as if their names ended in `/`, empty folders do not exist. The format is the one of
 * `git hash-object -t tree`.
 *
 * @throws Failure `verification` when two entries claim one path
 */
function treeId(entries) {
    return hashFolder(plant(entries), '', new Map()).id;
}
/** Every path that git would list (folders too, the root not) with its mode and id: what `git ls-tree -r -t` prints. */
function pathIds(entries) {
    const items = new Map();
    hashFolder(plant(entries), '', items);
    return items;
}
/**
 * Why git would refuse to hold this path (one character a byte, relative), or undefined. The rules are those of git's
 * verify_path with its protections for case-blind file systems, NTFS and HFS+ all switched on; links have one more.
 */
function pathFault(path, kind = 'file') {
    if (path.includes('\0'))
        return 'its name holds a NUL byte';
    if (path.startsWith('/'))
        return 'its path is absolute';
    for (const name of path.split('/')) {
        if (name === '')
            return 'its path has an empty component';
        if (name === '.' || name === '..')
            return `its path has the component '${name}'`;
        if (means(DOT_GIT, name))
            return "its path has a component that means '.git'";
        if (kind === 'symlink' && means(DOT_GITMODULES, name))
            return "it is a link with a component that means '.gitmodules'";
    }
    return undefined;
}
// NTFS drops trailing dots and spaces, has streams behind a colon, and short names: GITMOD~1, or a hash for more of them.
const SHORT_NAMES = [0, 1, 2, 3, 4, 5, 6].map((length) => `${'gi7eba'.slice(0, length)}~[1-9]\\d{${6 - length}}`);
const DOT_GIT = meaning('\\.git|git~1');
const DOT_GITMODULES = meaning(`\\.gitmodules|gitmod~[1-4]|${SHORT_NAMES.join('|')}`);
/** For git a name ends, on HFS+, where it is no UTF-8 or holds what is no character. */
function meaning(names) {
    return new RegExp(`^(?:${names})[. ]*(?:[:\\\\\\ufffd\\p{NChar}].*)?$`, 'isu');
}
/** Whether any file system may read a name as one of these; HFS+ ignores marks. */
function means(special, name) {
    const seen = Buffer.from(name, 'latin1')
        .toString('utf8')
        .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '');
    return special.test(seen);
}
function plant(entries) {
    const root = new Map();
    for (const entry of entries) {
        const names = entry.path.split('/');
        const last = names.pop() ?? '';
        let folder = root;
        for (const name of names)
            folder = subfolder(folder, name, entry);
        if (entry.kind === 'directory')
            subfolder(folder, last, entry);
        else if (folder.has(last))
            throw claimedTwice(entry);
        else
            folder.set(last, entry);
    }
    return root;
}
function subfolder(folder, name, entry) {
    const found = folder.get(name) ?? new Map();
    if (!(found instanceof Map))
        throw claimedTwice(entry);
    folder.set(name, found);
    return found;
}
function claimedTwice(entry) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('verification', `two entries claim the path '${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printablePath */ .Vj)(entry.path)}'`);
}
function hashFolder(folder, prefix, items) {
    const lines = new Map();
    for (const [name, child] of folder) {
        const item = hashChild(child, `${prefix}${name}`, items);
        if (item === undefined)
            continue;
        items.set(`${prefix}${name}`, item);
        // git writes the mode of a folder without its leading zero
        const line = Buffer.from(`${item.mode.replace(/^0/, '')} ${name}\0${Buffer.from(item.id, 'hex').toString('latin1')}`, 'latin1');
        // The key is what git sorts by, as bytes: one character each here.
        lines.set(item.mode === '040000' ? `${name}/` : name, line);
    }
    const sorted = [...lines.keys()].sort().map((key) => lines.get(key) ?? Buffer.alloc(0));
    return { id: (0,_objectId_js__WEBPACK_IMPORTED_MODULE_1__/* .objectId */ .T)('tree', Buffer.concat(sorted)), empty: lines.size === 0 };
}
function hashChild(child, path, items) {
    if (child instanceof Map) {
        const { id, empty } = hashFolder(child, `${path}/`, items);
        return empty ? undefined : { mode: '040000', id };
    }
    const mode = child.kind === 'symlink' ? '120000' : child.executable ? '100755' : '100644';
    return { mode, id: (0,_objectId_js__WEBPACK_IMPORTED_MODULE_1__/* .objectId */ .T)('blob', child.data) };
}


/***/ }),

/***/ 44493:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   If: () => (/* binding */ isUstar),
/* harmony export */   Q5: () => (/* binding */ paxRecords),
/* harmony export */   Qq: () => (/* binding */ text),
/* harmony export */   Wo: () => (/* binding */ octal),
/* harmony export */   Yo: () => (/* binding */ BLOCK_BYTES),
/* harmony export */   be: () => (/* binding */ isZero),
/* harmony export */   cM: () => (/* binding */ checksum)
/* harmony export */ });
/** What both readers of tars go by, the one of upstream's archives and the one of an image's layers; each says what it refuses. */
const BLOCK_BYTES = 512;
/** Whether a header block is POSIX ustar. */
function isUstar(block) {
    return block.toString('latin1', 257, 265) === 'ustar\x0000';
}
/** Whether there is nothing but NULs. */
function isZero(bytes) {
    // Each byte equals the one before it, compared by the system: a loop takes seventy times as long for 512 MiB of zeros.
    return bytes.length === 0 || (bytes[0] === 0 && bytes.subarray(1).equals(bytes.subarray(0, -1)));
}
/** Sum of a header's bytes, the checksum's own eight counted as spaces. */
function checksum(block) {
    let sum = 8 * 0x20; // by a loop, as reduce takes seven times as long
    for (let at = 0; at < BLOCK_BYTES; at++)
        if (at < 148 || at >= 156)
            sum += Number(block[at]);
    return sum;
}
/** Digits, then NULs or spaces, else undefined. GNU's binary numbers, signs and leading spaces are read differently elsewhere. */
function octal(block, at, length) {
    const [, digits] = /^([0-7]+)[\0 ]+$/.exec(block.toString('latin1', at, at + length)) ?? [];
    return digits === undefined ? undefined : Number.parseInt(digits, 8);
}
/** What stands before the first NUL, one character a byte; undefined if more than NULs come after it, as some readers see that. */
function text(block, at, length) {
    const [, found] = /^([^\0]*)\0*$/.exec(block.toString('latin1', at, at + length)) ?? [];
    return found;
}
/**
 * The records `LENGTH key=value\n` of an extended header, the length counting itself, one character a byte and in their
 * order. Undefined where there are none, where they are not all whole, or where a value is empty, which takes a record back.
 */
function paxRecords(data) {
    const body = data.toString('latin1');
    const records = [];
    let at = 0;
    do {
        const [start] = /^[1-9]\d{0,4} /.exec(body.slice(at, at + 6)) ?? [];
        const end = at + Number(start ?? Infinity);
        const record = /^([^=]+)=(.+)\n$/s.exec(body.slice(at + (start ?? '').length, end));
        if (end > body.length || record === null)
            return undefined;
        const [, key = '', value = ''] = record;
        records.push([key, value]);
        at = end;
    } while (at < body.length);
    return records;
}


/***/ }),

/***/ 48463:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   x: () => (/* binding */ VERSION),
/* harmony export */   z: () => (/* binding */ MAX_VERSION_LENGTH)
/* harmony export */ });
/** A version as Cargo.toml and package.json have it (semver.org). */
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
/** It goes into a lock and a label, and has to be read back from them. */
const MAX_VERSION_LENGTH = 64;


/***/ })

};
