#include "CProbes.h"

#include <string.h>

_Thread_local uint32_t chaticket_marks[CHATICKET_MARKS_MAX];
_Thread_local uint64_t chaticket_perturbations;
_Thread_local int32_t chaticket_canary = -1;

static _Thread_local uint32_t fired[CHATICKET_PERTURBATIONS_MAX];
static _Thread_local uint64_t state;

uint32_t chaticket_mark_count(uint16_t mark) {
    return mark < CHATICKET_MARKS_MAX ? chaticket_marks[mark] : 0;
}

// SAFETY: exactly the bytes of the array.
void chaticket_marks_reset(void) { memset(chaticket_marks, 0, sizeof chaticket_marks); }

// SplitMix64 (Steele, Lea and Flood, 2014).
static uint64_t next(void) {
    uint64_t word = state += 0x9E3779B97F4A7C15;
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9;
    word = (word ^ word >> 27) * 0x94D049BB133111EB;
    return word ^ word >> 31;
}

bool chaticket_perturbs_now(uint16_t site) {
    if (next() & 3) return false;
    fired[site & 63]++;
    return true;
}

void chaticket_perturb(uint64_t sites, uint64_t seed) {
    chaticket_perturbations = sites;
    state = seed;
    // SAFETY: exactly the bytes of the array.
    memset(fired, 0, sizeof fired);
}

uint32_t chaticket_perturbation_count(uint16_t site) {
    return site < CHATICKET_PERTURBATIONS_MAX ? fired[site] : 0;
}

void chaticket_set_canary(int32_t canary) { chaticket_canary = canary; }
