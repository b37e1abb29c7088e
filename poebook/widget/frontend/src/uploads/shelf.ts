/** The files that stand beside the draft: chosen, on their way, there, or refused. */

import type { Clock } from "../kernel/bridge.ts";
import type { Upload } from "../state.ts";
import { UPLOAD_CUT_OFF } from "../strings.ts";
import { Transfer, type Source, type Way } from "./transfer.ts";

/** What the shelf needs of the kernel. */
export type Door = Pick<Way, "announce" | "chunk" | "drop" | "listens">;

export class Shelf {
  uploads: readonly Upload[] = [];
  private readonly sources = new Map<string, Source>();
  private readonly transfer: Transfer;

  constructor(
    door: Door,
    private readonly changed: () => void,
    clock: Clock,
    private readonly newId: () => string = randomId,
  ) {
    this.transfer = new Transfer({ ...door, failed: (upload) => this.become(upload) }, clock, UPLOAD_CUT_OFF);
  }

  /** Whether some file is still under way. */
  get waiting(): boolean {
    return this.uploads.some((one) => one.state === "receiving" || one.state === "reading");
  }

  /** How many were refused, or cut off. */
  get refused(): number {
    return this.uploads.filter((one) => one.state === "refused").length;
  }

  /** Put files beside the draft, and send them. */
  add(sources: Iterable<Source>): void {
    for (const source of sources) this.begin(source, this.uploads.length);
    this.changed();
  }

  /** The same file once more, in the same place. */
  retry(id: string): void {
    const source = this.sources.get(id);
    const at = this.uploads.findIndex((one) => one.id === id);
    if (!source || at < 0) return;
    this.forget(id);
    this.begin(source, at);
    this.changed();
  }

  /** Whether trying again could help: the kernel did not refuse the file as such. */
  canRetry({ id, state, received, problem }: Upload): boolean {
    return state === "refused" && this.sources.has(id) && (received > 0 || problem === UPLOAD_CUT_OFF);
  }

  remove(id: string): void {
    const upload = this.uploads.find((one) => one.id === id);
    if (!upload) return;
    this.forget(id);
    if (upload.state !== "refused") this.transfer.drop(id);
    this.changed();
  }

  /** What the kernel says of an upload; of those that do not stand here it is not about. */
  heard(upload: Upload): void {
    if (!this.uploads.some((one) => one.id === upload.id)) return;
    this.become(upload);
    this.transfer.heard(upload);
  }

  /** The kernel is gone. */
  lost(): void {
    this.transfer.lost();
  }

  /** The files that go with a question now; what was refused stays here. */
  taken(): Upload[] {
    const ready = this.uploads.filter((one) => one.state === "ready");
    for (const { id } of ready) this.forget(id);
    this.changed();
    return ready;
  }

  /** Files that are in the kernel already: of an earlier view, or of a question that never went. */
  putBack(uploads: readonly Upload[]): void {
    const here = new Set(this.uploads.map((one) => one.id));
    this.uploads = [...uploads.filter((one) => !here.has(one.id)), ...this.uploads];
    this.changed();
  }

  private begin(source: Source, at: number): void {
    const id = this.newId();
    const upload: Upload = {
      id, name: source.name, size: source.size, content_type: source.type, url: null, state: "receiving", received: 0, problem: null, parsed_chars: null,
    };
    this.sources.set(id, source);
    this.uploads = [...this.uploads.slice(0, at), upload, ...this.uploads.slice(at)];
    this.transfer.begin(upload, source);
  }

  private forget(id: string): void {
    this.sources.delete(id);
    this.uploads = this.uploads.filter((one) => one.id !== id);
  }

  private become(upload: Upload): void {
    this.uploads = this.uploads.map((one) => (one.id === upload.id ? upload : one));
    if (upload.state === "ready") this.sources.delete(upload.id);
    this.changed();
  }
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `f-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
