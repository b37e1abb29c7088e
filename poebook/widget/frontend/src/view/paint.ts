/** Colours for code. The part that knows languages comes from the kernel when the first code is shown. */

import { h, type Child } from "../dom/vnode.ts";

export type Piece = string | { scope: string; children: Piece[] };
type Highlighter = (code: string, language: string) => Piece[] | null;

export class Painter {
  private highlighter: Highlighter | null = null;
  private asked = false;

  constructor(
    private readonly fetchPart: () => Promise<DataView>,
    private readonly ready: () => void,
  ) {}

  paint(code: string, language: string): Child[] | null {
    if (!this.highlighter) {
      this.ask();
      return null;
    }
    return this.highlighter(code, language)?.map(coloured) ?? null;
  }

  private ask(): void {
    if (this.asked) return;
    this.asked = true;
    void this.fetchPart()
      .then(load)
      .then((highlighter) => {
        this.highlighter = highlighter;
        this.ready();
      })
      .catch(() => undefined); // code without colours is still code
  }
}

async function load(code: DataView): Promise<Highlighter> {
  const url = URL.createObjectURL(new Blob([code as DataView<ArrayBuffer>], { type: "text/javascript" }));
  try {
    return ((await import(url)) as { default: Highlighter }).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function coloured(piece: Piece): Child {
  return typeof piece === "string" ? piece : h("span", { class: `pb-c-${piece.scope}` }, piece.children.map(coloured));
}
