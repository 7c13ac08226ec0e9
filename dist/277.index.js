export const id = 277;
export const ids = [277];
export const modules = {

/***/ 6277:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  main: () => (/* binding */ main)
});

// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 8 modules
var core = __webpack_require__(6058);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./.bundle/src/errors.js
var errors = __webpack_require__(4808);
// EXTERNAL MODULE: ./.bundle/src/leftovers.js
var leftovers = __webpack_require__(2059);
// EXTERNAL MODULE: ./.bundle/src/ownFolder.js
var ownFolder = __webpack_require__(3863);
;// CONCATENATED MODULE: ./.bundle/src/deps.js




/** The last for a terminal that is gone, a dropped ssh session: children have process groups of their own and would go on. */
const CANCELLING = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Within it a second signal is the first one: a terminal tells npm and us, and npm tells us, too. */
const ONE_SIGNAL_MS = 500;
/**
 * The real world, for the length of `body`: the first signal cancels the run, and its folder is removed whatever happens. A second
 * one, later, ends the process at once, as if nobody listened; what is left then is for the post step or the next run. What outlives the
 * run is handed over when it has succeeded, and only then.
 */
async function withDeps(log, body) {
    const controller = new AbortController();
    const stopListening = () => {
        for (const name of CANCELLING)
            process.off(name, cancel);
    };
    const cancel = () => {
        controller.abort();
        setTimeout(stopListening, ONE_SIGNAL_MS).unref();
    };
    for (const name of CANCELLING)
        process.on(name, cancel);
    try {
        await (0,leftovers/* removeAbandoned */.jU)({ log, signal: controller.signal });
        const temp = await (0,ownFolder/* makeOwnFolder */.xc)();
        try {
            const value = await body({
                log,
                temp,
                signal: controller.signal,
                now: Date.now,
                sleep,
                random: Math.random,
            });
            // The last steps may have had no child to end: a cancelled run is no success.
            if (controller.signal.aborted)
                throw new errors/* Failure */.HR('cancelled', 'the run was cancelled');
            await (0,ownFolder/* handOver */.Cl)(temp);
            return value;
        }
        finally {
            // How the run ended is decided.
            await (0,ownFolder/* removeOwnFolder */.Tc)(temp).catch((error) => {
                log.warning(`the folder of this run could not be removed: ${(0,errors/* toFailure */.w2)(error).message}`);
            });
        }
    }
    finally {
        stopListening();
    }
}
async function sleep(milliseconds) {
    try {
        await (0,promises_.setTimeout)(milliseconds, undefined, { signal: this.signal });
    }
    catch (cause) {
        throw new errors/* Failure */.HR('cancelled', 'cancelled while waiting to try again', { cause });
    }
}

// EXTERNAL MODULE: ./.bundle/src/image/reference.js
var reference = __webpack_require__(6356);
// EXTERNAL MODULE: ./.bundle/src/image/labels.js
var image_labels = __webpack_require__(6858);
// EXTERNAL MODULE: ./.bundle/src/image/publish/tags.js
var tags = __webpack_require__(6755);
// EXTERNAL MODULE: ./.bundle/src/platform.js
var platform = __webpack_require__(1772);
// EXTERNAL MODULE: ./.bundle/src/source/ref.js
var ref = __webpack_require__(5784);
// EXTERNAL MODULE: ./.bundle/src/source/upstream.js
var upstream = __webpack_require__(9084);
// EXTERNAL MODULE: ./.bundle/src/text.js
var src_text = __webpack_require__(5488);
;// CONCATENATED MODULE: ./.bundle/src/inputs.js








/** Every input there is. Defaults and descriptions have their home in action.yml. */
const INPUT_NAMES = [
    'upstream',
    'ref',
    'archive-sha256',
    'upstream-token',
    'platforms',
    'builder',
    'rust-image',
    'shell-image',
    'labels',
    'image',
    'tags',
    'moving-tags',
    'push',
    'load',
    'export',
    'smoke',
    'rebuild',
    'skip-unchanged',
    'lock',
    'expect-digest',
];
const RUNNER_PREFIX = 'INPUT_';
/** The inputs that the runner hands to an action. Unknown ones are refused, with the nearest known name. */
function readRunnerInputs(environment) {
    const given = Object.entries(environment)
        .filter(([name]) => name.startsWith(RUNNER_PREFIX))
        .map(([name, value]) => [name.slice(RUNNER_PREFIX.length).toLowerCase(), value ?? '']);
    return completeInputs(Object.fromEntries(given));
}
/** Every known input, empty where it was not given. */
function completeInputs(given) {
    for (const name of Object.keys(given))
        if (!isInputName(name))
            throw new errors/* Failure */.HR('input', `there is no input '${(0,src_text/* printable */.g$)(name)}'. Did you mean ${(0,src_text/* nearestName */.qb)(name, INPUT_NAMES)}?`);
    return Object.fromEntries(INPUT_NAMES.map((name) => [name, given[name] ?? '']));
}
function isInputName(name) {
    return INPUT_NAMES.includes(name);
}
/** The inputs of a run, as `parseInputs` reads them: the token is masked in the log, and what was normalised is said there. */
function openInputs(raw, log) {
    const { inputs, notices } = parseInputs(raw);
    if (inputs.upstreamToken !== undefined)
        log.secret(inputs.upstreamToken);
    for (const notice of notices)
        log.notice(notice);
    return inputs;
}
/** Text → typed inputs and notices about what was normalised; or a Failure that says what to change. Pure. */
function parseInputs(raw) {
    const notices = [];
    const inputs = {
        upstream: (0,upstream/* parseUpstream */.xw)(raw.upstream),
        ref: (0,ref/* parseRef */.r)(raw.ref),
        archiveSha256: parseSha256('archive-sha256', raw['archive-sha256']),
        upstreamToken: parseToken(raw['upstream-token']),
        platforms: parsePlatforms(raw.platforms, notices),
        builder: parseBuilder(raw.builder),
        bases: { rust: (0,reference/* parseBase */.Hp)('rust-image', raw['rust-image']), shell: (0,reference/* parseBase */.Hp)('shell-image', raw['shell-image']) },
        labels: parseLabels(raw.labels),
        images: parseImages(raw.image, notices),
        tags: parseTemplates('tags', raw.tags),
        movingTags: parseTemplates('moving-tags', raw['moving-tags']),
        push: parseBoolean('push', raw.push),
        load: parseBoolean('load', raw.load),
        export: raw.export === '' ? undefined : raw.export,
        smoke: parseBoolean('smoke', raw.smoke),
        lock: raw.lock === '' ? undefined : raw.lock,
        rebuild: parseBoolean('rebuild', raw.rebuild),
        skipUnchanged: parseBoolean('skip-unchanged', raw['skip-unchanged']),
        expectDigest: parseDigest(raw['expect-digest']),
    };
    if (inputs.push && inputs.images.length === 0)
        throw new errors/* Failure */.HR('input', 'inputs push and image: push is true, but image names no repository to publish to');
    if (inputs.skipUnchanged && inputs.images.length === 0)
        throw new errors/* Failure */.HR('input', 'inputs skip-unchanged and image: skip-unchanged is true, but image names no repository to look in');
    const both = inputs.tags.find((tag) => inputs.movingTags.includes(tag));
    if (both !== undefined)
        throw new errors/* Failure */.HR('input', `inputs tags and moving-tags: '${both}' is in both. A tag may move or it may not: remove one`);
    return { inputs, notices };
}
/** Items on lines or between commas. A block's empty lines are nobody's item; nothing between two commas is a mistake. */
function parseList(input, text) {
    const items = [];
    for (const line of text.split(/\r?\n/)) {
        if (line.trim() === '')
            continue;
        for (const item of line.split(',')) {
            if (item.trim() === '')
                throw new errors/* Failure */.HR('input', `input ${input}: there is an empty item in '${(0,src_text/* printable */.g$)(line)}'`);
            items.push(item.trim());
        }
    }
    return items;
}
function parsePlatforms(text, notices) {
    const wanted = parseList('platforms', text);
    for (const item of wanted)
        if (!(0,platform/* isPlatform */.aH)(item))
            throw new errors/* Failure */.HR('input', `input platforms: '${(0,src_text/* printable */.g$)(item)}' is not a platform the Dockerfile knows. Known: ${platform/* PLATFORMS */.P4.join(', ')}`);
    if (wanted.length === 0)
        throw new errors/* Failure */.HR('input', `input platforms is empty. Known platforms: ${platform/* PLATFORMS */.P4.join(', ')}`);
    const platforms = platform/* PLATFORMS */.P4.filter((platform) => wanted.includes(platform));
    if (platforms.length < wanted.length)
        notices.push('input platforms names a platform more than once; it is built once');
    return platforms;
}
function parseSha256(input, text) {
    if (text === '')
        return undefined;
    const hex = text.replace(/^sha256:/i, '').toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(hex))
        throw new errors/* Failure */.HR('input', `input ${input}: '${(0,src_text/* printable */.g$)(text)}' is not a SHA256, which has 64 digits from 0-9 and a-f`);
    return hex;
}
function parseDigest(text) {
    const hex = parseSha256('expect-digest', text);
    return hex === undefined ? undefined : `sha256:${hex}`;
}
function parseToken(text) {
    if (text === '')
        return undefined;
    if (!/^[\x21-\x7e]+$/.test(text))
        throw new errors/* Failure */.HR('input', 'input upstream-token holds a space, a line break or a character no token has');
    return text;
}
function parseBuilder(text) {
    if (text === '')
        return undefined;
    if (!/^[A-Za-z][A-Za-z0-9._-]*$/.test(text))
        throw new errors/* Failure */.HR('input', `input builder: '${(0,src_text/* printable */.g$)(text)}' is not the name of a buildx builder`);
    return text;
}
function parseLabels(text) {
    const labels = {};
    for (const line of text.split(/\r?\n/)) {
        if (line.trim() === '')
            continue;
        const { key, value } = (0,image_labels/* checkLabel */.v8)(line);
        if (Object.hasOwn(labels, key))
            throw new errors/* Failure */.HR('input', `input labels: the label '${key}' is given twice`);
        labels[key] = value;
    }
    return labels;
}
function parseImages(text, notices) {
    const images = parseList('image', text).map((item) => {
        const { repository, lowered } = (0,reference/* parseRepository */.SU)(item);
        if (lowered)
            notices.push(`input image: '${(0,src_text/* printable */.g$)(item)}' is taken as ${repository}, as registries know only lower case`);
        return repository;
    });
    return [...new Set(images)];
}
function parseTemplates(input, text) {
    const templates = [...new Set(parseList(input, text))];
    for (const template of templates)
        (0,tags/* checkTemplate */.BU)(input, template);
    return templates;
}
/** YAML 1.2's core schema, as `getBooleanInput` of @actions/core reads it. */
function parseBoolean(input, text) {
    if (['true', 'True', 'TRUE'].includes(text))
        return true;
    if (['false', 'False', 'FALSE'].includes(text))
        return false;
    throw new errors/* Failure */.HR('input', `input ${input}: '${(0,src_text/* printable */.g$)(text)}' is neither true nor false`);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./.bundle/src/log/redact.js
/** Fewer characters of a secret may be the end of anything. */
const LEAST_BEGINNING = 4;
/**
 * Replaces every known secret in a text, as the runner's own masking does; a terminal has no runner to do it. Where a text
 * was cut, which an ellipsis (…) marks, the beginning of a secret may be all that is left of it: that is replaced as well,
 * since no other masking would find it.
 */
function redactor() {
    const secrets = new Set();
    return {
        add: (secret) => {
            if (secret !== '')
                secrets.add(secret).add(Buffer.from(secret).toString('base64')).add(encodeURIComponent(secret));
        },
        redact: (text) => {
            let safe = text;
            // The longest first: one secret may be the beginning of another.
            const known = [...secrets].sort((a, b) => b.length - a.length);
            for (const secret of known)
                safe = safe.replaceAll(secret, '***');
            const pieces = safe.split('…');
            return pieces
                .map((piece, index) => (index < pieces.length - 1 ? withoutBeginning(piece, known) : piece))
                .join('…');
        },
    };
}
function withoutBeginning(text, secrets) {
    const lengths = secrets.map((secret) => {
        let length = Math.min(secret.length - 1, text.length);
        while (length >= LEAST_BEGINNING && !text.endsWith(secret.slice(0, length)))
            length -= 1;
        return length;
    });
    const longest = Math.max(0, ...lengths);
    return longest < LEAST_BEGINNING ? text : `${text.slice(0, -longest)}***`;
}

;// CONCATENATED MODULE: ./.bundle/src/log/runner.js




/**
 * The log of a run on GitHub, in which no message has a control character. Everything that is not a command of ours is printed
 * while the runner's command parser is switched off by `stop-commands` and a random token; it is switched on only for our own
 * commands.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands
 */
function runnerLog(write = (line) => process.stdout.write(`${line}\n`)) {
    const secrets = redactor();
    const shown = (message) => (0,src_text/* printableLines */.fk)(secrets.redact(message));
    let token;
    const inert = (line) => {
        if (token === undefined) {
            token = (0,external_node_crypto_.randomBytes)(24).toString('hex');
            write(`::stop-commands::${token}`);
        }
        write(line);
    };
    const command = (speak) => {
        if (token !== undefined)
            write(`::${token}::`);
        token = undefined;
        return speak();
    };
    return {
        info: (message) => inert(shown(message)),
        notice: (message) => command(() => core/* notice */.lm(shown(message))),
        warning: (message) => command(() => core/* warning */.$e(shown(message))),
        group: async (name, body) => {
            command(() => core/* startGroup */.Oh(shown(name)));
            try {
                return await body();
            }
            finally {
                command(() => core/* endGroup */.N4());
            }
        },
        // Redacted before it is cut: half a secret would not be found.
        child: (line, source) => inert((0,src_text/* printable */.g$)(secrets.redact(`[${source}] ${line}`), 4_000)),
        secret: (value) => {
            secrets.add(value);
            command(() => core/* setSecret */.Pq(value));
        },
        redact: (text) => secrets.redact(text),
        error: (message) => command(() => core/* error */.z3(shown(message))),
    };
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./.bundle/src/markdown.js
/** A table; cells are Markdown. */
function markdown_table(head, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
/** Inline code; what could end it, or a table's cell, is replaced. */
function markdown_code(text) {
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

// EXTERNAL MODULE: ./.bundle/src/proof/trust.js
var trust = __webpack_require__(3344);
// EXTERNAL MODULE: ./.bundle/src/source/holders.js
var holders = __webpack_require__(2578);
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
                    : [`Changed since ${markdown_code(`${before.name}@${before.digest}`)}: ${changed.join(', ') || 'nothing'}`, '']),
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
    return markdown_table(['From ref to digest', ''], [
        ['ref', `${markdown_code(facts.ref)} of ${markdown_code(inputs.upstream)}`],
        ['commit', `${markdown_code(source.commit)}, ${(0,src_text/* isoTime */.Ly)(source.epoch)}`],
        ['held by', heldBy(source.reachableFrom)],
        ['tree', markdown_code(source.tree)],
        ['archive', `SHA256 ${markdown_code(facts.archiveSha256)}, from ${tree.from}`],
        ['tar', `SHA256 ${markdown_code(facts.tarSha256)}`],
        ['compiler', markdown_code(inputs.bases.rust)],
        ['shell', markdown_code(inputs.bases.shell)],
        ['build key', markdown_code(buildKey)],
        ['**image**', `**${markdown_code(digest)}**`],
    ]);
}
function productLines(product) {
    const { checked, checks } = product;
    return [
        trustTable(checks),
        '',
        markdown_table(['The image', 'Read from its bytes'], checked.facts.map(({ subject, fact }) => [subject, fact])),
        '',
        markdown_table(['Platform', 'Manifest', 'Download', 'Unpacked'], checked.image.images.map(({ platform, manifest, layer, unpackedSize }) => [
            platform,
            markdown_code(manifest.digest),
            (0,src_text/* humanSize */.Xe)(layer.size),
            (0,src_text/* humanSize */.Xe)(unpackedSize),
        ])),
        '',
        ...publishedLines(product),
    ];
}
/** The trust report as Markdown: what is proven of an image, and what is not. Pure. */
function trustTable(checks) {
    return markdown_table(['What is proven', '', 'How, or why not'], (0,trust/* trustRows */.aC)(checks).map((cells) => cells.map((cell) => cell.replaceAll('|', '·'))));
}
function publishedLines({ published, delivered, exportFolder }) {
    const lines = [];
    if (published.refs.length > 0)
        lines.push('Pull it by digest:', '', '```sh', ...published.refs.map((reference) => `docker pull ${reference}`), '```', '', `Tags: ${published.tags.map(markdown_code).join(', ')}`, '');
    if (exportFolder !== undefined)
        lines.push(`Exported to ${markdown_code((0,src_text/* printable */.g$)(exportFolder))}`, '');
    else
        lines.push(`Lock and evidence: ${markdown_code((0,src_text/* printable */.g$)((0,external_node_path_.dirname)(delivered.lock)))}`, '');
    return lines;
}
const SHOWN_REFS = 5;
function heldBy(references) {
    const shown = references.slice(0, SHOWN_REFS).map((name) => markdown_code((0,src_text/* printable */.g$)(name)));
    const more = references.length - shown.length;
    const least = references.length < holders/* MAX_HOLDERS */.JG ? '' : 'at least ';
    return `${shown.join(', ')}${more > 0 ? ` and ${least}${more} more` : ''}`;
}
/** The summary of a run that failed, as Markdown. Pure. */
function failureSummary(failure, steps) {
    return [
        `## Failed: ${failure.kind}`,
        '',
        markdown_escape(failure.message),
        '',
        ...(failure.details.length === 0 ? [] : [markdown_fenced((0,src_text/* cappedLines */.Lo)(failure.details)), '']),
        stepTable(steps),
        '',
    ].join('\n');
}
function stepTable(steps) {
    return markdown_table(['Step', 'Time'], steps.map(({ name, seconds }) => [name, (0,src_text/* humanSeconds */.Nj)(seconds)]));
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
            : ['Missing:', '', fenced(cappedLines(missing.text.split('\n'), MAX_DIFFERENCES)), '']),
        ...(differences.length === 0
            ? []
            : ['Differences, the outermost first:', '', fenced(cappedLines(differences, MAX_DIFFERENCES)), '']),
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
    const cells = rows.map(([name = '', value = '']) => [name, escape(printable(value, 1_000))]);
    return `${table(['verified', ''], cells)}\n`;
}

;// CONCATENATED MODULE: ./.bundle/src/report.js



/** Every output there is. Descriptions have their home in action.yml. */
const OUTPUT_NAMES = (/* unused pure expression or super */ null && ([
    'commit',
    'tree',
    'epoch',
    'version',
    'archive-sha256',
    'tar-sha256',
    'build-key',
    'digest',
    'manifests',
    'refs',
    'tags',
    'skipped',
    'changed',
    'lock',
    'sbom',
    'evidence',
    'failure',
]));
/** The outputs of a run that succeeded. Pure. */
function outputsOf({ plan, changed, outcome }) {
    const { source, tree, lock, buildKey, inputs } = plan;
    const common = {
        commit: source.commit,
        tree: source.tree,
        epoch: String(source.epoch),
        version: tree.version,
        'archive-sha256': lock.facts.archiveSha256,
        'tar-sha256': lock.facts.tarSha256,
        'build-key': buildKey,
        changed: changed.join('\n'),
        failure: '',
    };
    if (outcome.kind === 'skipped') {
        const { digest } = outcome;
        const refs = inputs.images.map((repository) => `${repository}@${digest}`).join('\n');
        return { ...common, digest, refs, manifests: '', tags: '', skipped: 'true', lock: '', sbom: '', evidence: '' };
    }
    const { checked, published, delivered } = outcome;
    const manifests = checked.image.images.map(({ platform, manifest }) => [platform, manifest.digest]);
    return {
        ...common,
        digest: checked.image.index.digest,
        manifests: JSON.stringify(Object.fromEntries(manifests)),
        refs: published.refs.join('\n'),
        tags: published.tags.join('\n'),
        skipped: 'false',
        lock: delivered.lock,
        sbom: delivered.sboms.join('\n'),
        evidence: delivered.evidence,
    };
}
/**
 * Hands outputs and summary of a run that succeeded to the runner. What was done cannot be undone: without a summary it is done
 * all the same, without outputs later steps would go on with nothing, so that the run fails and says what is published.
 */
async function reportSuccess(result, steps, { warning }) {
    const outputs = outputsOf(result);
    try {
        for (const [name, value] of Object.entries(outputs))
            core/* setOutput */.uH(name, value);
    }
    catch (error) {
        const names = [outputs.refs, outputs.tags].join('\n').trim().split('\n').join(', ');
        throw (0,errors/* withNote */.dW)(error, `The run's outputs cannot be written. Published is ${names || 'nothing'}`);
    }
    await writeSummary(successSummary(result, steps)).catch((error) => {
        warning(`the job summary cannot be written: ${(0,errors/* toFailure */.w2)(error).message}`);
    });
}
/** Hands class and summary of a run that failed to the runner; what a child or a server said may hold what it was given. */
async function reportFailure({ kind, message, details }, steps, { redact }) {
    core/* setOutput */.uH('failure', kind);
    await writeSummary(failureSummary({ kind, message: redact(message), details: details.map(redact) }, steps));
}
async function writeSummary(markdown) {
    // Outside a runner, in a test or by hand, there may be no summary file.
    if (process.env.GITHUB_STEP_SUMMARY)
        await core/* summary */.z.addRaw(markdown, true).write();
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

// EXTERNAL MODULE: ./.bundle/src/wrapper.js
var wrapper = __webpack_require__(60);
;// CONCATENATED MODULE: ./.bundle/src/action.js









/** The step that a job has: one run, with the runner's inputs, log, outputs and summary. */
async function main() {
    const log = runnerLog();
    const watch = stopwatch({ log, now: Date.now });
    try {
        core/* saveState */.LZ(leftovers/* STARTED_STATE */.Cq, 'true'); // first: whatever becomes of the step, its post step only cleans up
        (0,wrapper/* requireLinux */.gu)();
        const inputs = openInputs(readRunnerInputs(process.env), log);
        const { run } = await Promise.all(/* import() */[__webpack_require__.e(748), __webpack_require__.e(895)]).then(__webpack_require__.bind(__webpack_require__, 8895)); // inputs are refused without it
        const result = await withDeps(log, (deps) => {
            core/* saveState */.LZ(leftovers/* FOLDER_STATE */.R5, deps.temp);
            return run(inputs, deps, watch);
        });
        await reportSuccess(result, watch.steps, log);
    }
    catch (error) {
        const failure = (0,errors/* toFailure */.w2)(error);
        log.error(failure.message);
        process.exitCode = core/* ExitCode */.yU.Failure;
        // The disk that holds the runner's files may be full: what failed has been said, and is not to be hidden by that.
        await reportFailure(failure, watch.steps, log).catch((trouble) => {
            log.warning(`the runner's files for outputs and summary cannot be written: ${(0,errors/* toFailure */.w2)(trouble).message}`);
        });
    }
    // All is said. A proxy that still sends would keep its connection, and with it the process.
    await new Promise((done) => process.stdout.write('', done));
    process.exit();
}


/***/ }),

/***/ 6858:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D8: () => (/* binding */ labelFault),
/* harmony export */   DE: () => (/* binding */ CREATED),
/* harmony export */   J0: () => (/* binding */ imageLabels),
/* harmony export */   v8: () => (/* binding */ checkLabel),
/* harmony export */   yc: () => (/* binding */ OWN_PREFIX)
/* harmony export */ });
/* unused harmony exports plainLabels, provenanceLabels */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5488);


const OCI = 'org.opencontainers.image.';
/** Prefix of the labels that only this project gives a meaning to. */
const OWN_PREFIX = 'io.github.phantun-runtime.';
/** The label that holds the commit's time. */
const CREATED = `${OCI}created`;
/** Labels that are proofs or computed facts: nobody may say them otherwise. */
const COMPUTED = ['version', 'revision', 'created', 'licenses', 'base.name', 'base.digest'].map((name) => OCI + name);
const KEY = /^[a-z0-9]+([._-][a-z0-9]+)*$/i;
const MAX_VALUE_LENGTH = 4_096;
/** What the Dockerfile says of every image it builds; a test compares the two. */
function plainLabels(upstreamUrl) {
    return {
        [`${OCI}title`]: 'phantun-runtime',
        [`${OCI}description`]: 'phantun, which carries UDP in fake TCP, in a minimal image that passes every argument through',
        [`${OCI}licenses`]: '(MIT OR Apache-2.0) AND MIT AND BSD-3-Clause AND Zlib AND GPL-2.0-only AND LGPL-2.1-or-later AND GPL-3.0-or-later WITH GCC-exception-3.1',
        [`${OCI}source`]: upstreamUrl,
    };
}
/** One line `key=value` of input `labels`. */
function checkLabel(line) {
    const equals = line.indexOf('=');
    if (equals < 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `input labels: '${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(line)}' has no '='. Write key=value, one a line`);
    const key = line.slice(0, equals).trim();
    const value = line.slice(equals + 1).trim();
    const fault = labelFault(key, value);
    if (fault !== undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `input labels: the label '${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(key)}' ${fault}`);
    return { key, value };
}
/** Why a label cannot be one that a user sets; undefined when it can. Pure. */
function labelFault(key, value) {
    if (!KEY.test(key) || key.length > 255)
        return 'has a key that is none: letters, digits, and single . _ - between them';
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value))
        return 'has a control character in its value';
    if (value.length > MAX_VALUE_LENGTH)
        return `has a value of more than ${MAX_VALUE_LENGTH} characters`;
    if (key.startsWith(OWN_PREFIX) || COMPUTED.includes(key))
        return 'is computed from what was built and cannot be set';
    return undefined;
}
/** The provenance labels that the action adds to the plain ones. Pure. */
function provenanceLabels({ upstream, commit, tree, epoch, bases, recipe }, buildKey) {
    const [shell = '', digest = ''] = bases.shell.split('@');
    return {
        [`${OCI}revision`]: commit,
        [CREATED]: (0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .isoTime */ .Ly)(epoch),
        [`${OCI}base.name`]: shell,
        [`${OCI}base.digest`]: digest,
        [`${OWN_PREFIX}upstream`]: upstream,
        [`${OWN_PREFIX}commit`]: commit,
        [`${OWN_PREFIX}tree`]: tree,
        [`${OWN_PREFIX}rust-image`]: bases.rust,
        [`${OWN_PREFIX}shell-image`]: bases.shell,
        [`${OWN_PREFIX}dockerfile`]: recipe.dockerfile,
        [`${OWN_PREFIX}build-key`]: buildKey,
        [`${OWN_PREFIX}wrapper`]: recipe.wrapper,
    };
}
/** All labels of a finished image, which are also the annotations of its index: a function of the lock. Pure. */
function imageLabels(lock, version, buildKey) {
    return {
        ...plainLabels(lock.upstream),
        ...lock.labels,
        ...provenanceLabels(lock, buildKey),
        [`${OCI}version`]: version,
    };
}


/***/ }),

/***/ 6755:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BU: () => (/* binding */ checkTemplate),
/* harmony export */   Cu: () => (/* binding */ expandTags),
/* harmony export */   al: () => (/* binding */ inOrder)
/* harmony export */ });
/* unused harmony exports expandTag, keyTag */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5488);
/* harmony import */ var _reference_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6356);



const PLACEHOLDERS = ['version', 'commit', 'commit7', 'key7', 'date'];
/** Refuses a template with an unknown placeholder, or that can never be a tag. */
function checkTemplate(input, template) {
    for (const match of template.matchAll(/\{([^}]*)\}/g))
        if (!PLACEHOLDERS.includes(match[1] ?? ''))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `input ${input}: '${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(template)}' has the unknown placeholder ${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(match[0])}. Known: ${PLACEHOLDERS.map((name) => `{${name}}`).join(' ')}`);
    expandTag(input, template, { version: '1.0.0', commit: '0'.repeat(40), buildKey: '0'.repeat(64), epoch: 0 });
}
/** `{version}-{commit7}` → `0.8.1-b42ed82`. A `+` in a version, which a tag cannot hold, becomes `_`. */
function expandTag(input, template, facts) {
    const values = {
        version: facts.version.replaceAll('+', '_'),
        commit: facts.commit,
        commit7: facts.commit.slice(0, 7),
        key7: facts.buildKey.slice(0, 7),
        date: new Date(facts.epoch * 1_000).toISOString().slice(0, 10).replaceAll('-', ''),
    };
    const tag = template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    if (!(0,_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .isTag */ .dz)(tag))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `input ${input}: '${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .printable */ .g$)(tag)}' cannot be a tag. A tag has at most 128 letters, digits, '_', '.', '-', and starts with none of the last two`);
    return tag;
}
/** The tag under which a registry is asked whether it holds a build already: it names the image of one build key. */
function keyTag(buildKey) {
    return `key-${buildKey.slice(0, 12)}`;
}
/** All tags, expanded. A name that several of them come to is in the strictest kind. */
function expandTags({ tags, movingTags }, facts) {
    const key = keyTag(facts.buildKey);
    const fixed = [...new Set(tags.map((template) => expandTag('tags', template, facts)))].filter((tag) => tag !== key);
    const moving = [...new Set(movingTags.map((template) => expandTag('moving-tags', template, facts)))];
    return { fixed, moving: moving.filter((tag) => tag !== key && !fixed.includes(tag)), key };
}
/** Every tag, in the order in which they are set. */
function inOrder({ fixed, moving, key }) {
    return [...fixed, ...moving, key];
}


/***/ }),

/***/ 6356:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F2: () => (/* binding */ parseReference),
/* harmony export */   FH: () => (/* binding */ formatReference),
/* harmony export */   Ff: () => (/* binding */ needHostNetwork),
/* harmony export */   Fv: () => (/* binding */ registryOf),
/* harmony export */   Hp: () => (/* binding */ parseBase),
/* harmony export */   SU: () => (/* binding */ parseRepository),
/* harmony export */   U9: () => (/* binding */ isLoopback),
/* harmony export */   dz: () => (/* binding */ isTag)
/* harmony export */ });
/* unused harmony export parseImage */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5488);


const HOST = /^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(:(?<port>[0-9]{1,5}))?$/;
const COMPONENT = /^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DOCKER_HUB = /^(index\.)?docker\.io$/;
const MAX_REPOSITORY_LENGTH = 255;
/** Parses an image reference and completes it as docker does (`rust` → `docker.io/library/rust`); undefined when it is none. */
function parseReference(text) {
    const [beforeDigest = '', digest, ...more] = text.split('@');
    if (more.length > 0 || (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)))
        return undefined;
    const lastColon = beforeDigest.lastIndexOf(':');
    const hasTag = lastColon > beforeDigest.lastIndexOf('/');
    const tag = hasTag ? beforeDigest.slice(lastColon + 1) : undefined;
    if (tag !== undefined && !TAG.test(tag))
        return undefined;
    const repository = completeRepository(hasTag ? beforeDigest.slice(0, lastColon) : beforeDigest);
    return repository === undefined ? undefined : { repository, tag, digest: digest };
}
function completeRepository(name) {
    const parts = name.split('/');
    const first = parts[0] ?? '';
    const hasHost = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
    const path = hasHost ? parts.slice(1) : parts;
    if (path.length === 0 || !path.every((part) => COMPONENT.test(part)))
        return undefined;
    if (hasHost && !isHost(first))
        return undefined;
    const full = hasHost && !DOCKER_HUB.test(first)
        ? name
        : ['docker.io', ...(path.length === 1 ? ['library'] : []), ...path].join('/');
    return full.length > MAX_REPOSITORY_LENGTH ? undefined : full;
}
function isHost(text) {
    const match = HOST.exec(text);
    const port = Number(match?.groups?.port ?? 443);
    return match !== null && port >= 1 && port <= 65_535;
}
/** Whether the text can be a tag. */
function isTag(text) {
    return TAG.test(text);
}
/** `name[:tag][@digest]`, in full. */
function formatReference({ repository, tag, digest }) {
    return `${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
/** The registry of a repository name in full. */
function registryOf(repository) {
    return repository.split('/')[0] ?? '';
}
/** Whether the registry is on this machine's loopback, the one place where docker and we speak plain http. */
function isLoopback(repository) {
    return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(registryOf(repository));
}
/** Whether a base is on this machine's loopback: a builder in a container of its own sees that through the host's network only. */
function needHostNetwork({ rust, shell }) {
    return [rust, shell].some(({ repository }) => isLoopback(repository));
}
/** An image to be looked at: a tag or a digest is required. */
function parseImage(text) {
    const image = parseReference(text);
    if (image === undefined)
        throw new Failure('input', `'${printable(text)}' is not an image reference`);
    if (image.tag === undefined && image.digest === undefined)
        throw new Failure('input', `'${printable(text)}' has neither tag nor digest. Name what you want to run: a digest, or a tag whose digest is then shown`);
    return image;
}
/** A repository to publish to: no tag, no digest. `lowered` tells that capitals were changed. */
function parseRepository(text) {
    // ASCII only: toLowerCase would turn the look-alike U+212A into a k.
    const lower = text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
    const reference = parseReference(lower);
    const refuse = (why) => {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `input image: '${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(text)}' ${why}. Give a repository such as ghcr.io/org/phantun-runtime`);
    };
    if (reference === undefined)
        return refuse('is not the name of an image repository');
    if (reference.digest !== undefined)
        return refuse('holds a digest: an image is published under the digest it has');
    if (reference.tag !== undefined)
        return refuse('holds a tag: tags have inputs of their own, tags and moving-tags');
    return { repository: reference.repository, lowered: lower !== text };
}
/** A base image: a tag or a digest is required, so that what was meant is written down. */
function parseBase(input, text) {
    const reference = parseReference(text);
    if (reference === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `input ${input}: '${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(text)}' is not an image reference`);
    if (reference.tag === undefined && reference.digest === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `input ${input}: '${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(text)}' has neither tag nor digest. Give a full version tag`);
    return reference;
}


/***/ }),

/***/ 1772:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DN: () => (/* binding */ platformSlug),
/* harmony export */   Or: () => (/* binding */ platformFolder),
/* harmony export */   P4: () => (/* binding */ PLATFORMS),
/* harmony export */   Yn: () => (/* binding */ platformParts),
/* harmony export */   aH: () => (/* binding */ isPlatform),
/* harmony export */   vG: () => (/* binding */ BUILD_PLATFORM)
/* harmony export */ });
/** Every platform the Dockerfile knows, in the order of the published index. */
const PLATFORMS = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'];
/** A platform that a builder may run on, as BuildKit writes it. */
const BUILD_PLATFORM = /^linux\/[a-z0-9]+(\/[a-z0-9]+)?$/;
/** `linux/arm/v7` → architecture `arm`, os `linux`, variant `v7`. */
function platformParts(platform) {
    const [os = '', architecture = '', variant] = platform.split('/');
    return variant === undefined ? { architecture, os } : { architecture, os, variant };
}
/** The platform in a file name: `linux-arm-v7`. */
function platformSlug(platform) {
    return platform.replaceAll('/', '-');
}
/** The platform as BuildKit names a folder of it: `linux_arm_v7`. */
function platformFolder(platform) {
    return platform.replaceAll('/', '_');
}
/** Whether the value is a platform the Dockerfile knows. */
function isPlatform(value) {
    return PLATFORMS.includes(value);
}


/***/ }),

/***/ 3344:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z9: () => (/* binding */ trustReport),
/* harmony export */   aC: () => (/* binding */ trustRows),
/* harmony export */   ui: () => (/* binding */ CHECKS)
/* harmony export */ });
/* harmony import */ var _source_holders_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2578);

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

/***/ 2578:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JG: () => (/* binding */ MAX_HOLDERS),
/* harmony export */   Xu: () => (/* binding */ countHolders),
/* harmony export */   wb: () => (/* binding */ holders)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4808);
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

/***/ 5784:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ parseRef)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5488);


/** Parses `ref`, untrimmed: a name padded with any space is another name, and the wrong commit is worse than an error. */
function parseRef(text) {
    const refuse = (why) => {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `input ref: '${(0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(text)}' ${why}`);
    };
    if (text === '' || text === 'HEAD')
        return { kind: 'head' };
    if (/[\p{C}\p{Z}\p{DI}\s]/u.test(text))
        return refuse('holds a space or an invisible character. Write the ref without it');
    if (/^[0-9a-fA-F]{40}$/.test(text)) {
        const commit = text.toLowerCase();
        return { kind: 'commit', commit, lowered: commit !== text };
    }
    if (/^[0-9a-fA-F]{64}$/.test(text))
        return refuse('has the form of a SHA-256 object id: repositories with SHA-256 ids are not supported');
    if (/^[0-9a-fA-F]{7,39}$/.test(text))
        return refuse(`may be a short commit id, which is ambiguous. Give all 40 digits, or refs/heads/${text} if it is a branch`);
    if (!isRefName(text))
        return refuse('is not a name git allows for a branch or a tag');
    if (/^refs\/(heads|tags)\/./.test(text))
        return { kind: 'full', name: text };
    if (text.startsWith('refs/'))
        return refuse('is neither a branch (refs/heads/…) nor a tag (refs/tags/…); pull requests are not upstream');
    return { kind: 'short', name: text };
}
/** The rules of git-check-ref-format(1), on one line. */
function isRefName(name) {
    return (name.length <= 255 &&
        !/[~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$/.test(name) &&
        name !== '@' &&
        name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock')));
}


/***/ }),

/***/ 9084:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KN: () => (/* binding */ mayRedirect),
/* harmony export */   Qq: () => (/* binding */ archiveUrl),
/* harmony export */   aR: () => (/* binding */ basicAuthorization),
/* harmony export */   xw: () => (/* binding */ parseUpstream)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4808);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5488);


const PART = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;
const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$/;
const LOOPBACK = /^(127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|localhost|\[::1\])(:[0-9]{1,5})?$/;
/**
 * Parses an upstream by a grammar of its own, whole and untrimmed, so that nothing a URL parser would mend or hide gets
 * through: user names, ports with tricks, `..`, escapes, queries, look-alike letters.
 */
function parseUpstream(text) {
    const refuse = (why) => {
        const shown = (0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .withoutSecrets */ .cT)(text);
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('input', `input upstream: '${shown}' ${why}. Give an address such as https://github.com/dndx/phantun`);
    };
    const match = /^(https?):\/\/([^/]*)\/([^/]*)\/([^/]*)$/.exec(text.replace(/\/$/, ''));
    if (match === null)
        return refuse('is not of the form https://HOST/OWNER/REPOSITORY');
    const [, scheme = '', host = '', owner = '', lastPart = ''] = match;
    const name = lastPart.replace(/\.git$/, '');
    if (!HOST.test(host) && !LOOPBACK.test(host))
        return refuse('has a host that is none (lower-case letters, digits, dots)');
    if (host.includes('..'))
        return refuse('has a host that is none (lower-case letters, digits, dots)');
    if (scheme === 'http' && !LOOPBACK.test(host))
        return refuse('is plain http, which is for loopback addresses only');
    for (const part of [owner, name])
        if (!PART.test(part) || part.includes('..') || part.endsWith('.git'))
            return refuse('has an owner or a repository name that is none');
    const port = Number(/:([0-9]+)$/.exec(host)?.[1] ?? 443);
    if (port < 1 || port > 65_535)
        return refuse('has a port that is none');
    const origin = `${scheme}://${host}`;
    const url = `${origin}/${owner}/${name}`;
    if (!URL.canParse(url) || new URL(url).href !== url)
        return refuse('has a host or port in a form that programs read differently');
    return { url, origin };
}
/** The address of the archive of one commit. */
function archiveUrl(upstream, commit) {
    return new URL(`${upstream.url}/archive/${commit}.tar.gz`);
}
/** Where upstream may send us for an archive: GitHub to its own download host, everybody else nowhere but home. */
function mayRedirect(from, to) {
    if (to.username !== '' || to.password !== '')
        return false;
    return to.origin === (from.origin === 'https://github.com' ? 'https://codeload.github.com' : from.origin);
}
/** The value of an authorization header for git and archives. GitHub and Gitea take a token as a password. */
function basicAuthorization(token) {
    return `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
}


/***/ }),

/***/ 60:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   RX: () => (/* binding */ DOCKERFILE),
/* harmony export */   _M: () => (/* binding */ wrapperVersion),
/* harmony export */   gu: () => (/* binding */ requireLinux),
/* harmony export */   hD: () => (/* binding */ PACKER)
/* harmony export */ });
/* unused harmony exports WRAPPER_FOLDER, ACTION_FILE */
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var node_url__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3136);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4808);




/** This project's own folder, which holds action.yml, Dockerfile and package.json beside `dist` (or `src`). */
const WRAPPER_FOLDER = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)((0,node_url__WEBPACK_IMPORTED_MODULE_2__.fileURLToPath)(import.meta.url)), '..');
const DOCKERFILE = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(WRAPPER_FOLDER, 'Dockerfile');
const ACTION_FILE = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(WRAPPER_FOLDER, 'action.yml');
/** The bundle of packer.ts: a worker is started from a file, and node starts none from TypeScript. */
const PACKER = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(WRAPPER_FOLDER, 'dist', 'packer.js');
/** This project's version, as package.json has it. */
async function wrapperVersion() {
    const { version } = JSON.parse(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(WRAPPER_FOLDER, 'package.json'), 'utf8'));
    return version;
}
/** Refuses, with a sentence, what is not Linux: paths, process groups and docker's engine differ elsewhere. */
function requireLinux(platform = process.platform) {
    if (platform !== 'linux')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .HR('input', `phantun-runtime runs on Linux only, not on ${platform}. Use a runner such as ubuntu-24.04`);
}


/***/ })

};
