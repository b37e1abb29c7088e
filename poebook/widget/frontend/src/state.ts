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
  /** Why it is disliked. */
  reason: string | null;
  reactions: string[];
  /** Whether this one was picked among the answers of its turn. */
  picked: boolean;
  cost: string | null;
  elapsed_s: number;
}

/** A file of the asker's, on its way or there. */
export interface Upload {
  id: string;
  name: string;
  size: number;
  content_type: string;
  url: string | null;
  state: "receiving" | "reading" | "ready" | "refused";
  /** Bytes. */
  received: number;
  problem: string | null;
  parsed_chars: number | null;
}

export interface Turn {
  id: string;
  text: string;
  at: number;
  answers: Answer[];
  attachments: Upload[];
  parameters: Values;
  user: string | null;
  /** Which of its siblings this is, from 0, and how many they are. */
  branch: number;
  branches: number;
}

export type Values = Record<string, unknown>;

/** What a bot declares of one setting (null: nothing), and what Poe assumes for what it left out. */
export interface Setting {
  name: string;
  declared: unknown;
  assumed: unknown;
}

export interface Target {
  name: string;
  where: string;
  introduction: string | null;
  allow_attachments: boolean;
  expand_text_attachments: boolean;
  /** The bot's `parameter_controls`, as the protocol has them. */
  controls: Record<string, unknown> | null;
  settings: Setting[];
  /** Why what it declares, or some of it, could not be had. */
  trouble: AnswerError | null;
  /** How often its answer was picked. */
  wins: number;
}

export interface Chat {
  id: string;
  targets: Target[];
  /** The branch that is shown. */
  turns: Turn[];
  /** What goes with the next message. */
  parameters: Values;
  users: string[];
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
  | { op: "path"; from: number; turns: Turn[] }
  | { op: "clear" }
  | { op: "parameters"; values: Values }
  | { op: "users"; users: string[] }
  | { op: "picked"; turn: string; target: number | null }
  | { op: "first"; id: string; s: number }
  | { op: "meta"; id: string; content_type: string }
  | { op: "text"; id: string; text: string; n: number }
  | { op: "replace"; id: string; text: string; n: number }
  | { op: "reply"; id: string; text: string }
  | { op: "file"; id: string; file: FileState }
  | { op: "feedback"; id: string; feedback: Feedback; reason: string | null }
  | { op: "reactions"; id: string; reactions: string[] }
  | { op: "cost"; id: string; cost: string }
  | End;

type Fold<K extends Op["op"], S> = (state: S, op: Extract<Op, { op: K }>) => S;
type ChatOp = "targets" | "turn" | "path" | "clear" | "parameters" | "users" | "picked";
type AnswerOp = Exclude<Op["op"], ChatOp>;

const WHOLE: { [K in ChatOp]: Fold<K, Chat> } = {
  targets: (chat, op) => ({ ...chat, targets: op.targets }),
  turn: (chat, { op, ...turn }) => ({ ...chat, turns: [...chat.turns, turn] }),
  path: (chat, op) => ({ ...chat, turns: [...chat.turns.slice(0, op.from), ...op.turns] }),
  clear: (chat) => ({ ...chat, turns: [] }),
  parameters: (chat, op) => ({ ...chat, parameters: op.values }),
  users: (chat, op) => ({ ...chat, users: op.users }),
  picked: (chat, op) => {
    const turn = chat.turns.find((one) => one.id === op.turn);
    if (!turn) return chat;
    const answers = turn.answers.map((one) => picked(one, op.target));
    const won = (index: number) => turn.answers.reduce((sum, one, n) => (one.target === index ? sum + Number(answers[n]!.picked) - Number(one.picked) : sum), 0);
    return {
      ...chat,
      targets: chat.targets.map((target, index) => (won(index) ? { ...target, wins: target.wins + won(index) } : target)),
      turns: chat.turns.map((one) => (one === turn ? { ...turn, answers } : one)),
    };
  },
};

const ONE: { [K in AnswerOp]: Fold<K, Answer> } = {
  first: (answer, op) => ({ ...answer, first_event_s: op.s }),
  meta: (answer, op) => ({ ...answer, content_type: op.content_type }),
  text: (answer, op) => ({ ...answer, text: answer.text + op.text, event_count: op.n }),
  replace: (answer, op) => ({ ...answer, text: op.text, event_count: op.n }),
  reply: (answer, op) => ({ ...answer, replies: [...answer.replies, op.text] }),
  file: (answer, op) => ({ ...answer, files: [...answer.files, op.file] }),
  feedback: (answer, op) => ({ ...answer, feedback: op.feedback, reason: op.reason }),
  reactions: (answer, op) => ({ ...answer, reactions: op.reactions }),
  cost: (answer, op) => ({ ...answer, cost: op.cost }),
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
  if (!(op.op in ONE) || !("id" in op)) return chat;
  for (let t = chat.turns.length - 1; t >= 0; t--) {
    const turn = chat.turns[t]!;
    const a = turn.answers.findIndex((answer) => answer.id === op.id);
    if (a < 0) continue;
    const answers = turn.answers.slice();
    answers[a] = change(turn.answers[a]!, op);
    const turns = chat.turns.slice();
    turns[t] = { ...turn, answers };
    return { ...chat, turns };
  }
  return chat;
}

function picked(answer: Answer, target: number | null): Answer {
  const is = answer.target === target;
  return answer.picked === is ? answer : { ...answer, picked: is };
}

/** One answer after a change of it; a change of another kind changes nothing. */
export function change(answer: Answer, op: Op): Answer {
  const fold = ONE[op.op as AnswerOp] as ((answer: Answer, op: Op) => Answer) | undefined;
  return fold ? fold(answer, op) : answer;
}

/** Whether anybody is answering. */
export function isStreaming(chat: Chat | null): boolean {
  return chat?.turns.at(-1)?.answers.some((answer) => answer.state === "streaming") ?? false;
}
