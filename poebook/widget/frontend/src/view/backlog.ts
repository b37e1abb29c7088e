/** A long conversation opens with its end; what was said before follows while nobody waits for anything. */

const AT_ONCE = 10;
/** So few that a key pressed meanwhile is not held up for long. */
const AT_A_TIME = 8;
const PAUSE_MS = 30;

export class Backlog {
  private shown = AT_ONCE;
  private waiting = false;
  private over = false;

  constructor(private readonly changed: () => void) {}

  /** The first of *turns* turns that is shown now. */
  from(turns: number): number {
    const first = Math.max(0, turns - this.shown);
    if (first > 0) this.more();
    else if (turns > 0) this.shown = Infinity; // what comes later hides nothing
    return first;
  }

  /** Show nothing more. */
  end(): void {
    this.over = true;
  }

  private more(): void {
    if (this.waiting) return;
    this.waiting = true;
    whenIdle(() => {
      this.waiting = false;
      this.shown += AT_A_TIME;
      if (!this.over) this.changed();
    });
  }
}

function whenIdle(run: () => void): void {
  const later = () => setTimeout(run, PAUSE_MS);
  if ("requestIdleCallback" in globalThis) requestIdleCallback(later, { timeout: 500 });
  else later();
}
