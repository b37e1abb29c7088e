/** Every word that people read or hear. */

/** Names of buttons and parts, as tests and assistive technology know them. */
export const NAMES = {
  send: "Send",
  stop: "Stop",
  stopAll: "Stop all",
  regenerate: "Regenerate",
  retry: "Retry",
  copy: "Copy",
  copyCode: "Copy code",
  copyKey: "Copy key",
  copyLocal: "Copy local URL",
  copyPublic: "Copy public URL",
  copied: "Copied",
  like: "Like",
  dislike: "Dislike",
  newConversation: "New conversation",
  replies: "Suggested replies",
  answers: "Answers",
  you: "You",
  newText: "New text",
  traceback: "Traceback",
} as const;

export const STOPPED = "Stopped";
export const HINT_SEND = "Enter sends, Shift+Enter breaks the line";
export const HINT_STOP = "Esc stops";
export const HINT_STOP_ALL = "Esc stops all";
export const FIRST_TIME = "Change the cell and run it again whenever you like: the bot is swapped, the conversation stays.";
export const BUSY = "The kernel is busy; your message goes when the cell ends.";
export const BUSY_AT_START = "The kernel is busy; the conversation shows when the cell ends.";
export const BUSY_ELSE = "The kernel is busy; this takes effect when the cell ends.";
export const GONE_UNSEEN = "The kernel that this chat belonged to is gone. Run the cell again.";
export const GONE = "The kernel is gone. This is the conversation as it was saved.";
export const COPY_BY_HAND = "The browser keeps the clipboard to itself. Press Ctrl+C to copy this:";

export const conversationWith = (names: string[]) => `Conversation with ${all(names)}`;
export const chatWith = (names: string[]) => `Chat with ${all(names)}`;
export const messageTo = (names: string[]) => (names.length > 1 ? "Message all" : `Message ${names[0] ?? ""}`);
export const saySomething = (names: string[]) => `Say something to ${all(names)}.`;
export const isAnswering = (names: string[]) => `${all(names)} ${names.length > 1 ? "are" : "is"} answering.`;
export const hasAnswered = (name: string) => `${name} has answered.`;
export const wasStopped = (name: string) => `${name} was stopped.`;
export const hasFailed = (name: string, title: string) => `${name} could not answer: ${title}`;
export const loadImage = (host: string) => `Load image from ${host}`;

/** "a", "a and b", "a, b and c". */
export function all(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? "";
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

/** What follows an exception's headline. */
export function raised(fault: { cell: number | null; line: number | null }, shownOnPoe: string): [string, string, string] {
  const line = fault.line === null ? "" : `line ${fault.line}`;
  const where = fault.cell === null ? line : [`cell ${fault.cell}`, line].filter(Boolean).join(", ");
  const mend = fault.cell === null ? "Mend the bot" : "Mend the cell, run it again";
  const onPoe = shownOnPoe ? ` On Poe the asker sees “${shownOnPoe}”` : "";
  return [where ? "Raised in " : "", where, `${where ? ". " : ""}${mend}, then regenerate this answer.${onPoe}`];
}
