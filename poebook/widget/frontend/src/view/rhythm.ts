/** When to draw: at the next frame, but seldom enough that the page's main thread keeps most of its time for others. */

/** After a drawing that took one part of time, so many are left to others. */
const OTHERS = 4;
/** However long a drawing took, the next one waits no longer than this. */
const REST_AT_MOST_MS = 100;

export class Rhythm {
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Before this no drawing begins that can wait. */
  private free = 0;
  private begun = 0;
  /** A message to itself is read once the browser has shown what was drawn. */
  private readonly shown = new MessageChannel();

  constructor(private readonly draw: () => void) {
    this.shown.port1.onmessage = () => this.rest();
  }

  /** Draw soon, however often this is called before; what is *urgent* waits for nothing but the next frame. */
  soon(urgent = false): void {
    if (this.frame) return;
    const rest = urgent ? 0 : this.free - performance.now();
    if (rest <= 0) return this.next();
    this.timer ??= setTimeout(() => this.next(), rest);
  }

  end(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.shown.port1.close();
  }

  private next(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.begun = performance.now();
      this.shown.port2.postMessage(null);
      this.draw();
    });
  }

  private rest(): void {
    const took = performance.now() - this.begun;
    this.free = this.begun + took + Math.min(OTHERS * took, REST_AT_MOST_MS);
  }
}
