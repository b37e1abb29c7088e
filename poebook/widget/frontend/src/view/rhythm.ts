/** When to draw: at the next frame, but seldom enough that the page's main thread keeps most of its time for others. */

/** After a drawing that took one part of time, so many are left to others. */
const OTHERS = 4;
/** However long a drawing took, the next one waits no longer than this. */
const REST_AT_MOST_MS = 100;
/** Who has just drawn at once draws at the next frame again. */
const FRAME_MS = 16;

export class Rhythm {
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Before this no drawing begins that can wait. */
  private free = 0;
  private begun = -Infinity;
  private urgent = false;
  private over = false;
  /** A message to itself is read once the browser has shown what was drawn. */
  private readonly shown = new MessageChannel();

  constructor(private readonly draw: () => void) {
    this.shown.port1.onmessage = () => this.rest();
  }

  /** Draw soon, however often this is called before. What is *urgent* is drawn at once, so that the next frame shows it:
   *  a frame's own drawing would begin with that frame, and show it later by as long as it takes. */
  soon(urgent = false): void {
    if (this.urgent) return;
    if (urgent && performance.now() - this.begun > FRAME_MS) {
      this.urgent = true;
      queueMicrotask(() => this.now());
      return;
    }
    if (this.frame) return;
    const rest = urgent ? 0 : this.free - performance.now();
    if (rest <= 0) return this.next();
    this.timer ??= setTimeout(() => this.next(), rest);
  }

  end(): void {
    this.over = true;
    this.forget();
    this.shown.port1.close();
  }

  private next(): void {
    this.forget();
    this.frame = requestAnimationFrame(() => this.now());
  }

  private now(): void {
    this.urgent = false;
    if (this.over) return;
    this.forget();
    this.begun = performance.now();
    this.shown.port2.postMessage(null);
    this.draw();
  }

  /** What was waited for is drawn now, or never. */
  private forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  private rest(): void {
    const took = performance.now() - this.begun;
    this.free = this.begun + took + Math.min(OTHERS * took, REST_AT_MOST_MS);
  }
}
