// The sound of a message: two notes, made here. A browser plays nothing before somebody pressed something, and this
// asks for nothing before.

const pitches = [660, 880];
const noteSeconds = 0.12;
const fadeSeconds = 0.3;
const loudness = 0.08;
/** Messages that come together sound once. */
const pauseMilliseconds = 1_000;

let mayPlay = false;
let context: AudioContext | null = null;
let last = -pauseMilliseconds;

export function startSound(): void {
  const allow = () => {
    mayPlay = true;
  };
  addEventListener("pointerdown", allow, { once: true });
  addEventListener("keydown", allow, { once: true });
}

export function playSound(): void {
  if (!mayPlay || performance.now() - last < pauseMilliseconds) return;
  last = performance.now();
  context ??= new AudioContext();
  void context.resume();
  for (const [index, pitch] of pitches.entries()) {
    const from = context.currentTime + index * noteSeconds;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(loudness, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + fadeSeconds);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + fadeSeconds);
  }
}
