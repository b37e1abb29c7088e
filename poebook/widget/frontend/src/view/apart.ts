/** Columns that scroll each by itself follow what is written in them, each as long as its end is in view. */

const NEAR = 32;

/** The columns whose end is in view; to be called before the page is changed. */
export function atEnd(root: Element): Element[] {
  return [...root.querySelectorAll('.pb-apart [data-state="streaming"] .pb-colbody')].filter(
    (one) => one.scrollHeight - one.scrollTop - one.clientHeight <= NEAR,
  );
}

export function follow(columns: readonly Element[]): void {
  for (const column of columns) column.scrollTop = column.scrollHeight;
}
