// The bundle of the browser client, embedded by C23 `#embed`: milliseconds to compile, where one Swift
// array literal of the same bytes takes minutes. `dist/manifest.inc`, written by the bundling step, embeds
// each file in each encoding and lists them. The bundling step touches this file, because a file that was
// missing before leaves no dependency record.

#include "CWebAssets.h"

#if __has_include("dist/manifest.inc")
#define CHATICKET_HAS_BUNDLE 1
#else
#define CHATICKET_HAS_BUNDLE 0
#endif

#if !CHATICKET_HAS_BUNDLE && defined(RELEASE)
#error "The browser client is not bundled: run `node Sources/WebClient/build.mjs`, then build again."
#endif

#if CHATICKET_HAS_BUNDLE

#define ASSET(PATH, TYPE, ENCODING, ETAG, DATA, IMMUTABLE) \
    {PATH, TYPE, ENCODING, ETAG, DATA, sizeof DATA, IMMUTABLE}

// Defines `assets`.
#include "dist/manifest.inc"

#else

static const char page[] =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Chaticket</title>"
    "<p>This build has no browser client in it. Run <code>node Sources/WebClient/build.mjs</code> in "
    "the repository, then build the node again.</p></html>";

static const struct chaticket_web_asset assets[] = {
    {"/index.html", "text/html; charset=utf-8", "identity", "\"no-bundle\"", (const uint8_t *)page,
     sizeof page - 1, false},
};

#endif

size_t chaticket_asset_count(void) {
    return sizeof assets / sizeof assets[0];
}

struct chaticket_web_asset chaticket_asset(size_t index) {
    return assets[index < chaticket_asset_count() ? index : 0];
}

bool chaticket_has_bundle(void) {
    return CHATICKET_HAS_BUNDLE;
}
