/** The kernel's side of files that come in chunks, as a script says: taken, stalled, or refused. */

import type { Question } from "../src/kernel/messages.ts";
import type { Upload } from "../src/state.ts";
import { size } from "../src/uploads/sizes.ts";
import { anUpload } from "./make.ts";

const LIMIT = 50e6;

export class FakeUploads {
  readonly all = new Map<string, Upload>();
  private readonly texts = new Map<string, string>();

  constructor(
    private readonly say: (upload: Upload) => void,
    /** Milliseconds between a chunk and its answer; files of that share of bytes stop there for good. */
    private readonly pace: { ms: number; stall: Record<string, number> } = { ms: 40, stall: {} },
  ) {}

  hear(message: Extract<Question, { kind: "upload" | "chunk" }>, bytes: ArrayBuffer | undefined): void {
    if (message.kind === "upload") this.announced(message);
    else setTimeout(() => this.took(message.upload, bytes ?? new ArrayBuffer(0)), this.pace.ms);
  }

  drop(id: string): void {
    this.all.delete(id);
  }

  taken(ids: readonly string[]): Upload[] {
    return ids.flatMap((id) => this.all.get(id) ?? []);
  }

  parsed(id: string): string | null {
    return this.texts.get(id) ?? "station,latitude,longitude\nOslo,59.91,10.75\nLisbon,38.72,-9.14\nQuito,-0.18,-78.47\n";
  }

  private announced({ upload, name, type, size: bytes }: Extract<Question, { kind: "upload" }>): void {
    const refused = bytes > LIMIT;
    const problem = refused ? `${name} is ${size(bytes)}; the limit is ${size(LIMIT)}.` : null;
    this.become(anUpload(upload, name, { size: bytes, content_type: type, state: refused ? "refused" : "receiving", received: 0, problem }));
  }

  private took(id: string, bytes: ArrayBuffer): void {
    const upload = this.all.get(id);
    if (!upload) return;
    const received = upload.received + bytes.byteLength;
    if (received / upload.size > (this.pace.stall[upload.name] ?? 2)) return;
    const text = /csv|text|json/.test(upload.content_type);
    if (text) this.texts.set(id, (this.texts.get(id) ?? "") + new TextDecoder().decode(bytes));
    if (received < upload.size) return this.become({ ...upload, received });
    this.become({ ...upload, received, state: "reading" });
    setTimeout(() => this.become({ ...upload, received, state: "ready", parsed_chars: text ? (this.texts.get(id)?.length ?? 0) : null }), 150);
  }

  private become(upload: Upload): void {
    this.all.set(upload.id, upload);
    this.say(upload);
  }
}
