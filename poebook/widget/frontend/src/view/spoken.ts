/** The sentences that a screen reader says while things happen: that, not how many characters a second. */

import type { Answer, Chat, Op } from "../state.ts";
import { hasAnswered, hasFailed, isAnswering, wasStopped } from "../strings.ts";

/** What to say after some changes; null for nothing new. */
export function sentence(chat: Chat | null, ops: readonly Op[]): string | null {
  if (!chat) return null;
  const name = (answer: Answer) => chat.targets[answer.target]?.name ?? "";
  let said: string | null = null;
  for (const op of ops) {
    if (op.op === "turn") said = isAnswering(op.answers.map(name));
    else if (op.op === "answer") said = isAnswering([name(op.answer)]);
    else if (op.op === "end") {
      const answer = chat.turns.flatMap((turn) => turn.answers).find((one) => one.id === op.id);
      if (answer) said = ended(name(answer), answer);
    }
  }
  return said;
}

function ended(name: string, answer: Answer): string {
  if (answer.state === "error") return hasFailed(name, answer.error?.title ?? "");
  return answer.state === "stopped" ? wasStopped(name) : hasAnswered(name);
}
