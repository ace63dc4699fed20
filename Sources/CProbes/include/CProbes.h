#ifndef CHATICKET_PROBES_H
#define CHATICKET_PROBES_H

#include <stdbool.h>
#include <stdint.h>

// What a simulation wants to know of, and to do to, the code that it runs: marks that count rare
// paths, perturbations that take them on purpose, and the one planted bug of a canary build.
//
// All of it belongs to the thread, so that simulations on several threads do not disturb each
// other, and costs a production process one untaken branch or one addition to memory of its own.

/// The most kinds of marks and of perturbations that there may be.
#define CHATICKET_MARKS_MAX 256
#define CHATICKET_PERTURBATIONS_MAX 64

extern _Thread_local uint32_t chaticket_marks[CHATICKET_MARKS_MAX];
extern _Thread_local uint64_t chaticket_perturbations;
extern _Thread_local int32_t chaticket_canary;

/// Counts that the path `mark` was taken.
static inline void chaticket_mark(uint16_t mark) {
    if (mark < CHATICKET_MARKS_MAX) chaticket_marks[mark]++;
}

/// How often the path `mark` was taken on this thread since the last reset.
uint32_t chaticket_mark_count(uint16_t mark);

/// Forgets all counts of this thread.
void chaticket_marks_reset(void);

bool chaticket_perturbs_now(uint16_t site);

/// Whether to leave the usual path at `site` this time; never unless the site is active.
static inline bool chaticket_perturbs(uint16_t site) {
    return __builtin_expect(chaticket_perturbations >> (site & 63) & 1, 0)
        && chaticket_perturbs_now(site);
}

/// From now on the sites whose bits are set fire one time in four on this thread, drawn from
/// `seed`; no bit ends it.
void chaticket_perturb(uint64_t sites, uint64_t seed);

/// How often the site fired on this thread since the last ``chaticket_perturb``.
uint32_t chaticket_perturbation_count(uint16_t site);

/// Which planted bug lives on this thread; -1 for none.
static inline int32_t chaticket_canary_now(void) { return chaticket_canary; }

void chaticket_set_canary(int32_t canary);

#endif
