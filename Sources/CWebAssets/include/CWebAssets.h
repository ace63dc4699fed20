// The browser client inside the binary: every file in every encoding, as pointers and counts.
//
// `Sources/WebClient/build.mjs` writes the files to `dist`; `assets.c` embeds them. All pointers are
// to constant storage that lives as long as the process. A clone that never ran the bundling step has
// one asset, a page that says how to make the others.

#ifndef CHATICKET_CWEBASSETS_H
#define CHATICKET_CWEBASSETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// One file in one encoding. Files with several encodings have several assets of the same path, the
/// identity form first, then gzip, then brotli.
struct chaticket_web_asset {
    /// The path of the URL, for example `/assets/app.5KQ2.js`; `/index.html` is also the answer to
    /// every path that nothing else answers.
    const char *path;
    /// The value of `Content-Type`.
    const char *content_type;
    /// `identity`, `gzip` or `br`: the value of `Content-Encoding`, which identity omits.
    const char *encoding;
    /// The value of `ETag` with its quotes, from the content of this encoding.
    const char *etag;
    /// The first of `count` bytes.
    const uint8_t *bytes;
    /// How many bytes there are.
    size_t count;
    /// Whether the path holds a hash of the content, so that a browser may keep it for ever.
    bool immutable;
};

/// How many assets there are; at least one.
size_t chaticket_asset_count(void);

/// The asset at `index`. An index out of range answers the first asset.
struct chaticket_web_asset chaticket_asset(size_t index);

/// Whether the bundle was there when the binary was built.
bool chaticket_has_bundle(void);

#pragma clang assume_nonnull end

#endif
