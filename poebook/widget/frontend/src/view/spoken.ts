/** The sentences that a screen reader says while things happen: that, not how many characters a second. */

import type { Answer, Chat, Op, Turn } from "../state.ts";
import { branchIs, hasAnswered, hasFailed, isAnswering, wasStopped } from "../strings.ts";

/** What to say after some changes; null for nothing new. */
export function sentence(chat: Chat | null, ops: readonly Op[]): string | null {
  if (!chat) return null;
  const name = (answer: Answer) => chat.targets[answer.target]?.name ?? "";
  let said: string | null = null;
  for (const op of ops) {
    if (op.op === "turn") said = isAnswering(op.answers.map(name));
    else if (op.op === "path") said = changed(op.turns, name) ?? said;
    else if (op.op === "end") {
      const answer = chat.turns.flatMap((turn) => turn.answers).find((one) => one.id === op.id);
      if (answer) said = ended(name(answer), answer);
    }
  }
  return said;
}

/** Who answers on the branch that is shown now, else which branch it is. */
function changed(turns: readonly Turn[], name: (answer: Answer) => string): string | null {
  const answering = turns.at(-1)?.answers.filter((answer) => answer.state === "streaming") ?? [];
  if (answering.length) return isAnswering(answering.map(name));
  const turn = turns[0];
  return turn && turn.branches > 1 ? branchIs(turn.branch, turn.branches) : null;
}

function ended(name: string, answer: Answer): string {
  if (answer.state === "error") return hasFailed(name, answer.error?.title ?? "");
  return answer.state === "stopped" ? wasStopped(name) : hasAnswered(name);
}
