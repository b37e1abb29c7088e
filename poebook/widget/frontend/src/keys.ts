/** Keys typed in the widget stay in the widget: the notebook's shortcuts must not run cells or eat drafts. */

const KINDS = ["keydown", "keypress", "keyup", "paste", "copy", "cut"] as const;

/** Let nothing that is typed below *root* reach what stands around it. */
export function keepKeys(root: HTMLElement): void {
  for (const kind of KINDS) root.addEventListener(kind, (event) => event.stopPropagation());
  root.dataset["lmSuppressShortcuts"] = "true";
}
