/** Sizes of files in words. */

/** "812 bytes", "4 kB", "6.4 MB", "61 MB". */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} byte${bytes === 1 ? "" : "s"}`;
  for (const [unit, of] of UNITS) if (bytes < of * 999.5) return `${figure(bytes / of, unit)} ${unit}`;
  return `${figure(bytes / 1e12, "TB")} TB`;
}

/** "62 % of 6.4 MB". */
export function progress(received: number, bytes: number): string {
  return `${percent(received, bytes)} % of ${size(bytes)}`;
}

/** Whole percent; 100 only when all of it is there. */
export function percent(received: number, bytes: number): number {
  return bytes === 0 ? 100 : Math.min(100, Math.floor((100 * received) / bytes));
}

const UNITS: readonly (readonly [string, number])[] = [["kB", 1e3], ["MB", 1e6], ["GB", 1e9]];

function figure(n: number, unit: string): string {
  return n < 9.95 && unit !== "kB" ? n.toFixed(1).replace(/\.0$/, "") : String(Math.max(1, Math.round(n)));
}
