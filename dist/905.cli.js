export const id = 905;
export const ids = [905];
export const modules = {

/***/ 87905:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   parseToolchain: () => (/* binding */ parseToolchain),
/* harmony export */   sbomFile: () => (/* binding */ sbomFile)
/* harmony export */ });
/* harmony import */ var _cyclonedx_cyclonedx_library_Enums__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6820);
/* harmony import */ var _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(50320);
/* harmony import */ var _cyclonedx_cyclonedx_library_Serialize__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(51248);
/* harmony import */ var _cyclonedx_cyclonedx_library_Spec__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(94321);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(84808);
/* harmony import */ var _hash_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(23451);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(5488);
/* harmony import */ var _purl_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(56345);








/** Reads the stage's file `toolchain`: one `name=value` a line. Failure class build for what is missing. Pure. */
function parseToolchain(text) {
    const lines = new Map(text.split('\n').map((line) => [line.split('=', 1)[0] ?? '', line.replace(/^[^=]*=/, '')]));
    const value = (name) => {
        const found = lines.get(name);
        if (found === undefined || found === '')
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .Failure */ .HR('build', `the base images do not tell their version of ${name}; name official ones`);
        return (0,_text_js__WEBPACK_IMPORTED_MODULE_7__/* .printable */ .g$)(found);
    };
    return {
        target: value('target'),
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
    const factory = new _cyclonedx_cyclonedx_library_Serialize__WEBPACK_IMPORTED_MODULE_2__.JSON.Normalize.Factory(_cyclonedx_cyclonedx_library_Spec__WEBPACK_IMPORTED_MODULE_3__.Spec1dot6);
    return `${new _cyclonedx_cyclonedx_library_Serialize__WEBPACK_IMPORTED_MODULE_2__.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 1 })}\n`;
}
function bomOf({ lock, platform, manifest, crates, toolchain, shell }) {
    const { inputs, facts } = lock;
    const image = new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.Component(_cyclonedx_cyclonedx_library_Enums__WEBPACK_IMPORTED_MODULE_0__.ComponentType.Container, 'phantun-runtime', {
        bomRef: 'image',
        version: facts.version,
        description: `phantun ${facts.version} for ${platform}`,
        purl: `pkg:oci/phantun-runtime@${encodeURIComponent(manifest)}?arch=${platform.split('/')[1] ?? ''}`,
        hashes: hashes(manifest.slice('sha256:'.length)),
        properties: properties({ platform, commit: inputs.commit, tree: inputs.tree }),
    });
    const bom = new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.Bom({
        serialNumber: serialNumber(manifest),
        metadata: new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.Metadata({ timestamp: new Date(inputs.epoch * 1_000), component: image }),
    });
    const components = new Map(crates.map((crate) => [crate.id, crateComponent(crate, inputs)]));
    for (const [id, component] of components) {
        const needs = crates.find((crate) => crate.id === id)?.needs ?? [];
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
    return new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.Component(own ? _cyclonedx_cyclonedx_library_Enums__WEBPACK_IMPORTED_MODULE_0__.ComponentType.Application : _cyclonedx_cyclonedx_library_Enums__WEBPACK_IMPORTED_MODULE_0__.ComponentType.Library, crate.name, {
        bomRef: `cargo:${crate.name}@${crate.version}`,
        version: crate.version,
        purl: (0,_purl_js__WEBPACK_IMPORTED_MODULE_6__/* .cratePurl */ .Z)(crate.name, crate.version, own ? inputs : undefined),
        scope: crate.buildOnly ? _cyclonedx_cyclonedx_library_Enums__WEBPACK_IMPORTED_MODULE_0__.ComponentScope.Excluded : _cyclonedx_cyclonedx_library_Enums__WEBPACK_IMPORTED_MODULE_0__.ComponentScope.Required,
        ...(crate.sha256 === undefined ? {} : { hashes: hashes(crate.sha256) }),
        ...(crate.licence === undefined ? {} : { licenses: expression(crate.licence) }),
        ...(crate.buildOnly ? { properties: properties({ 'build-only': 'true' }) } : {}),
    });
}
function linkedComponents({ rustc, gcc, glibc, busybox }, shell) {
    const rust = /^rustc (\S+)/.exec(rustc)?.[1] ?? rustc;
    const component = (type, name, version, licence, more) => new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.Component(type, name, {
        bomRef: name,
        version,
        purl: (0,_purl_js__WEBPACK_IMPORTED_MODULE_6__/* .genericPurl */ .L)(name, version),
        scope: _cyclonedx_cyclonedx_library_Enums__WEBPACK_IMPORTED_MODULE_0__.ComponentScope.Required,
        licenses: expression(licence),
        ...more,
    });
    const { Application, Library } = _cyclonedx_cyclonedx_library_Enums__WEBPACK_IMPORTED_MODULE_0__.ComponentType;
    return [
        component(Library, 'rust-std', rust, 'MIT OR Apache-2.0', { description: `Rust's standard library, of ${rustc}` }),
        component(Library, 'glibc', glibc, 'LGPL-2.1-or-later', { description: 'statically linked C library' }),
        component(Library, 'libgcc', gcc, 'GPL-3.0-or-later WITH GCC-exception-3.1', {
            description: 'statically linked runtime of gcc',
        }),
        component(Application, 'busybox', busybox, 'GPL-2.0-only', { description: '/bin/sh', hashes: hashes(shell) }),
    ];
}
function hashes(hex) {
    return new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.HashDictionary([[_cyclonedx_cyclonedx_library_Enums__WEBPACK_IMPORTED_MODULE_0__.HashAlgorithm['SHA-256'], hex]]);
}
function expression(licence) {
    return new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.LicenseRepository([new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.LicenseExpression(licence)]);
}
function properties(values) {
    return new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.PropertyRepository(Object.entries(values).map(([name, value]) => new _cyclonedx_cyclonedx_library_Models__WEBPACK_IMPORTED_MODULE_1__.Property(`phantun-runtime:${name}`, value)));
}
/** A UUID of version 8 (RFC 9562), made from the manifest's digest: the same image, the same number. */
function serialNumber(manifest) {
    const hex = (0,_hash_js__WEBPACK_IMPORTED_MODULE_5__/* .sha256 */ .sc)(`phantun-runtime sbom ${manifest}`);
    const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
    return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}


/***/ })

};
