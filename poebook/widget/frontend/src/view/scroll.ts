/** Where the transcript stands: it follows what is written as long as its end is in view, and not a line longer. */

const NEAR = 32;
/** What moves so soon after somebody's wheel, finger or key was moved by it. */
const BY_HAND_MS = 500;

export class Scroll {
  following = true;
  /** Whether text has come that is out of view. */
  missed = false;
  private height = 0;
  private top = 0;
  private size = 0;
  private frame = 0;
  private boxInView = false;
  /** When somebody last did what may scroll, and whether a button is held down, as on a scrollbar. */
  private gesture = -Infinity;
  private held = false;
  private showing: string | null = null;
  private readonly watcher = new IntersectionObserver((entries) => (this.boxInView = (entries.at(-1)?.intersectionRatio ?? 0) > 0.9), {
    threshold: [0, 0.9, 1],
  });

  private readonly sizes = new ResizeObserver(() => this.resized());

  constructor(
    private readonly log: HTMLElement,
    private readonly box: HTMLElement,
    private readonly changed: () => void,
  ) {
    this.watcher.observe(box);
    this.sizes.observe(log);
    log.addEventListener("toggle", (event) => this.opened(event.target as HTMLElement), true);
    log.addEventListener("scroll", () => this.scrolled(), { passive: true });
    log.addEventListener("contentvisibilityautostatechange", () => this.laidOut(), true);
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      log.addEventListener(kind, () => (this.gesture = performance.now()), { passive: true });
    }
    log.addEventListener("pointerdown", () => (this.held = true), { passive: true });
    for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, this.released, { passive: true });
    log.addEventListener("focusin", (event) => this.focused(event.target as Element));
    log.addEventListener("keydown", (event) => event.key === "End" && event.target === log && this.toEnd());
  }

  /** Go to the end and stay there. */
  toEnd(): void {
    this.following = true;
    this.missed = false;
    this.settle();
    this.changed();
  }

  /** After the page was changed: follow, or say that there is more, where *news* came. */
  settle(news = false): void {
    const { log } = this;
    if (log.clientHeight === 0) return; // not in the page, as when a notebook keeps far cells out of it
    const grown = log.scrollHeight > this.height + 1;
    this.height = log.scrollHeight;
    log.classList.toggle("pb-scroll", log.scrollHeight > log.clientHeight + 1);
    if (this.showing !== null) {
      log.querySelector(this.showing)?.scrollIntoView({ block: "nearest" });
      this.showing = null;
      this.top = log.scrollTop;
      return;
    }
    log.classList.toggle("pb-free", !this.following);
    if (this.following && !this.selecting()) {
      log.scrollTop = log.scrollHeight;
      this.top = log.scrollTop;
      if (grown) this.keepBox();
    } else if (news && grown && !this.near()) this.missed = true;
  }

  /** What came into view has its real size now; once a frame is enough. */
  private laidOut(): void {
    if (!this.following || this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.following) this.settle();
    });
  }

  end(): void {
    for (const kind of ["pointerup", "pointercancel"]) removeEventListener(kind, this.released);
    cancelAnimationFrame(this.frame);
    this.watcher.disconnect();
    this.sizes.disconnect();
  }

  /** While somebody is in the box and sees it, what grows above must not push it out of view. */
  private keepBox(): void {
    if (this.boxInView && document.activeElement === this.box) this.box.closest("form")?.scrollIntoView({ block: "nearest" });
  }

  /** An element that was taken out of the page comes back scrolled to its beginning. */
  private resized(): void {
    const { log } = this;
    if (this.size === 0 && !this.following) log.scrollTop = this.top;
    this.size = log.clientHeight;
    this.settle();
  }

  /** A traceback that somebody opens should be seen. */
  private opened(details: HTMLElement): void {
    if (details.hasAttribute("open")) details.scrollIntoView({ block: "nearest" });
    this.settle();
  }

  private scrolled(): void {
    if (this.log.clientHeight === 0 || this.size === 0) return;
    const near = this.near();
    if (this.log.scrollTop === this.top || (this.following && this.isLayout())) {
      this.top = this.log.scrollTop;
      if (!near) this.laidOut(); // nobody moved it: what stands there has grown
      return;
    }
    this.top = this.log.scrollTop;
    const before = this.missed;
    this.following = near;
    this.log.classList.toggle("pb-free", !near);
    if (near) this.missed = false;
    if (before !== this.missed) this.changed();
  }

  /** Whether it moved because what stands there has another size now: what shrinks and grows again pulls the end away. */
  private isLayout(): boolean {
    const byHand = this.held || performance.now() - this.gesture < BY_HAND_MS;
    return !byHand && this.log.scrollHeight !== this.height;
  }

  private readonly released = (): void => {
    this.held = false;
  };

  private focused(target: Element): void {
    if (target === this.log) return;
    const messages = this.log.querySelectorAll("article");
    if (messages.length && !messages[messages.length - 1]!.contains(target) && !target.closest(".pb-several")) this.following = false;
  }

  /** Once it is drawn, have an element of the transcript in view. */
  show(selector: string): void {
    this.following = false;
    this.showing = selector;
  }

  private selecting(): boolean {
    const selection = document.getSelection();
    return selection !== null && !selection.isCollapsed && this.log.contains(selection.anchorNode);
  }

  private near(): boolean {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight <= NEAR;
  }
}
