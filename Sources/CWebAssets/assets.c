// The bundle of the browser client, embedded by C23 `#embed`: milliseconds to compile, where one Swift
// array literal of the same bytes takes minutes. `dist/manifest.inc` (written by the bundling step)
// defines the hashed URL path of each file and the ETag of each encoding; the file names are fixed, so
// that this list can be read. The bundling step touches this file, because a file that was missing
// before leaves no dependency record.

#include "CWebAssets.h"

#if __has_include("dist/manifest.inc") && __has_embed("dist/index.html") == __STDC_EMBED_FOUND__
#define CHATICKET_HAS_BUNDLE 1
#include "dist/manifest.inc"
#else
#define CHATICKET_HAS_BUNDLE 0
#endif

#if !CHATICKET_HAS_BUNDLE && defined(RELEASE)
#error "The browser client is not bundled: run `node Sources/WebClient/build.mjs`, then build again."
#endif

#if CHATICKET_HAS_BUNDLE

static const uint8_t index_html[] = {
#embed "dist/index.html"
};
static const uint8_t index_html_gz[] = {
#embed "dist/index.html.gz"
};
static const uint8_t index_html_br[] = {
#embed "dist/index.html.br"
};
static const uint8_t app_js[] = {
#embed "dist/app.js"
};
static const uint8_t app_js_gz[] = {
#embed "dist/app.js.gz"
};
static const uint8_t app_js_br[] = {
#embed "dist/app.js.br"
};
static const uint8_t app_css[] = {
#embed "dist/app.css"
};
static const uint8_t app_css_gz[] = {
#embed "dist/app.css.gz"
};
static const uint8_t app_css_br[] = {
#embed "dist/app.css.br"
};
static const uint8_t icon_svg[] = {
#embed "dist/icon.svg"
};
static const uint8_t pattern_svg[] = {
#embed "dist/pattern.svg"
};
static const uint8_t roboto_400_woff2[] = {
#embed "dist/roboto-400.woff2"
};
static const uint8_t roboto_500_woff2[] = {
#embed "dist/roboto-500.woff2"
};

#define ASSET(PATH, TYPE, ENCODING, ETAG, DATA, IMMUTABLE) \
    {PATH, TYPE, ENCODING, ETAG, DATA, sizeof DATA, IMMUTABLE}
#define HTML "text/html; charset=utf-8"
#define JAVASCRIPT "text/javascript; charset=utf-8"
#define CSS "text/css; charset=utf-8"

static const struct chaticket_web_asset assets[] = {
    ASSET("/index.html", HTML, "identity", INDEX_HTML_ETAG, index_html, false),
    ASSET("/index.html", HTML, "gzip", INDEX_HTML_GZ_ETAG, index_html_gz, false),
    ASSET("/index.html", HTML, "br", INDEX_HTML_BR_ETAG, index_html_br, false),
    ASSET(APP_JS_PATH, JAVASCRIPT, "identity", APP_JS_ETAG, app_js, true),
    ASSET(APP_JS_PATH, JAVASCRIPT, "gzip", APP_JS_GZ_ETAG, app_js_gz, true),
    ASSET(APP_JS_PATH, JAVASCRIPT, "br", APP_JS_BR_ETAG, app_js_br, true),
    ASSET(APP_CSS_PATH, CSS, "identity", APP_CSS_ETAG, app_css, true),
    ASSET(APP_CSS_PATH, CSS, "gzip", APP_CSS_GZ_ETAG, app_css_gz, true),
    ASSET(APP_CSS_PATH, CSS, "br", APP_CSS_BR_ETAG, app_css_br, true),
    ASSET(ICON_SVG_PATH, "image/svg+xml", "identity", ICON_SVG_ETAG, icon_svg, true),
    ASSET(PATTERN_SVG_PATH, "image/svg+xml", "identity", PATTERN_SVG_ETAG, pattern_svg, true),
    ASSET(ROBOTO_400_WOFF2_PATH, "font/woff2", "identity", ROBOTO_400_WOFF2_ETAG, roboto_400_woff2, true),
    ASSET(ROBOTO_500_WOFF2_PATH, "font/woff2", "identity", ROBOTO_500_WOFF2_ETAG, roboto_500_woff2, true),
};

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
