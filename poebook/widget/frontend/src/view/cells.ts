/** From an error to the line in the notebook that raised it, where the notebook stands in the same page. */

const PROMPT = ".jp-InputPrompt, .jp-InputArea-prompt";

/** Go to a cell's line and put the caret there; whether the cell was found. */
export function goTo(cell: number, line: number | null): boolean {
  const found = cellOf(cell);
  if (!found) return false;
  const lines = found.querySelectorAll<HTMLElement>(".cm-line");
  const target = (line !== null && lines[line - 1]) || found;
  target.scrollIntoView({ block: "center" });
  const editor = target.closest<HTMLElement>(".cm-content");
  if (!editor) return true;
  editor.focus({ preventScroll: true });
  document.getSelection()?.collapse(target, 0);
  return true;
}

/** The cell whose prompt has that number; of several, as after a restart, the last. */
function cellOf(cell: number): HTMLElement | null {
  const prompts = [...document.querySelectorAll<HTMLElement>(PROMPT)].filter((one) => one.textContent?.trim() === `[${cell}]:`);
  return prompts.at(-1)?.closest<HTMLElement>(".jp-Cell") ?? null;
}
