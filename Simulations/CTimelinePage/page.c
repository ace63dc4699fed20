#include "CTimelinePage.h"

static const uint8_t page[] = {
#embed "timeline.html"
};

const uint8_t *chaticket_timeline_page(void) { return page; }

size_t chaticket_timeline_page_count(void) { return sizeof page; }
