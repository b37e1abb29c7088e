/** A part that comes from the kernel the first time that something wants it. */

/** What a part's module exports. */
interface Module<T> {
  default: T;
}

export class Late<T> {
  private part: T | null = null;
  private asked = false;

  constructor(
    private readonly fetchPart: () => Promise<DataView>,
    private readonly ready: () => void,
  ) {}

  /** The part; null until it has come. */
  get(): T | null {
    if (!this.asked) this.ask();
    return this.part;
  }

  private ask(): void {
    this.asked = true;
    void this.fetchPart()
      .then((code) => load<T>(code))
      .then((part) => {
        this.part = part;
        this.ready();
      })
      .catch(() => undefined); // an answer is readable without it
  }
}

async function load<T>(code: DataView): Promise<T> {
  const url = URL.createObjectURL(new Blob([code as DataView<ArrayBuffer>], { type: "text/javascript" }));
  try {
    return ((await import(url)) as Module<T>).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}
