/** Values between page and kernel: the page is ahead while somebody moves a slider, and takes what others set. */

import type { Clock } from "../kernel/bridge.ts";
import type { Value, Values } from "./types.ts";

const SETTLED_MS = 150;

export class Sync {
  values: Values = {};
  private readonly echoes: string[] = [];
  private waiting: (() => void) | null = null;

  constructor(
    /** Sends what travels of the values, and says what that was. */
    private readonly send: (values: Values) => Values,
    private readonly changed: () => void,
    private readonly clock: Clock,
  ) {}

  /** Somebody set one value; the kernel hears of it when they pause. */
  set(name: string, value: Value): void {
    this.become({ ...this.values, [name]: value });
    this.waiting?.();
    this.waiting = this.clock.after(SETTLED_MS, () => this.flush());
  }

  /** Back to the defaults, at once. */
  reset(): void {
    this.become({});
    this.waiting ??= () => undefined;
    this.flush();
  }

  /** Tell the kernel now, if there is something to tell: a question must not overtake its values. */
  flush(): void {
    if (!this.waiting) return;
    this.waiting();
    this.waiting = null;
    this.echoes.push(canonical(this.send(this.values)));
  }

  /** The kernel's values: an echo of what was sent from here, or what somebody set elsewhere. */
  heard(values: Values): void {
    const echo = this.echoes.indexOf(canonical(values));
    if (echo >= 0) this.echoes.splice(0, echo + 1);
    else if (!this.waiting) {
      this.echoes.length = 0;
      this.become(values);
    }
  }

  private become(values: Values): void {
    this.values = values;
    this.changed();
  }
}

function canonical(values: Values): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
