// The page that shows a run of the simulation, embedded in the binary. Its data replaces one comment
// in it; everything else is in the page, so that it needs no network.

#ifndef CHATICKET_CTIMELINEPAGE_H
#define CHATICKET_CTIMELINEPAGE_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The first of ``chaticket_timeline_page_count`` bytes of UTF-8; constant, as long as the process lives.
const uint8_t *chaticket_timeline_page(void);

/// How many bytes the page has.
size_t chaticket_timeline_page_count(void);

#pragma clang assume_nonnull end

#endif
