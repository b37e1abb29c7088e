/** Files that come by paste or by drop. */

export interface Gate {
  /** Whether files may come at all now. */
  open(): boolean;
  /** Files, and whether there were folders beside them. */
  take(files: File[], folders: boolean): void;
  /** Whether files hang over the view. */
  hovering(over: boolean): void;
}

type Arrived = readonly [files: File[], folders: boolean];
const NOTHING: Arrived = [[], false];
const ELSEWHERE = ["dragenter", "pointermove"] as const;

/** Watch *root*; what is pasted counts only where text would go into *box*. */
export function watchArrivals(root: HTMLElement, box: HTMLElement, gate: Gate): void {
  let over = false;
  const become = (now: boolean) => {
    if (over === now) return;
    over = now;
    for (const kind of ELSEWHERE) now ? addEventListener(kind, elsewhere, true) : removeEventListener(kind, elsewhere, true);
    gate.hovering(now);
  };
  /** What was left is not heard of where it has been drawn anew meanwhile; and while files hang, no pointer moves. */
  const elsewhere = (event: Event) => {
    if (event.type === "pointermove" || !event.composedPath().includes(root)) become(false);
  };
  const isOver = ({ clientX, clientY }: DragEvent) =>
    root.contains((root.getRootNode() as Document | ShadowRoot).elementFromPoint(clientX, clientY));
  const ours = (handle: (event: DragEvent) => void) => (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files") || !gate.open()) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook around would open the file, or put it among its own
    handle(event);
  };
  root.addEventListener("dragenter", ours(() => become(true)));
  root.addEventListener("dragleave", ours((event) => become(isOver(event))));
  root.addEventListener("dragover", ours((event) => {
    event.dataTransfer!.dropEffect = "copy";
    become(true);
  }));
  root.addEventListener("drop", ours((event) => {
    become(false);
    gate.take(...filesOf(event.dataTransfer!));
  }));
  box.addEventListener("paste", (event) => {
    const [files, folders] = event.clipboardData ? pasted(event.clipboardData) : NOTHING;
    if (files.length === 0 || !gate.open()) return;
    event.preventDefault();
    gate.take(files, folders);
  });
}

/** Cells of a spreadsheet come as text and as a picture of it: that is text. A picture of a page has no text of its own. */
function pasted(data: DataTransfer): Arrived {
  const formatted = data.types.includes("text/html") || data.types.includes("text/rtf");
  return formatted && data.types.includes("text/plain") ? NOTHING : filesOf(data);
}

/** What was dropped but folders, which have no bytes of their own; and whether there were any. */
function filesOf(data: DataTransfer): Arrived {
  const items = [...data.items].filter((item) => item.kind === "file");
  const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory);
  const files = items.flatMap((item) => (folders.includes(item) ? [] : (item.getAsFile() ?? [])));
  return [files, folders.length > 0];
}
