/** Figures with their units. */

import type { Answer } from "./state.ts";

const POE_LIMIT_S = 5;

/** "4 ms", "0.21 s", for times to the first event. */
export function precise(s: number): string {
  return s < 0.1 ? `${Math.max(1, Math.round(s * 1000))} ms` : `${s.toFixed(2)} s`;
}

/** "3.4 s", "2 min 05 s", for durations. */
export function duration(s: number): string {
  if (s < 59.95) return `${s.toFixed(1)} s`;
  const whole = Math.round(s);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** A whole duration: of very short ones the milliseconds. */
export function total(s: number): string {
  return s < 0.1 ? precise(s) : duration(s);
}

/** Characters a second after the first event; null where too little came to measure. */
export function rate(answer: Answer, elapsed: number): number | null {
  const from = answer.first_event_s;
  const took = (answer.total_s ?? elapsed) - (from ?? 0);
  if (from === null || took < 0.1 || answer.text.length < 20) return null;
  return Math.round(answer.text.length / took);
}

/** "412", "12,300". */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "waiting 1.4 s", and what that means on Poe. */
export function waiting(s: number): string {
  const over = s > POE_LIMIT_S ? `, over Poe's limit of ${POE_LIMIT_S} s` : "";
  return `waiting ${duration(s)}${over}`;
}
