export const id = 104;
export const ids = [104,494];
export const modules = {

/***/ 7104:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   requireSbom: () => (/* binding */ requireSbom)
/* harmony export */ });
/* harmony import */ var _difference_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(180);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4808);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8769);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5488);
/* harmony import */ var _crates_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7508);
/* harmony import */ var _sbom_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(494);






/**
 * Requires of an SBOM that it is, byte by byte, what a build would write of the crates and versions that it names: scanners
 * believe it, whatever it says. The crates have to be Cargo.lock's, with its hashes; licences, scopes, dependencies and the versions
 * of what is in every image are the build's word, and that a crate is missing nobody can see here. Class verification. Pure.
 */
function requireSbom(bytes, { cargoLock, what, ...subject }) {
    const found = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .parseJson */ .qF)(bytes, what), what);
    const expected = (0,_sbom_js__WEBPACK_IMPORTED_MODULE_4__.sbomFile)({ ...subject, ...claimsIn(found, cargoLock, what) });
    if (bytes.equals(Buffer.from(expected)))
        return;
    const [first = 'its members are, their form is not'] = (0,_difference_js__WEBPACK_IMPORTED_MODULE_0__/* .differingMembers */ .y)('', found, JSON.parse(expected));
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} is not what a build writes: ${first}`);
}
function claimsIn(sbom, cargoLock, what) {
    const locked = packagesIn(cargoLock);
    const needs = needsIn(sbom, what);
    const crates = new Map();
    const others = new Map();
    for (const item of (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(sbom.components, `components of ${what}`)) {
        const component = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(item, `component of ${what}`);
        const ref = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(component['bom-ref'], `bom-ref in ${what}`);
        const refuse = (why) => new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} has ${(0,_text_js__WEBPACK_IMPORTED_MODULE_5__/* .printable */ .g$)(ref)}${why}`);
        if (crates.has(ref) || others.has(ref))
            throw refuse(' twice');
        if (!ref.startsWith('cargo:')) {
            others.set(ref, component);
            continue;
        }
        const [name, version] = [component.name, component.version].map((text) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(text, `crate in ${what}`));
        const id = `${name ?? ''}@${version ?? ''}`;
        if (!locked.has(id))
            throw refuse(', which Cargo.lock does not have');
        const licence = licenceOf(component, `licence of ${(0,_text_js__WEBPACK_IMPORTED_MODULE_5__/* .printable */ .g$)(id)} in ${what}`);
        if (licence !== undefined && !(0,_crates_js__WEBPACK_IMPORTED_MODULE_3__/* .isLicence */ .m4)(licence))
            throw refuse(`, whose licence is no plain expression`);
        crates.set(ref, {
            id: ref,
            name: name ?? '',
            version: version ?? '',
            licence,
            sha256: locked.get(id),
            buildOnly: component.scope === 'excluded',
            needs: needs.get(ref) ?? [],
        });
    }
    return { crates: [...crates.values()], toolchain: toolchainIn(others, what) };
}
/** Every package of a Cargo.lock, `name@version`, to its hash; upstream's own come with the tree and have none. */
function packagesIn(cargoLock) {
    const packages = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)((0,_crates_js__WEBPACK_IMPORTED_MODULE_3__/* .parseCargoLock */ .R$)(cargoLock).package ?? [], 'Cargo.lock')
        .map((item) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(item, 'package in Cargo.lock'))
        .map(({ name, version }) => `${(0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(name, 'name in Cargo.lock')}@${(0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(version, 'version in Cargo.lock')}`);
    return new Map([
        ...packages.map((id) => [id, undefined]),
        ...(0,_crates_js__WEBPACK_IMPORTED_MODULE_3__/* .lockedCrates */ .vg)(cargoLock).map((crate) => [`${crate.name}@${crate.version}`, crate.sha256]),
    ]);
}
function needsIn(sbom, what) {
    const part = `dependencies of ${what}`;
    return new Map((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(sbom.dependencies, part)
        .map((item) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(item, part))
        .map(({ ref, dependsOn }) => [
        (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(ref, part),
        (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(dependsOn ?? [], part).map((need) => (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(need, part)),
    ]));
}
function licenceOf({ licenses }, what) {
    const [first] = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asList */ .DD)(licenses ?? [], what);
    return first === undefined ? undefined : (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asObject */ .eB)(first, what).expression, what);
}
function toolchainIn(components, what) {
    const said = (name, member) => {
        const text = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .asText */ .e1)(components.get(name)?.[member], `${member} of ${name} in ${what}`);
        if (!(0,_text_js__WEBPACK_IMPORTED_MODULE_5__/* .isPrintable */ .C2)(text, 1_000))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('verification', `${what} has no plain ${member} of ${name}`);
        return text;
    };
    return {
        rustc: said('rust-std', 'description').replace(_sbom_js__WEBPACK_IMPORTED_MODULE_4__/* .RUST_STD_OF */ .f, ''),
        gcc: said('libgcc', 'version'),
        glibc: said('glibc', 'version'),
        busybox: said('busybox', 'version'),
    };
}


/***/ }),

/***/ 494:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  f: () => (/* binding */ RUST_STD_OF),
  parseToolchain: () => (/* binding */ parseToolchain),
  sbomFile: () => (/* binding */ sbomFile)
});

// EXTERNAL MODULE: ./node_modules/@cyclonedx/cyclonedx-library/dist.node/enums/index.js
var enums = __webpack_require__(6820);
// EXTERNAL MODULE: ./node_modules/@cyclonedx/cyclonedx-library/dist.node/models/index.js
var models = __webpack_require__(320);
// EXTERNAL MODULE: ./node_modules/@cyclonedx/cyclonedx-library/dist.node/serialize/index.node.js
var index_node = __webpack_require__(1248);
// EXTERNAL MODULE: ./node_modules/@cyclonedx/cyclonedx-library/dist.node/spec/index.js
var spec = __webpack_require__(4321);
// EXTERNAL MODULE: ./.bundle/src/errors.js
var errors = __webpack_require__(4808);
// EXTERNAL MODULE: ./.bundle/src/hash.js
var hash = __webpack_require__(3451);
// EXTERNAL MODULE: ./.bundle/src/text.js
var src_text = __webpack_require__(5488);
// EXTERNAL MODULE: ./node_modules/packageurl-js/index.js
var packageurl_js = __webpack_require__(7091);
;// CONCATENATED MODULE: ./.bundle/src/proof/purl.js

/** The package URL of a crate (github.com/package-url/purl-spec): of crates.io, or, with `own`, of upstream's own commit. Pure. */
function cratePurl(name, version, own) {
    const qualifiers = own && { vcs_url: `git+${own.upstream}@${own.commit}` };
    return new packageurl_js.PackageURL('cargo', undefined, name, version, qualifiers, undefined).toString();
}
/** The package URL of what no registry of packages has. Pure. */
function genericPurl(name, version) {
    return new packageurl_js.PackageURL('generic', undefined, name, version, undefined, undefined).toString();
}

;// CONCATENATED MODULE: ./.bundle/src/proof/sbom.js








/** Reads the stage's file `toolchain`: one `name=value` a line. Failure class build for what is missing. Pure. */
function parseToolchain(text) {
    const lines = new Map(text.split('\n').map((line) => [line.split('=', 1)[0] ?? '', line.replace(/^[^=]*=/, '')]));
    const value = (name) => {
        const found = lines.get(name);
        if (found === undefined || found === '')
            throw new errors/* Failure */.HR('build', `the base images do not tell their version of ${name}; name official ones`);
        return (0,src_text/* printable */.g$)(found);
    };
    return {
        rustc: value('rustc'),
        gcc: value('gcc'),
        glibc: value('glibc'),
        busybox: value('busybox'),
    };
}
/**
 * The SBOM of one platform manifest: CycloneDX 1.6 JSON (cyclonedx.org/docs/1.6/json), the same bytes for the same input.
 * Crates that were only needed to build are of scope `excluded`.
 */
function sbomFile(input) {
    const bom = bomOf(input);
    const factory = new index_node.JSON.Normalize.Factory(spec.Spec1dot6);
    return `${new index_node.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 1 })}\n`;
}
function bomOf({ lock, platform, manifest, crates, toolchain, shell }) {
    const { inputs, facts } = lock;
    const image = new models.Component(enums.ComponentType.Container, 'phantun-runtime', {
        bomRef: 'image',
        version: facts.version,
        description: `phantun ${facts.version} for ${platform}`,
        purl: `pkg:oci/phantun-runtime@${encodeURIComponent(manifest)}?arch=${platform.split('/')[1] ?? ''}`,
        hashes: hashes(manifest.slice('sha256:'.length)),
        properties: properties({ platform, commit: inputs.commit, tree: inputs.tree }),
    });
    const bom = new models.Bom({
        serialNumber: serialNumber(manifest),
        metadata: new models.Metadata({ timestamp: new Date(inputs.epoch * 1_000), component: image }),
    });
    const components = new Map(crates.map((crate) => [crate.id, crateComponent(crate, inputs)]));
    for (const { id, needs } of crates) {
        const component = components.get(id) ?? image;
        for (const need of needs) {
            const found = components.get(need);
            if (found)
                component.dependencies.add(found.bomRef);
        }
        bom.components.add(component);
    }
    const linked = linkedComponents(toolchain, shell);
    for (const component of linked) {
        bom.components.add(component);
        image.dependencies.add(component.bomRef);
    }
    for (const crate of crates)
        if (crate.sha256 === undefined)
            image.dependencies.add((components.get(crate.id) ?? image).bomRef);
    return bom;
}
function crateComponent(crate, inputs) {
    const own = crate.sha256 === undefined;
    return new models.Component(own ? enums.ComponentType.Application : enums.ComponentType.Library, crate.name, {
        bomRef: `cargo:${crate.name}@${crate.version}`,
        version: crate.version,
        purl: cratePurl(crate.name, crate.version, own ? inputs : undefined),
        scope: crate.buildOnly ? enums.ComponentScope.Excluded : enums.ComponentScope.Required,
        ...(crate.sha256 === undefined ? {} : { hashes: hashes(crate.sha256) }),
        ...(crate.licence === undefined ? {} : { licenses: expression(crate.licence) }),
        ...(crate.buildOnly ? { properties: properties({ 'build-only': 'true' }) } : {}),
    });
}
/** How the description of Rust's standard library begins; rustc's own words follow. */
const RUST_STD_OF = "Rust's standard library, of ";
function linkedComponents({ rustc, gcc, glibc, busybox }, shell) {
    const rust = /^rustc (\S+)/.exec(rustc)?.[1] ?? rustc;
    const component = (type, name, version, licence, more) => new models.Component(type, name, {
        bomRef: name,
        version,
        purl: genericPurl(name, version),
        scope: enums.ComponentScope.Required,
        licenses: expression(licence),
        ...more,
    });
    const { Application, Library } = enums.ComponentType;
    return [
        component(Library, 'rust-std', rust, 'MIT OR Apache-2.0', { description: `${RUST_STD_OF}${rustc}` }),
        component(Library, 'glibc', glibc, 'LGPL-2.1-or-later', { description: 'statically linked C library' }),
        component(Library, 'libgcc', gcc, 'GPL-3.0-or-later WITH GCC-exception-3.1', {
            description: 'statically linked runtime of gcc',
        }),
        component(Application, 'busybox', busybox, 'GPL-2.0-only', { description: '/bin/sh', hashes: hashes(shell) }),
    ];
}
function hashes(hex) {
    return new models.HashDictionary([[enums.HashAlgorithm['SHA-256'], hex]]);
}
function expression(licence) {
    return new models.LicenseRepository([new models.LicenseExpression(licence)]);
}
function properties(values) {
    return new models.PropertyRepository(Object.entries(values).map(([name, value]) => new models.Property(`phantun-runtime:${name}`, value)));
}
/** A UUID of version 8 (RFC 9562), made from the manifest's digest: the same image, the same number. */
function serialNumber(manifest) {
    const hex = (0,hash/* sha256 */.sc)(`phantun-runtime sbom ${manifest}`);
    const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
    return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}


/***/ })

};
