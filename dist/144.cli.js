export const id = 144;
export const ids = [144];
export const modules = {

/***/ 89144:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  verifyImage: () => (/* binding */ verifyImage)
});

// UNUSED EXPORTS: judgeBundles

// EXTERNAL MODULE: ./.bundle/src/errors.js
var errors = __webpack_require__(84808);
// EXTERNAL MODULE: ./.bundle/src/image/pulled.js
var pulled = __webpack_require__(9231);
// EXTERNAL MODULE: ./.bundle/src/proof/evidenceReferrer.js
var evidenceReferrer = __webpack_require__(34466);
// EXTERNAL MODULE: ./.bundle/src/proof/statement.js
var proof_statement = __webpack_require__(46211);
// EXTERNAL MODULE: ./.bundle/src/text.js
var src_text = __webpack_require__(5488);
// EXTERNAL MODULE: ./.bundle/src/image/referrers.js
var referrers = __webpack_require__(91577);
// EXTERNAL MODULE: ./.bundle/src/image/referrersApi.js
var referrersApi = __webpack_require__(91205);
// EXTERNAL MODULE: ./.bundle/src/image/registry.js + 1 modules
var image_registry = __webpack_require__(18121);
// EXTERNAL MODULE: ./.bundle/src/json.js
var json = __webpack_require__(78769);
// EXTERNAL MODULE: ./.bundle/src/files.js
var files = __webpack_require__(45144);
// EXTERNAL MODULE: ./node_modules/@sigstore/bundle/dist/index.js
var dist = __webpack_require__(61040);
// EXTERNAL MODULE: ./node_modules/@sigstore/verify/dist/index.js
var verify_dist = __webpack_require__(54187);
;// CONCATENATED MODULE: ./.bundle/src/verify/identity.js


/** Fulcio's extensions that hold DER texts: github.com/sigstore/fulcio/blob/main/docs/oid-info.md. */
const EXTENSIONS = {
    issuer: '1.3.6.1.4.1.57264.1.8',
    signer: '1.3.6.1.4.1.57264.1.9',
    signerDigest: '1.3.6.1.4.1.57264.1.10',
    runner: '1.3.6.1.4.1.57264.1.11',
    source: '1.3.6.1.4.1.57264.1.12',
    run: '1.3.6.1.4.1.57264.1.21',
};
const GITHUB = 'https://github.com/';
const ISSUER = 'https://token.actions.githubusercontent.com';
/** The one workflow of this project that signs, where only its commit is asked for. */
const OWN_WORKFLOW = '.github/workflows/build.yml';
/** Reads the facts of a certificate that has been verified. An extension that is there twice is refused. */
function signerFacts({ identity }) {
    const values = new Map();
    for (const { oid, value } of identity?.oids ?? []) {
        const id = oid?.id.join('.') ?? '';
        if (values.has(id))
            throw new errors/* Failure */.HR('verification', `the certificate has the extension ${id} twice`);
        values.set(id, value);
    }
    const texts = Object.entries(EXTENSIONS).map(([name, id]) => [name, derText(values.get(id), name)]);
    return {
        ...Object.fromEntries(texts),
        name: identity?.subjectAlternativeName ?? '',
    };
}
const UTF8_STRING = 0x0c;
/** A UTF8String in DER, whole, with the one length form that DER allows; empty when there is none. */
function derText(bytes, what) {
    if (bytes === undefined)
        return '';
    const short = bytes[1] ?? 0;
    const lengthBytes = Math.max(0, short - 0x80);
    const start = 2 + lengthBytes;
    const length = short < 0x80 ? short : lengthBytes > 0 && lengthBytes <= 2 ? bytes.readUIntBE(2, lengthBytes) : -1;
    const minimal = lengthBytes === 0 || length >= (lengthBytes === 1 ? 0x80 : 0x100);
    if (bytes[0] !== UTF8_STRING || !minimal || bytes.length !== start + length)
        throw new errors/* Failure */.HR('verification', `the certificate's extension ${what} is not a text`);
    return new TextDecoder().decode(bytes.subarray(start));
}
/**
 * Fields in which the signer is not the expected one; empty when it is. A workflow's identity is the certificate's name
 * (`https://github.com/OWNER/REPO/.github/workflows/FILE@REF`), and the Build Signer URI says the same. Pure.
 */
function identityDifferences(facts, expected) {
    const { publisher, signerDigest, allowSelfHosted } = expected;
    const workflow = parseWorkflow(facts.name);
    const compare = (field, wanted, found) => found === wanted ? [] : [{ field, expected: shown(wanted), found: shown(found) }];
    return [
        ...compare('issuer', ISSUER, facts.issuer),
        ...compare('source repository', GITHUB + publisher, facts.source),
        ...signerName(expected, facts, workflow),
        ...(signerDigest === undefined ? [] : compare('signer digest', signerDigest, facts.signerDigest)),
        ...compare('build signer URI', facts.name, facts.signer),
        ...(allowSelfHosted ? [] : compare('runner environment', 'github-hosted', facts.runner)),
    ];
}
function signerName({ signer, signerWorkflow, signerDigest, publisher }, { name }, workflow) {
    if (signer !== undefined)
        return name === GITHUB + signer
            ? []
            : [{ field: 'signing workflow', expected: GITHUB + signer, found: shown(name) }];
    if (signerWorkflow !== undefined)
        return workflow !== undefined && `${workflow.repository}/${workflow.path}` === signerWorkflow
            ? []
            : [{ field: 'signing workflow', expected: `${GITHUB}${signerWorkflow} at any ref`, found: shown(name) }];
    // A commit says which file's text, but not which file: of that commit it must be the one that signs here.
    if (signerDigest !== undefined)
        return workflow?.path === OWN_WORKFLOW
            ? []
            : [
                {
                    field: 'signing workflow',
                    expected: `${OWN_WORKFLOW} of any repository, at the given commit`,
                    found: shown(name),
                },
            ];
    return workflow?.repository === publisher
        ? []
        : [
            {
                field: 'signing workflow',
                expected: `a workflow of ${publisher}, as no --signer was given`,
                found: shown(name),
            },
        ];
}
/** The parts of a workflow's name, from its own grammar; undefined for what is no such name. Its ref may be any. */
function parseWorkflow(name) {
    const match = /^https:\/\/github\.com\/([A-Za-z0-9-]+\/[A-Za-z0-9._-]+)\/(\.github\/workflows\/[A-Za-z0-9._-]+)@[^\s@]+$/.exec(name);
    return match ? { repository: match[1] ?? '', path: match[2] ?? '' } : undefined;
}
function shown(text) {
    return text === '' ? 'nothing' : (0,src_text/* printable */.g$)(text);
}

;// CONCATENATED MODULE: ./.bundle/src/verify/signature.js







const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
/** Each is read and verified, and anybody who can write to the registry can put one there. */
const MAX_BUNDLES = 64;
/** The bundles in a text: one JSON object, a list of them, or one a line. Failures are class verification. */
function parseBundles(text, from) {
    const found = parseText(text, from);
    if (found.length > MAX_BUNDLES)
        throw new errors/* Failure */.HR('verification', `${from} holds ${found.length} bundles, more than the ${MAX_BUNDLES} that are looked at`);
    return found.map((bundle, index) => ({ from: found.length === 1 ? from : `${from}, number ${index + 1}`, bundle }));
}
function parseText(text, from) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
        const whole = JSON.parse(text);
        return Array.isArray(whole) ? whole : [whole];
    }
    catch {
        return lines.map((line) => (0,json/* parseJson */.qF)(Buffer.from(line), from));
    }
}
/**
 * Verifies a bundle's certificate, its proofs of logging and time, and its signature, all by Sigstore's library, and reads
 * the statement that was signed. Who signed and what is said is for the caller to judge. Throws a Failure (class verification)
 * with the library's reason.
 */
function verifyBundle({ from, bundle: json }, verifiers) {
    const refuse = (why, cause) => {
        throw new errors/* Failure */.HR('verification', `${from}: ${why}`, { cause });
    };
    const bundle = attempt(() => (0,dist/* bundleFromJSON */.vw)(json), (error) => refuse(`not a Sigstore bundle (${reasons(error)})`, error));
    if (bundle.content.$case !== 'dsseEnvelope')
        return refuse('signs a file, not a statement');
    const { payload, payloadType } = bundle.content.dsseEnvelope;
    if (payloadType !== PAYLOAD_TYPE)
        return refuse(`signs ${(0,src_text/* printable */.g$)(payloadType)}, not an in-toto statement`);
    const entity = attempt(() => (0,verify_dist/* toSignedEntity */.DC)(bundle), (error) => refuse(`unreadable (${reasons(error)})`, error));
    const verified = firstToVerify(entity, verifiers, (failed) => refuse(`its signature does not hold: ${failed}`));
    return {
        signer: attempt(() => signerFacts(verified), (error) => refuse(reasons(error), error)),
        ...readStatement(payload, from),
        payload,
        logIndex: bundle.verificationMaterial.tlogEntries[0]?.logIndex,
    };
}
/** Who signed, as the first verifier says for which the signature holds. */
function firstToVerify(entity, verifiers, failed) {
    const why = new Set();
    for (const verifier of verifiers)
        try {
            return verifier.verify(entity);
        }
        catch (error) {
            why.add(reasons(error));
        }
    return failed([...why].join('; or '));
}
function attempt(body, failed) {
    try {
        return body();
    }
    catch (error) {
        return failed(error);
    }
}
/** The message of an error and those of its causes: Sigstore's library has the telling one at the bottom. */
function reasons(error) {
    const messages = [];
    for (let each = error; each instanceof Error && messages.length < 5; each = each.cause)
        messages.push(each.message);
    return (0,src_text/* printable */.g$)(messages.join(': '), 500);
}
function readStatement(payload, from) {
    const what = `the statement of ${from}`;
    const statement = (0,json/* asObject */.eB)((0,json/* parseJson */.qF)(payload, what), what);
    if (statement._type !== proof_statement/* STATEMENT_TYPE */.zG)
        throw new errors/* Failure */.HR('verification', `${what} is no in-toto statement of version 1`);
    const subjects = (0,json/* asList */.DD)(statement.subject, `subjects of ${what}`).map((subject) => {
        const { digest } = (0,json/* asObject */.eB)(subject, `subject of ${what}`);
        return (0,json/* asText */.e1)((0,json/* asObject */.eB)(digest, `digest in ${what}`).sha256, `digest in ${what}`);
    });
    return { predicateType: (0,json/* asText */.e1)(statement.predicateType, `predicate type of ${what}`), subjects };
}

;// CONCATENATED MODULE: ./.bundle/src/verify/bundles.js








/** Type of an artifact that is a signed bundle, and of its one layer. */
const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
/** An SBOM can be part of one. */
const MAX_BUNDLE_BYTES = 32_000_000;
/** All that a file holds is in memory at once. */
const MAX_FILE_BYTES = 4 * MAX_BUNDLE_BYTES;
/** The bundles of a file that somebody downloaded. */
async function bundlesOfFile(file) {
    return parseBundles(String(await (0,files/* readGivenFile */.Mh)('--bundle', file, MAX_FILE_BYTES)), (0,src_text/* printable */.g$)(file, 1_000));
}
/**
 * The bundles that lie beside an image in its registry: what the referrers API lists and what the tag lists that stands in for it,
 * as either may be the only one that was written. One that is gone or cannot be read is left out, with a line in the log:
 * anybody who can write to the registry can put one there. Each is read when it is asked for: together they may be large.
 */
async function* bundlesOfRegistry(repository, digest, deps) {
    const registry = (0,image_registry/* openRegistry */.Me)(repository, deps);
    const listed = [
        ...((await (0,referrersApi/* askReferrers */.i)(repository, digest, BUNDLE_TYPE, deps)) ?? []),
        ...(await (0,referrers/* listReferrers */.xt)(registry, repository, digest, deps)),
    ];
    const found = (0,referrers/* artifactsIn */.j2)(listed, BUNDLE_TYPE);
    if (found.length > MAX_BUNDLES)
        throw new errors/* Failure */.HR('verification', `the registry lists ${found.length} signed bundles for ${digest}, more than the ${MAX_BUNDLES} that are looked at. Give the right one with --bundle FILE`);
    for (const each of found)
        try {
            yield await readBundle(registry, repository, digest, each, deps);
        }
        catch (error) {
            const failure = (0,errors/* toFailure */.w2)(error);
            if (failure.kind !== 'verification' && failure.kind !== 'not-found')
                throw failure;
            deps.log.info(`Passed over ${each}: ${failure.message}`);
        }
}
async function readBundle(registry, repository, subject, digest, deps) {
    const artifact = { what: 'a signed bundle', digest, layerType: BUNDLE_TYPE, maxBytes: MAX_BUNDLE_BYTES };
    const bytes = await (0,referrers/* fetchArtifact */.t2)(registry, repository, subject, artifact, deps);
    return { from: digest, bundle: (0,json/* parseJson */.qF)(bytes, `bundle ${repository}@${digest}`) };
}

// EXTERNAL MODULE: ./.bundle/src/difference.js
var difference = __webpack_require__(10180);
// EXTERNAL MODULE: ./.bundle/src/image/labels.js
var image_labels = __webpack_require__(56858);
// EXTERNAL MODULE: ./.bundle/src/image/view.js
var image_view = __webpack_require__(92032);
// EXTERNAL MODULE: ./.bundle/src/proof/lock.js
var proof_lock = __webpack_require__(751);
;// CONCATENATED MODULE: ./.bundle/src/verify/compare.js





const WORDS = ['found', 'signed'];
/**
 * What the image says of itself otherwise than the signed statement does, a line each; empty when they agree. The index's
 * annotations and every platform's labels are looked at. Pure.
 */
function labelDifferences({ view }, { predicate }) {
    const { upstream, lock, recipe, bases } = predicate;
    const { repository, commit, tree, epoch } = upstream;
    const signed = (0,image_labels/* provenanceLabels */.Xd)({ upstream: repository, commit, tree, epoch, bases, recipe }, lock.buildKey);
    return (0,image_view/* saidBy */.TT)(view).flatMap(({ where, texts }) => Object.entries(signed).flatMap(([key, value]) => (0,difference/* differingMembers */.y)(`${where}, ${key}`, texts[key], value, WORDS)));
}
/**
 * What a lock says otherwise than the signed statement and the image, a line each; empty when they agree. The lock is hashed
 * again, so one that agrees is the very lock that was signed, and its inputs give the build key. Pure.
 */
function lockDifferences(lock, { digest, view }, { predicate }) {
    const empty = { index: { digest, size: 0, bytes: Buffer.alloc(0) }, blobs: new Map(), images: [] };
    // Checks, and the branches and tags that held the commit then, are the signer's word: nothing can be compared with them.
    const locked = (0,proof_statement/* statementOf */.T8)(lock, empty, predicate.checks, predicate.upstream.reachableFrom).predicate;
    const labels = (0,image_labels/* imageLabels */.J0)(lock.inputs, lock.facts.version, (0,proof_lock/* buildKey */.sI)(lock.inputs));
    const platforms = view.platforms.map(({ platform }) => platform);
    return [
        ...(0,difference/* differingMembers */.y)('lock', locked, predicate, WORDS),
        ...(0,image_view/* saidBy */.TT)(view).flatMap(({ where, texts }) => (0,difference/* differingMembers */.y)(where, texts, labels, ['found', 'by the lock'])),
        ...(0,difference/* differingMembers */.y)('platforms', platforms, lock.inputs.platforms, ['found', 'by the lock']),
    ];
}

// EXTERNAL MODULE: ./node_modules/@sigstore/protobuf-specs/dist/index.js
var protobuf_specs_dist = __webpack_require__(19654);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(57075);
// EXTERNAL MODULE: ./node_modules/@sigstore/tuf/seeds.json
var seeds = __webpack_require__(8032);
// EXTERNAL MODULE: ./node_modules/tuf-js/dist/store.js
var dist_store = __webpack_require__(95683);
// EXTERNAL MODULE: ./.bundle/src/http/fetch.js
var fetch = __webpack_require__(90892);
// EXTERNAL MODULE: ./.bundle/src/retry.js
var retry = __webpack_require__(15649);
;// CONCATENATED MODULE: ./.bundle/src/verify/tuf.js







const SIGSTORE_URL = 'https://tuf-repo-cdn.sigstore.dev';
/** The repository of Sigstore's public instance; its first root comes with Sigstore's library. */
const SIGSTORE = {
    url: SIGSTORE_URL,
    root: Buffer.from(seeds[SIGSTORE_URL]['root.json'], 'base64'),
};
/** As in the TUF client that most use: more is no repository of this kind. */
const MAX_ROOTS = 256;
/** The most that a file with keys, or a signed list of such files, may have. */
const MAX_METADATA_BYTES = 5_000_000;
/**
 * Gets a target, by the client workflow of the TUF specification (theupdateframework.github.io/specification, 5). The
 * library judges every signature, version, hash and date; here is only the order and the way there. Nothing is kept from
 * one run to the next, so what bounds an old answer is its date of expiry: a week in Sigstore's repository. Failures: class
 * verification for what is not rightly signed, transient for what cannot be reached.
 */
async function fetchTarget({ url, root }, name, deps) {
    const what = `reading ${name} of ${url}`;
    const get = (path) => (0,retry/* withRetries */.LH)(what, deps, () => download(`${url}/${path}`, what, deps));
    const need = async (path) => {
        const bytes = await get(path);
        if (bytes === undefined)
            throw new errors/* Failure */.HR('transient', `${what}: there is no ${path}. Without a way there, give --trusted-root FILE`);
        return bytes;
    };
    const store = new dist_store/* TrustedMetadataStore */.E(root);
    const first = store.root.signed.version + 1;
    for (let version = first; version < first + MAX_ROOTS; version++) {
        const next = await get(`${version}.root.json`);
        if (next === undefined)
            break;
        trust(what, () => store.updateRoot(next));
    }
    const numbered = (version) => (store.root.signed.consistentSnapshot ? `${version}.` : '');
    const timestamp = await need('timestamp.json');
    const { snapshotMeta } = trust(what, () => store.updateTimestamp(timestamp)).signed;
    const snapshot = await need(`${numbered(snapshotMeta.version)}snapshot.json`);
    const { meta } = trust(what, () => store.updateSnapshot(snapshot)).signed;
    const targets = await need(`${numbered(meta['targets.json']?.version ?? 0)}targets.json`);
    trust(what, () => store.updateDelegatedTargets(targets, 'targets', 'root'));
    const target = store.targets?.signed.targets[name];
    if (target === undefined)
        throw new errors/* Failure */.HR('verification', `${what}: the repository has no such target`);
    const hash = store.root.signed.consistentSnapshot ? `${Object.values(target.hashes)[0] ?? ''}.` : '';
    const bytes = await need(`targets/${hash}${name}`);
    await target.verify(external_node_stream_.Readable.from([bytes])).catch((cause) => {
        throw refused(what, cause);
    });
    return bytes;
}
async function download(address, what, deps) {
    const url = new URL(address);
    const options = { what, limits: { maxBytes: MAX_METADATA_BYTES, deadlineSeconds: 60 } };
    const { status, body } = await (0,fetch/* fetchOnce */.W)(url, { ...options, mayRedirect: (from, to) => from.origin === to.origin }, deps);
    if (status === 200)
        return body;
    if (status === 403 || status === 404)
        return undefined;
    throw new errors/* Failure */.HR('transient', `${what}: ${url.host} answered ${status}. Without a way there, give --trusted-root FILE`);
}
function trust(what, body) {
    try {
        return body();
    }
    catch (cause) {
        throw refused(what, cause);
    }
}
function refused(what, cause) {
    const why = (0,src_text/* printable */.g$)((0,errors/* toFailure */.w2)(cause).message);
    return new errors/* Failure */.HR('verification', `${what}: the repository's metadata cannot be trusted: ${why}`, { cause });
}

;// CONCATENATED MODULE: ./.bundle/src/verify/trustedRoot.js







/**
 * Verifiers for the keys of a trusted-root file, one JSON a line (as `gh attestation trusted-root` prints them) or one in
 * all; without a file for those of Sigstore's public instance, from its TUF repository.
 */
async function openVerifiers(file, deps) {
    if (file === undefined)
        return [verifierOf(await publicRoot(deps), 'Sigstore’s trusted root')];
    const text = String(await (0,files/* readGivenFile */.Mh)('--trusted-root', file, MAX_METADATA_BYTES));
    return parseRoots(text, file).map((root) => verifierOf(root, `--trusted-root ${(0,src_text/* printable */.g$)(file, 1_000)}`));
}
function parseRoots(text, file) {
    const parse = (json) => protobuf_specs_dist.TrustedRoot.fromJSON(JSON.parse(json));
    const refuse = (cause) => new errors/* Failure */.HR('input', `--trusted-root: ${(0,src_text/* printable */.g$)(file, 1_000)} is not a Sigstore trusted root in JSON`, { cause });
    try {
        return [parse(text)];
    }
    catch {
        // then it is one a line
    }
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0)
        throw refuse();
    try {
        return lines.map(parse);
    }
    catch (cause) {
        throw refuse(cause);
    }
}
/**
 * A verifier that wants a proof from every kind of log the root knows. An instance without a log of its own (GitHub's, for
 * private repositories) proves the time by an authority for timestamps instead; without any proof of time nothing passes.
 */
function verifierOf(root, what) {
    if (root.certificateAuthorities.length === 0)
        throw new errors/* Failure */.HR('input', `${what} names no certificate authority, so nothing could be verified with it`);
    const atLeastOneOf = (logs) => (logs.length > 0 ? 1 : 0);
    return new verify_dist/* Verifier */.BL((0,verify_dist/* toTrustMaterial */.jO)(root), {
        tlogThreshold: atLeastOneOf(root.tlogs),
        ctlogThreshold: atLeastOneOf(root.ctlogs),
        timestampThreshold: 1,
    });
}
async function publicRoot(deps) {
    const bytes = await fetchTarget(SIGSTORE, 'trusted_root.json', deps);
    return protobuf_specs_dist.TrustedRoot.fromJSON((0,json/* parseJson */.qF)(bytes, 'Sigstore’s trusted root'));
}

;// CONCATENATED MODULE: ./.bundle/src/verify/verify.js










/**
 * Verifies a published image: pulls it whole and hashes it, finds the signed bundles, verifies them against the exact
 * identity that is expected, and compares our signed statement with labels and lock. Throws a Failure, class verification
 * unless something could not be asked, whose details name the fields that differ. There is no vacuous pass.
 */
async function verifyImage(options, deps) {
    const verifiers = await openVerifiers(options.trustedRoot, deps);
    const image = await (0,pulled/* pullImage */.Z)(options.image, deps);
    const name = `${image.repository}@${image.digest}`;
    const bundles = options.bundle === undefined
        ? bundlesOfRegistry(image.repository, image.digest, deps)
        : await bundlesOfFile(options.bundle);
    const { ours, predicateTypes } = await judgeBundles(bundles, image, options.expected, verifiers, name);
    const lock = await (0,evidenceReferrer/* lockBeside */.KK)(image.repository, image.digest, deps);
    // An image that was signed again, with a newer lock beside it, keeps the older statement: one of them has to fit.
    const judged = ours.map((signed) => ({ signed, refusal: contradiction(signed, image, lock, name) }));
    const fitting = judged.find(({ refusal }) => refusal === undefined);
    if (fitting === undefined)
        throw judged[0]?.refusal ?? new errors/* Failure */.HR('verification', `${name} is not verified`);
    return { image, ...fitting.signed, predicateTypes, lock };
}
/** What image and lock say otherwise than a signed statement does, if anything. Pure. */
function contradiction({ statement }, image, lock, name) {
    const labels = labelDifferences(image, statement);
    if (labels.length > 0)
        return new errors/* Failure */.HR('verification', `${name} says of itself what its publisher did not sign: ${labels[0] ?? ''}`, {
            details: labels,
        });
    const locked = lock === undefined ? [] : lockDifferences(lock, image, statement);
    if (locked.length > 0)
        return new errors/* Failure */.HR('verification', `the lock beside ${name} is not the one that was signed: ${locked[0] ?? ''}`, {
            details: locked,
        });
    return undefined;
}
/**
 * Picks our statements among the bundles, never none: the signature holds, it is about this very index, the expected signer
 * signed it, and it has our predicate type. Others beside them do no harm. Of each only what it comes to is kept. Throws a Failure that tells of the one that came nearest.
 */
async function judgeBundles(bundles, image, expected, verifiers, name) {
    const refused = [];
    const types = [];
    const ours = [];
    for await (const found of bundles) {
        const judged = judge(found, image, expected, verifiers);
        if ('sentence' in judged)
            refused.push(judged);
        else {
            const { predicateType, statement, signer, logIndex } = judged;
            types.push(predicateType);
            if (statement !== undefined)
                ours.push({ statement, signer, logIndex });
        }
    }
    if (ours.length > 0)
        return { ours, predicateTypes: [...new Set(types)].sort() };
    if (types.length > 0)
        throw new errors/* Failure */.HR('verification', `${name} has no statement of this project from its publisher: the predicate type is ${types.map((type) => (0,src_text/* printable */.g$)(type)).join(', ')}, expected ${proof_statement/* PREDICATE_TYPE */.To}`);
    const [nearest] = refused.sort((a, b) => b.near - a.near);
    if (nearest === undefined)
        throw new errors/* Failure */.HR('verification', `${name} has no attestations: no signed bundle lies beside it. Whoever published it did not sign it, or a clean-up of the registry took the signatures`);
    throw new errors/* Failure */.HR('verification', `${name} is not verified: ${nearest.sentence}`, {
        details: refused.flatMap(({ sentence, details }) => (details.length > 0 ? details : [sentence])),
    });
}
function judge(found, { digest }, expected, verifiers) {
    try {
        const { signer, subjects, predicateType, payload, logIndex } = verifyBundle(found, verifiers);
        if (!subjects.includes(digest.replace('sha256:', '')))
            return {
                near: 1,
                sentence: `${found.from}: subject digest: expected ${digest}, found ${(0,src_text/* printable */.g$)(subjects.map((each) => `sha256:${each}`).join(', '))}`,
                details: [],
            };
        const differences = identityDifferences(signer, expected);
        if (differences.length > 0) {
            const lines = differences.map(({ field, expected: wanted, found: has }) => `${field}: expected ${wanted}, found ${has}`);
            return {
                near: 2,
                sentence: `${found.from}: ${lines[0] ?? ''}`,
                details: lines.map((line) => `${found.from}: ${line}`),
            };
        }
        return {
            predicateType,
            signer,
            logIndex,
            statement: predicateType === proof_statement/* PREDICATE_TYPE */.To ? (0,proof_statement/* parseStatement */.By)(payload) : undefined,
        };
    }
    catch (error) {
        return { near: 0, sentence: (0,errors/* toFailure */.w2)(error).message, details: [] };
    }
}


/***/ })

};
