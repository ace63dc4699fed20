internal import Determinism

/// The probes in the code under test, which belong to the thread: a run has them for itself.
extension Simulation {
    /// Marks count from zero, and what the settings say is perturbed.
    func beginProbes() {
        Mark.reset()
        Perturbation.activate(seed: settings.perturbationSeed)
        #if CANARIES
            Canary.release(settings.canary)
        #endif
    }

    /// Nothing outside of the run is perturbed.
    func endProbes() {
        Perturbation.activate(seed: nil)
        #if CANARIES
            Canary.release(nil)
        #endif
    }
}
