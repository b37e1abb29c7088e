/** Whether a condition holds: values of one type are compared, those of two are only ever unequal. */

import type { Comparison, Side, Values } from "./types.ts";

type Ordered = string | number;

const COMPARATORS: Record<Comparison["comparator"], (left: unknown, right: unknown) => boolean> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  gt: ordered((left, right) => left > right),
  ge: ordered((left, right) => left >= right),
  lt: ordered((left, right) => left < right),
  le: ordered((left, right) => left <= right),
};

/** *values* are those in effect: what is set, else the defaults. */
export function holds({ comparator, left, right }: Comparison, values: Values): boolean {
  return COMPARATORS[comparator]?.(valueOf(left, values), valueOf(right, values)) ?? false;
}

/** The parameters that a condition looks at. */
export function asksFor({ left, right }: Comparison): string[] {
  return [left, right].flatMap((side) => ("parameter_name" in side ? [side.parameter_name] : []));
}

function valueOf(side: Side, values: Values): unknown {
  if ("literal" in side) return side.literal;
  return Object.hasOwn(values, side.parameter_name) ? values[side.parameter_name] : undefined;
}

function ordered(compare: (left: Ordered, right: Ordered) => boolean): (left: unknown, right: unknown) => boolean {
  return (left, right) => {
    const comparable = typeof left === typeof right && (typeof left === "number" || typeof left === "string");
    return comparable && compare(left as Ordered, right as Ordered);
  };
}
