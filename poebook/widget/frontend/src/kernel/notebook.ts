/** The notebook that shows a widget, as far as the front end lets us at it: JupyterLab and Notebook 7 do. */

import type { Model } from "./bridge.ts";

export type Mime = Record<string, string>;

interface Output {
  data?: Record<string, unknown>;
}

/** What is used of JupyterLab's model of a cell's outputs. */
interface Outputs {
  readonly length: number;
  get(index: number): { toJSON(): Output };
  set(index: number, output: Output): void;
}

/** How far writing the file is: "started", "failed", or "completed" and its kinds. */
type SaveState = string;
type SaveSlot = (sender: unknown, state: SaveState) => void;

/** What is used of JupyterLab's document. */
interface Context {
  model?: { cells?: Iterable<{ outputs?: Outputs }>; dirty?: boolean };
  saveState?: { connect(slot: SaveSlot): unknown; disconnect(slot: SaveSlot): unknown };
  save?(): Promise<unknown>;
}

/** An output whose HTML has a mark. */
export interface Place {
  html: string;
  data: Mime;
  put(data: Mime): void;
}

export class Notebook {
  private constructor(private readonly context: Context) {}

  /** The notebook that shows the widget; null where the front end keeps it to itself. */
  static of(model: Model): Notebook | null {
    const context = (model.widget_manager as { context?: Context } | undefined)?.context;
    return context?.model?.cells && context.saveState ? new Notebook(context) : null;
  }

  places(mark: string): Place[] {
    const found: Place[] = [];
    for (const { outputs } of this.context.model?.cells ?? []) {
      for (let index = 0; outputs && index < outputs.length; index++) {
        const output = outputs.get(index).toJSON();
        const html = text(output.data?.["text/html"]);
        if (!html.includes(mark)) continue;
        const data = Object.fromEntries(Object.entries(output.data ?? {}).map(([type, value]) => [type, text(value)]));
        found.push({ html, data, put: (data) => outputs.set(index, { ...output, data }) });
      }
    }
    return found;
  }

  /** Say that the file is behind what is shown, so that it is saved and nobody closes it unasked. */
  behind(): void {
    if (this.context.model) this.context.model.dirty = true;
  }

  /** Write the file; JupyterLab itself tells of what goes wrong. */
  async save(): Promise<void> {
    await this.context.save?.().catch(() => undefined);
  }

  /** Have *hear* told whenever the notebook is about to be written, before its content is read, and how that ended; the
   *  return value ends that. */
  onSave(hear: (state: SaveState) => void): () => void {
    const slot: SaveSlot = (_, state) => hear(state);
    this.context.saveState?.connect(slot);
    return () => this.context.saveState?.disconnect(slot);
  }
}

/** A text of the notebook's format, which may be one of lines. */
function text(value: unknown): string {
  return Array.isArray(value) ? value.join("") : typeof value === "string" ? value : "";
}
