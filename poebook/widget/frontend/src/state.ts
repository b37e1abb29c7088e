/** What a conversation is, and how a change changes it: pure, and the same in `poebook/client/turns.py`.
 *  What a change leaves alone keeps its identity, so that views need not look at it again. */

export type AnswerStatus = "streaming" | "done" | "stopped" | "error";
export type Feedback = "like" | "dislike" | null;

export interface Fault {
  summary: string;
  cell: number | null;
  line: number | null;
  traceback: string;
}

export interface AnswerError {
  title: string;
  text: string;
  allow_retry: boolean;
  fault: Fault | null;
}

export interface FileState {
  url: string;
  name: string;
  content_type: string;
  inline_ref: string | null;
}

export interface Answer {
  id: string;
  target: number;
  state: AnswerStatus;
  text: string;
  content_type: string;
  replies: string[];
  files: FileState[];
  error: AnswerError | null;
  note: string | null;
  first_event_s: number | null;
  total_s: number | null;
  event_count: number;
  feedback: Feedback;
  elapsed_s: number;
}

export interface Turn {
  id: string;
  text: string;
  at: number;
  answers: Answer[];
}

export interface Target {
  name: string;
  where: string;
  introduction: string | null;
}

export interface Chat {
  id: string;
  targets: Target[];
  turns: Turn[];
}

export interface End {
  op: "end";
  id: string;
  state: AnswerStatus;
  error: AnswerError | null;
  note: string | null;
  first_event_s: number | null;
  total_s: number | null;
  event_count: number;
}

export type Op =
  | { op: "targets"; targets: Target[] }
  | ({ op: "turn" } & Turn)
  | { op: "answer"; turn: string; answer: Answer }
  | { op: "truncate"; turns: number }
  | { op: "clear" }
  | { op: "first"; id: string; s: number }
  | { op: "meta"; id: string; content_type: string }
  | { op: "text"; id: string; text: string; n: number }
  | { op: "replace"; id: string; text: string; n: number }
  | { op: "reply"; id: string; text: string }
  | { op: "file"; id: string; file: FileState }
  | { op: "feedback"; id: string; feedback: Feedback }
  | End;

type Fold<K extends Op["op"], S> = (state: S, op: Extract<Op, { op: K }>) => S;
type ChatOp = "targets" | "turn" | "answer" | "truncate" | "clear";
type AnswerOp = Exclude<Op["op"], ChatOp>;

const WHOLE: { [K in ChatOp]: Fold<K, Chat> } = {
  targets: (chat, op) => ({ ...chat, targets: op.targets }),
  turn: (chat, { id, text, at, answers }) => ({ ...chat, turns: [...chat.turns, { id, text, at, answers }] }),
  answer: (chat, op) => ({
    ...chat,
    turns: chat.turns.map((turn) => (turn.id === op.turn ? { ...turn, answers: withAnswer(turn, op.answer) } : turn)),
  }),
  truncate: (chat, op) => ({ ...chat, turns: chat.turns.slice(0, op.turns) }),
  clear: (chat) => ({ ...chat, turns: [] }),
};

const ONE: { [K in AnswerOp]: Fold<K, Answer> } = {
  first: (answer, op) => ({ ...answer, first_event_s: op.s }),
  meta: (answer, op) => ({ ...answer, content_type: op.content_type }),
  text: (answer, op) => ({ ...answer, text: answer.text + op.text, event_count: op.n }),
  replace: (answer, op) => ({ ...answer, text: op.text, event_count: op.n }),
  reply: (answer, op) => ({ ...answer, replies: [...answer.replies, op.text] }),
  file: (answer, op) => ({ ...answer, files: [...answer.files, op.file] }),
  feedback: (answer, op) => ({ ...answer, feedback: op.feedback }),
  end: (answer, op) => ({
    ...answer,
    state: op.state,
    error: op.error,
    note: op.note,
    first_event_s: op.first_event_s,
    total_s: op.total_s,
    event_count: op.event_count,
  }),
};

/** The state after one change; a change of an answer that is gone, or of a kind unknown, changes nothing. */
export function apply(chat: Chat, op: Op): Chat {
  if (op.op in WHOLE) return (WHOLE[op.op as ChatOp] as (chat: Chat, op: Op) => Chat)(chat, op);
  const fold = ONE[op.op as AnswerOp] as ((answer: Answer, op: Op) => Answer) | undefined;
  if (!fold || !("id" in op)) return chat;
  for (let t = chat.turns.length - 1; t >= 0; t--) {
    const turn = chat.turns[t]!;
    const a = turn.answers.findIndex((answer) => answer.id === op.id);
    if (a < 0) continue;
    const answers = turn.answers.slice();
    answers[a] = fold(turn.answers[a]!, op);
    const turns = chat.turns.slice();
    turns[t] = { ...turn, answers };
    return { ...chat, turns };
  }
  return chat;
}

function withAnswer(turn: Turn, answer: Answer): Answer[] {
  return [...turn.answers.filter((other) => other.target !== answer.target), answer].sort((a, b) => a.target - b.target);
}

/** Whether anybody is answering. */
export function isStreaming(chat: Chat | null): boolean {
  return chat?.turns.at(-1)?.answers.some((answer) => answer.state === "streaming") ?? false;
}
