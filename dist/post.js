import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 15:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  R5: () => (/* binding */ FOLDER_STATE),
  DA: () => (/* binding */ removeLeftovers)
});

// UNUSED EXPORTS: removeAbandoned

;// CONCATENATED MODULE: external "node:fs/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");
;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: ./.bundle/src/errors.js
/** What the command line ends with, one code a class. Of the action a runner sees only whether it is 0. */
const EXIT_CODES = {
    local: 1,
    input: 2,
    verification: 3,
    auth: 4,
    'not-found': 5,
    'rate-limit': 6,
    transient: 7,
    registry: 8,
    build: 9,
    // As a shell has it for a program that SIGINT ended.
    cancelled: 130,
};
/** A failure a user can act on: the message says what failed, why it probably did, and what to change. */
class errors_Failure extends Error {
    kind;
    /** Seconds the other side asked us to wait, when it said so. */
    retryAfterSeconds;
    /** How often at most it is worth trying, where that is less than for its class. */
    attempts;
    /** Lines for the job summary: the compiler's last words, the paths that differ. Already sanitised. */
    details;
    constructor(kind, message, options = {}) {
        super(message, options.cause === undefined ? {} : { cause: options.cause });
        this.name = 'Failure';
        this.kind = kind;
        this.retryAfterSeconds = options.retryAfterSeconds;
        this.attempts = options.attempts;
        this.details = options.details ?? [];
    }
}
/** Any thrown value as a Failure. Errors of the operating system are named; what nobody foresaw is class `local`. */
function errors_toFailure(error) {
    if (error instanceof errors_Failure)
        return error;
    const code = errors_errorCode(error);
    const message = error instanceof Error ? error.message : String(error);
    if (code === 'ENOSPC' || code === 'EDQUOT')
        return new errors_Failure('local', `no space left: ${message}. Free some disk space on this machine and run again`, {
            cause: error,
        });
    if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
        return new errors_Failure('local', `not permitted: ${message}. Check who owns the folder and whether it can be written`, {
            cause: error,
        });
    return new errors_Failure('local', message, { cause: error });
}
/** The same failure with one more sentence, about what its step has done or left undone. */
function withNote(error, note) {
    const { kind, message, details } = errors_toFailure(error);
    return new errors_Failure(kind, `${message}. ${note}`, { cause: error, details });
}
/** The `code` of a node error ('ENOENT'), if it has one. */
function errors_errorCode(error) {
    if (typeof error !== 'object' || error === null || !('code' in error))
        return undefined;
    return typeof error.code === 'string' ? error.code : undefined;
}

;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
;// CONCATENATED MODULE: external "node:timers/promises"
const external_node_timers_promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: ./.bundle/src/files.js




const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = external_node_fs_namespaceObject.constants;
/**
 * Reads one file: a plain file of at most `maxBytes`, and no link to one unless links are followed. What is judged is what is
 * read, and nothing is waited for: a FIFO is refused as it is opened. `what` names the file in the failure, which is class
 * verification for what is not there, not a file or too large.
 */
async function readCapped(path, maxBytes, what, links = 'refused') {
    const shown = printable(path, 1_000);
    const refuse = (why, cause) => new Failure('verification', `${what} ${why}`, { cause });
    const flags = O_RDONLY | O_NONBLOCK | (links === 'refused' ? O_NOFOLLOW : 0);
    const file = await open(path, flags).catch((error) => {
        const code = errorCode(error);
        if (code === 'ENOENT' || code === 'ENOTDIR')
            throw refuse(`is missing: there is no ${shown}`, error);
        // What open says of a link, and of a socket.
        if (code === 'ELOOP' || code === 'ENXIO')
            throw refuse(`is not a plain file: ${shown}`, error);
        throw error;
    });
    try {
        const status = await file.stat();
        if (!status.isFile())
            throw refuse(`is not a plain file: ${shown}`);
        if (status.size > maxBytes)
            throw refuse(`has ${status.size} bytes, more than the ${maxBytes} allowed: ${shown}`);
        return await file.readFile();
    }
    finally {
        await file.close();
    }
}
/**
 * A file that a flag or an input of the user's names, which may be a link to it: people mount files. Class input when it cannot be
 * read, is no plain file, or is larger.
 */
async function readGivenFile(flag, file, maxBytes, what = 'the file') {
    try {
        return await readCapped(file, maxBytes, what, 'followed');
    }
    catch (cause) {
        throw new Failure('input', `${flag}: ${toFailure(cause).message}`, { cause });
    }
}
/** What a folder holds; nothing when it is not there. */
async function files_namesIn(folder) {
    return readdir(folder).catch((error) => {
        if (errorCode(error) !== 'ENOENT')
            throw error;
        return [];
    });
}
const NO_ROOM = {
    ENOSPC: (size) => `no space left for its ${size}. Free some disk space and run again`,
    EDQUOT: (size) => `the disk quota has no room for its ${size}. Free some disk space and run again`,
    EROFS: (size) => `its ${size} cannot be written, the file system is read-only. Name a folder that can be written to`,
};
/**
 * Why there is no room for a file, with what it is and its size: of a write, node says neither. Undefined when it is something
 * else that went wrong. `file` is made safe to print. Pure.
 */
function noRoom(error, file, bytes) {
    const why = NO_ROOM[errorCode(error) ?? '']?.(humanSize(bytes));
    return why === undefined ? undefined : new Failure('local', `cannot write ${file}: ${why}`, { cause: error });
}
/** Writes a file; the failure when there is no room for it names it and its size. With `wx` it must not be there yet. */
async function files_writeOut(path, data, flag = 'w') {
    try {
        await writeFile(path, data, { flag });
    }
    catch (error) {
        throw noRoom(error, printable(path, 1_000), Buffer.byteLength(data)) ?? error;
    }
}
/** Copies a folder with all that is in it; the failure when there is no room for a file names it and its size. */
async function copyOut(from, to) {
    try {
        await cp(from, to, { recursive: true });
    }
    catch (error) {
        const { path, dest } = error;
        if (path === undefined || dest === undefined)
            throw error; // that of a folder names it
        const { size } = await stat(path);
        throw noRoom(error, printable(dest, 1_000), size) ?? error;
    }
}

;// CONCATENATED MODULE: external "node:child_process"
const external_node_child_process_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");
;// CONCATENATED MODULE: ./.bundle/src/lines.js
const MAX_LENGTH = 8_192;
/**
 * Hands on the lines of a stream as they end, however it is cut into chunks. A carriage return ends a line as a newline does;
 * what is longer than 8192 characters is cut, which an ellipsis tells.
 */
function lineReader(onLine) {
    const decoder = new TextDecoder();
    let line = '';
    let returned = false;
    const take = (decoded) => {
        // A carriage return at the end waits: a newline may follow it in the next chunk.
        const text = returned ? `\r${decoded}` : decoded;
        returned = text.endsWith('\r');
        const [first = '', ...others] = (returned ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
        line = start(line + first);
        for (const other of others) {
            onLine(shown(line));
            line = start(other);
        }
    };
    return {
        add: (chunk) => take(decoder.decode(chunk, { stream: true })),
        end: () => {
            take(decoder.decode());
            if (line !== '' || returned)
                onLine(shown(line));
        },
    };
}
/** As much of a line as has to be kept to tell that it is too long. */
function start(line) {
    return line.slice(0, MAX_LENGTH + 1);
}
function shown(line) {
    return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

;// CONCATENATED MODULE: ./.bundle/src/process.js




const COMMON_NAMES = /^(PATH|HOME|USER|LOGNAME|TMPDIR|(https?|all|no|ftp)_proxy|SSL_CERT_FILE|SSL_CERT_DIR|XDG_RUNTIME_DIR|XDG_CONFIG_HOME)$/i;
const DOCKER_NAMES = /^(DOCKER_.*|BUILDKIT_.*|BUILDX_.*|KUBECONFIG|SSH_AUTH_SOCK|REGISTRY_AUTH_FILE|AWS_.*|AZURE_.*|CLOUDSDK_.*|GOOGLE_APPLICATION_CREDENTIALS|GNUPGHOME|PASSWORD_STORE_DIR|DBUS_SESSION_BUS_ADDRESS)$/;
const GIT_NAMES = /^(GIT_SSL_CAINFO|GIT_SSL_CAPATH)$/;
/**
 * The environment a child may see: an allow-list, so that no token of the runner reaches a program that upstream or a
 * registry talks to. Messages are in English, whatever the machine speaks.
 */
function childEnvironment(program, from = process.env) {
    const names = program === 'git' ? GIT_NAMES : DOCKER_NAMES;
    const allowed = { LC_ALL: 'C' };
    for (const [name, value] of Object.entries(from))
        if (value !== undefined && (COMMON_NAMES.test(name) || names.test(name)))
            allowed[name] = value;
    return allowed;
}
/** How long a program may take to say what it is. */
const PROBE_DEADLINE_SECONDS = 10;
/** The first line a program prints of itself, or undefined when there is no such program, or it fails or does not end in 10 s. */
async function probe(program, args, { signal }) {
    const what = [program, ...args].join(' ');
    const options = { env: childEnvironment(program), what, deadlineSeconds: PROBE_DEADLINE_SECONDS };
    try {
        const { code, stdout } = await execute(program, args, options, { signal });
        return code === 0 ? (stdout.toString('utf8').split('\n')[0] ?? '') : undefined;
    }
    catch (error) {
        // A run that is cancelled must not be told that the program is missing.
        if (signal.aborted)
            throw error;
        return undefined;
    }
}
/**
 * Runs a program that removes what a run made, for a run that was cancelled as well. Resolves with why it could not, or
 * undefined: never rejects, since how the run ended is decided already. What nobody waits for yet may be given a signal.
 */
async function cleanUp(command, args, options, deps = unstoppable()) {
    try {
        const { code, stderr } = await execute(command, args, options, deps);
        return code === 0 ? undefined : stderr;
    }
    catch (error) {
        return errors_toFailure(error).message;
    }
}
/** For a child that only its deadline ends. */
function unstoppable() {
    return { signal: new AbortController().signal };
}
/**
 * Sets bounds, then becomes the program; a machine that forbids it has narrower ones. ulimit counts files in blocks of 512 bytes
 * and memory in KiB.
 */
const BOUNDED = 'ulimit -f "$1" 2>/dev/null; [ -z "$2" ] || ulimit -v "$2" 2>/dev/null; shift 2; exec "$@"';
const KILL_AFTER_MS = 2_000;
/** Bytes of each output that are kept (the last ones of stderr); more of stdout ends the child. */
const MAX_OUTPUT_BYTES = 16 * 2 ** 20;
/**
 * Runs a program in a process group of its own; no shell reads its arguments. Resolves with its exit code, whatever that is:
 * the caller decides what a code means. Rejects (Failure) when it cannot be started, at the deadline, on cancellation and when it
 * prints too much; then the whole group has been told to end, and is killed 2 s later.
 */
function execute(command, args, options, { signal }) {
    return new Promise((resolve, reject) => {
        if (signal.aborted) {
            reject(cancelled(options.what));
            return;
        }
        const [program = '', ...words] = commandLine(command, args, options.bounds);
        const child = (0,external_node_child_process_namespaceObject.spawn)(program, words, {
            cwd: options.cwd,
            env: options.env,
            detached: true,
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        const out = collector(options.onLine);
        const err = collector(options.onLine);
        child.stdout.on('data', (chunk) => {
            out.add(chunk);
            if (out.overflow && failure === undefined)
                end(new errors_Failure(options.overflow ?? 'local', `${options.what} printed more than ${MAX_OUTPUT_BYTES} bytes`));
        });
        child.stderr.on('data', (chunk) => err.add(chunk));
        let failure;
        let killer;
        const end = (reason) => {
            failure ??= reason;
            signalGroup(child.pid, 'SIGTERM');
            killer ??= setTimeout(() => {
                signalGroup(child.pid, 'SIGKILL');
                // What has left the group may hold the pipes open; nobody waits for it.
                child.stdout.destroy();
                child.stderr.destroy();
            }, KILL_AFTER_MS);
        };
        const onAbort = () => end(cancelled(options.what));
        signal.addEventListener('abort', onAbort, { once: true });
        const deadline = setTimeout(() => end(new errors_Failure('transient', `${options.what} did not end within ${options.deadlineSeconds} s`)), options.deadlineSeconds * 1_000);
        const settle = () => {
            clearTimeout(deadline);
            clearTimeout(killer);
            signal.removeEventListener('abort', onAbort);
        };
        child.on('error', (error) => {
            settle();
            reject(errors_errorCode(error) === 'ENOENT'
                ? new errors_Failure('local', `${command} is not installed on this machine, or not on PATH`, { cause: error })
                : errors_toFailure(error));
        });
        child.on('close', (code, childSignal) => {
            settle();
            // A grandchild may outlive its parent; nothing of the group may.
            if (failure)
                signalGroup(child.pid, 'SIGKILL');
            out.end();
            err.end();
            if (failure)
                reject(failure);
            else
                resolve({
                    // As a shell has it.
                    code: code ?? 128 + (childSignal === null ? 0 : external_node_os_namespaceObject.constants.signals[childSignal]),
                    stdout: out.bytes(),
                    stderr: err.bytes().toString('utf8'),
                });
        });
    });
}
function commandLine(command, args, bounds) {
    if (bounds === undefined)
        return [command, ...args];
    const { fileBytes, memoryBytes } = bounds;
    const memory = memoryBytes === undefined ? '' : String(Math.ceil(memoryBytes / 1024));
    return ['sh', '-c', BOUNDED, 'sh', String(Math.ceil(fileBytes / 512)), memory, command, ...args];
}
function cancelled(what) {
    return new errors_Failure('cancelled', `${what} was cancelled`);
}
function signalGroup(pid, name) {
    if (pid === undefined)
        return;
    try {
        process.kill(-pid, name);
    }
    catch (error) {
        if (errors_errorCode(error) !== 'ESRCH')
            throw error;
    }
}
/** Keeps the last bytes of a stream and hands on its lines. */
function collector(onLine) {
    const chunks = [];
    let size = 0;
    const lines = onLine && lineReader(onLine);
    const state = {
        overflow: false,
        add(chunk) {
            chunks.push(chunk);
            size += chunk.length;
            if (size > MAX_OUTPUT_BYTES)
                state.overflow = true;
            while (size - (chunks[0]?.length ?? 0) >= MAX_OUTPUT_BYTES)
                size -= chunks.shift()?.length ?? 0;
            lines?.add(chunk);
        },
        end: () => lines?.end(),
        bytes: () => Buffer.concat(chunks).subarray(-MAX_OUTPUT_BYTES),
    };
    return state;
}

// EXTERNAL MODULE: ./.bundle/src/text.js
var src_text = __nccwpck_require__(488);
;// CONCATENATED MODULE: ./.bundle/src/ownFolder.js







/** A run's own folder; what the run makes in docker has the folder's name. */
const OWN = /^phantun-runtime-[A-Za-z0-9]{6}$/;
/** The images that a run tries; the tag is the name of its folder. */
const SMOKE_REPOSITORY = 'phantun-runtime-smoke';
/** What a run makes in docker, and what removes it: a container keeps its image, so it goes first. */
const REMOVAL = {
    trial: (name) => [
        ['container', 'rm', '--force', name],
        ['image', 'rm', '--force', `${SMOKE_REPOSITORY}:${name}`],
    ],
    builder: (name) => [['buildx', 'rm', '--force', name]],
};
const MADE = Object.keys(REMOVAL);
const OWNER = 'owner';
const KEPT = 'kept';
const ELSEWHERE = 'elsewhere';
/** The note that something was made, or is about to be. */
const note = (made) => `made-${made}`;
const DEADLINE_SECONDS = 60;
const ASK_AGAIN_MS = 100;
/** Where runs have their folders: the runner's temporary folder, which the next run on the machine has as well. */
function ownFolder_temporaryPlace() {
    const given = process.env.RUNNER_TEMP ?? '';
    return (0,external_node_path_namespaceObject.resolve)(given === '' ? (0,external_node_os_namespaceObject.tmpdir)() : given);
}
/** Whether a folder is where runs have theirs, and is called so. Pure, but for where that is. */
function ownFolder_isOwnFolder(folder) {
    return OWN.test((0,external_node_path_namespaceObject.basename)(folder)) && (0,external_node_path_namespaceObject.dirname)(folder) === ownFolder_temporaryPlace();
}
/** Makes a folder of this run's own (mode 0700), which says whose it is. */
async function makeOwnFolder() {
    const folder = await mkdtemp(join(ownFolder_temporaryPlace(), 'phantun-runtime-'));
    try {
        await writeOut(join(folder, OWNER), `${process.pid} ${(await startOf(process.pid)) ?? ''} ${await namespace()}`);
    }
    catch (error) {
        await rm(folder, { recursive: true, force: true }); // nobody else would: it does not say whose it is
        throw error;
    }
    return folder;
}
/** Whether the run of a folder is over: it says whose it is, and that process is gone. */
async function ownFolder_isAbandoned(folder) {
    // A folder that does not say whose it is may be about to.
    const owner = await readFile(join(folder, OWNER), 'utf8').catch(() => '');
    const [pid = '', start = '', where = ''] = owner.split(' ');
    // Containers may share the temporary folder: the processes of another one are not seen from here, and may run.
    if (!/^\d+$/.test(pid) || start === '' || where === '' || where !== (await namespace()))
        return false;
    return (await startOf(Number(pid))) !== start;
}
/** In which ids of processes are told apart, `pid:[4026531836]`. See pid_namespaces(7). */
async function namespace() {
    return readlink('/proc/self/ns/pid').catch(() => '');
}
/** When a process started, in clock ticks since boot: tells it from a later one with the same id. See proc_pid_stat(5). */
async function startOf(pid) {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The second field is the program's name in parentheses, which may hold spaces.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}
/**
 * Removes a run's own folder, as the run's last act. What docker would not remove keeps it, empty but for its notes, so that a
 * later step tries again.
 */
async function removeOwnFolder(folder) {
    const names = await (0,promises_namespaceObject.readdir)(folder);
    const notes = names.filter((name) => MADE.some((made) => name === note(made)));
    // Whose it is goes last: who tries again must be able to tell.
    for (const name of names)
        if (name !== OWNER && !notes.includes(name))
            await (0,promises_namespaceObject.rm)((0,external_node_path_namespaceObject.join)(folder, name), { recursive: true, force: true });
    if (notes.length === 0)
        await (0,promises_namespaceObject.rm)(folder, { recursive: true, force: true });
}
/** Notes, before it is done, that the run of this folder makes something in docker, which has the folder's name. */
async function noteMade(made, folder) {
    await writeOut(join(folder, note(made)), '');
}
/** Removes what was noted. What cannot be removed is told of, and keeps its note. */
async function removeMade(made, { temp, log }) {
    const trouble = await removeFromDocker(made, temp);
    if (trouble !== undefined)
        log.warning(`what this run made in docker could not be removed: ${trouble}`);
}
/** Removes everything in docker that the run of a folder noted. Resolves with why some of it could not be removed, or undefined. */
async function removeAllMade(folder, deps) {
    const notes = new Set(await (0,promises_namespaceObject.readdir)(folder));
    const troubles = [];
    for (const made of MADE) {
        const trouble = notes.has(note(made)) ? await removeFromDocker(made, folder, deps) : undefined;
        if (trouble !== undefined)
            troubles.push(trouble);
    }
    return troubles[0];
}
/** Why docker could not do it, or undefined; then the note is gone, too. That there is no such thing is no trouble. */
async function removeFromDocker(made, folder, deps) {
    const troubles = [];
    for (const args of REMOVAL[made]((0,external_node_path_namespaceObject.basename)(folder))) {
        const trouble = await removedBy(args, deps);
        if (trouble !== undefined && !/no such|no builder/i.test(trouble))
            troubles.push(`docker ${args.join(' ')}: ${(0,src_text/* printable */.g$)(trouble, 400)}`);
    }
    if (troubles.length === 0)
        await (0,promises_namespaceObject.rm)((0,external_node_path_namespaceObject.join)(folder, note(made)), { force: true });
    return troubles[0];
}
/** What docker says that would not; it is asked again while it is at that itself, as it is when a container ends. */
async function removedBy(args, deps) {
    const options = {
        env: childEnvironment('docker'),
        what: `docker ${args.join(' ')}`,
        deadlineSeconds: DEADLINE_SECONDS,
    };
    const end = Date.now() + DEADLINE_SECONDS * 1_000;
    for (;;) {
        const trouble = await cleanUp('docker', args, options, deps);
        if (trouble === undefined || !trouble.includes('is already in progress') || Date.now() > end)
            return trouble;
        await (0,external_node_timers_promises_namespaceObject.setTimeout)(ASK_AGAIN_MS);
    }
}
/**
 * Makes a folder (mode 0700) in one of the user's. The run's own says where it is, and it has the own one's name behind a dot, so
 * that it goes with what a killed run left.
 */
async function makeFolderIn(target, folder) {
    await writeOut(join(folder, ELSEWHERE), target);
    const made = folderElsewhere(target, folder);
    await mkdir(made, { mode: 0o700 });
    return made;
}
/** The folder that the run of a folder made in one of the user's, if it did. It may be gone. */
async function elsewhere(folder) {
    const target = await (0,promises_namespaceObject.readFile)((0,external_node_path_namespaceObject.join)(folder, ELSEWHERE), 'utf8').catch(() => '');
    return target === '' ? undefined : folderElsewhere(target, folder);
}
function folderElsewhere(target, folder) {
    return (0,external_node_path_namespaceObject.join)(target, `.${(0,external_node_path_namespaceObject.basename)(folder)}`);
}
/**
 * Makes a folder (mode 0700) for what outlives the run: `now` in the run's own, whose name nobody can foresee, `then` where
 * `handOver` moves it.
 */
async function makeKeptFolder(folder) {
    await mkdir(join(folder, KEPT), { recursive: true });
    const now = await mkdtemp(join(folder, KEPT, 'phantun-runtime-proof-'));
    return { now, then: join(dirname(folder), basename(now)) };
}
/** Hands over what outlives a run, if there is anything: last of all, on one file system, so that no full disk makes it fail. */
async function handOver(folder) {
    for (const name of await namesIn(join(folder, KEPT)))
        await rename(join(folder, KEPT, name), join(dirname(folder), name));
}

;// CONCATENATED MODULE: ./.bundle/src/leftovers.js





/** What the runner keeps of a step for its post step: the name of its folder, once it has one. */
const FOLDER_STATE = 'folder';
/**
 * Removes what runs on this machine left that were killed: those whose process is gone, and nothing else. What cannot be removed
 * is told of; it keeps no run from its work.
 */
async function removeAbandoned({ log, signal }) {
    for (const name of await readdir(temporaryPlace()).catch(() => [])) {
        const folder = join(temporaryPlace(), name);
        if (!isOwnFolder(folder) || !(await isMine(folder)) || !(await isAbandoned(folder)))
            continue;
        const trouble = await removeLeftovers(folder, { signal });
        if (signal.aborted)
            throw new Failure('cancelled', 'removing what an earlier run left was cancelled');
        if (trouble !== undefined)
            log.warning(trouble);
    }
}
/** On a machine that people share, the temporary folder is theirs, too. */
async function isMine(folder) {
    const status = await (0,promises_namespaceObject.lstat)(folder).catch(() => undefined);
    return status?.isDirectory() === true && status.uid === process.getuid?.();
}
/**
 * Removes what one run left: children that name its folder or work in it, what it made in docker and elsewhere, the folder.
 * Nothing of any other folder. Never rejects: resolves with what could not be removed and why, or undefined.
 */
async function removeLeftovers(folder, deps) {
    if (!ownFolder_isOwnFolder(folder) || !(await isMine(folder)))
        return undefined;
    try {
        await killChildren(folder);
        const trouble = await removeAllMade(folder, deps);
        await removeElsewhere(folder);
        await removeOwnFolder(folder);
        return trouble === undefined ? undefined : `what an earlier run made in docker could not be removed: ${trouble}`;
    }
    catch (error) {
        return `what an earlier run left in ${folder} could not be removed: ${(0,src_text/* printable */.g$)(errors_toFailure(error).message, 400)}`;
    }
}
async function removeElsewhere(folder) {
    const made = await elsewhere(folder);
    if (made !== undefined && (await isMine(made)))
        await (0,promises_namespaceObject.rm)(made, { recursive: true, force: true });
}
async function killChildren(folder) {
    // As /proc names it.
    const real = await (0,promises_namespaceObject.realpath)(folder);
    for (const name of await (0,promises_namespaceObject.readdir)('/proc')) {
        if (!/^\d+$/.test(name) || Number(name) === process.pid)
            continue;
        const words = (await (0,promises_namespaceObject.readFile)(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
        const place = await (0,promises_namespaceObject.readlink)(`/proc/${name}/cwd`).catch(() => '');
        if (!words.some((word) => word === folder || word.includes(`${folder}/`)) && !`${place}/`.startsWith(`${real}/`))
            continue;
        try {
            process.kill(Number(name), 'SIGKILL');
        }
        catch {
            // It ended by itself.
        }
    }
}


/***/ }),

/***/ 33:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _leftovers_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(15);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(488);


// What the runner starts after the job: it removes what a step that was killed has left. A file of its own, and not the action's with
// a look at what the step has told the runner: a step that is ended early enough has told nothing, and would be begun by this one.
const trouble = await (0,_leftovers_js__WEBPACK_IMPORTED_MODULE_0__/* .removeLeftovers */ .DA)(process.env[`STATE_${_leftovers_js__WEBPACK_IMPORTED_MODULE_0__/* .FOLDER_STATE */ .R5}`] ?? '');
if (trouble !== undefined)
    process.stdout.write(`::warning::${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(trouble, 1_000)}\n`);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 488:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   g$: () => (/* binding */ printable)
/* harmony export */ });
/* unused harmony exports withoutSecrets, isPrintable, printableLines, printablePath, andMore, cappedLines, humanSize, humanSeconds, isEpoch, isoTime, nearestName */
/**
 * Text from outside made safe to print: control characters, bidirectional marks, line breaks and all that is invisible or a
 * space other than the plain one become `\u{…}`, and what is longer than `maxLength` characters is cut.
 */
function printable(text, maxLength = 200) {
    const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
    return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{DI}]|(?! )\p{Zs}/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
/** `printable` for what should be an address and is none: its user, query and fragment may be secrets. */
function withoutSecrets(address) {
    // A password may hold any character: all before the last `@` goes.
    const named = address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/isu, '$1***@');
    return printable(named.replace(/([?#]).*/su, '$1***'));
}
/** Whether text is safe to print as it is, and no longer than that. */
function isPrintable(text, maxLength = 200) {
    return printable(text, maxLength) === text;
}
/** `printable` for text of some lines, each of them whole: their ends are the one thing that stays. */
function printableLines(text) {
    const lines = text.split(/\r\n|\n|\r/);
    return lines.map((line) => printable(line, Infinity)).join('\n');
}
/** A tar or git path (one character a byte) as readable text. */
function printablePath(bytes) {
    return printable(Buffer.from(bytes, 'latin1').toString('utf8'));
}
/** What follows the first of some lines where it stands for all of them: ` (and 2 more)`, or nothing. */
function andMore(lines) {
    return lines.length <= 1 ? '' : ` (and ${lines.length - 1} more)`;
}
const MAX_LINES = 100;
const MAX_LINE_LENGTH = 1_000;
/** Lines as a log or a summary shows them: others may have written as many as they like. The last says how many are left out. Pure. */
function cappedLines(lines, most = MAX_LINES) {
    const shown = lines.slice(0, most).map((line) => printable(line, MAX_LINE_LENGTH));
    return lines.length > most ? [...shown, `(and ${lines.length - most} lines more)`] : shown;
}
/** A size for people: `175 kB`, `8.6 MB`. */
function humanSize(bytes) {
    if (bytes < 1000)
        return `${bytes} B`;
    const kilobytes = Math.round(bytes / 1000); // rounded first: what is nearly the next unit is told in that one
    if (kilobytes < 1000)
        return `${kilobytes} kB`;
    return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
/** A time for people: `0.4 s`, `3 min 12 s`. */
function humanSeconds(seconds) {
    const tenths = seconds.toFixed(1);
    if (Number(tenths) < 60)
        return `${tenths} s`;
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
const YEAR_10000_SECONDS = 253_402_300_800;
/** Whether a value is whole seconds since 1970, before the year 10000: what `isoTime` can write in four digits. */
function isEpoch(value) {
    return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < YEAR_10000_SECONDS;
}
/** Seconds since 1970 as `2025-10-06T16:29:18Z`. */
function isoTime(epochSeconds) {
    return new Date(epochSeconds * 1_000).toISOString().replace('.000Z', 'Z');
}
/** The known name with the smallest edit distance. */
function nearestName(name, known) {
    return [...known].sort((a, b) => distance(name, a) - distance(name, b))[0] ?? '';
}
function distance(a, b) {
    let row = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i++) {
        const next = [i];
        for (let j = 1; j <= b.length; j++)
            next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
        row = next;
    }
    return row[b.length] ?? 0;
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(33);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
