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
  copyName: "Copy name",
  publish: "Publish",
  unpublish: "Unpublish",
  push: "Push settings",
  checks: "Checks",
  atPoe: "At Poe",
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
  attach: "Attach files",
  attachments: "Attachments",
  toSend: "Files to send",
  parameters: "Parameters",
  closeParameters: "Close parameters",
  reset: "Reset",
  settings: "Settings",
  closeSettings: "Close settings",
  speakAs: "Speak as",
  newSpeaker: "Name of the new speaker",
  react: "React",
  reactions: "Reactions",
  reason: "Why? (optional)",
  sendReason: "Say why",
  noReason: "Close without a reason",
  pick: "Pick",
  apart: "Scroll apart",
  trace: "Trace",
  closeTrace: "Close trace",
  editRequest: "Edit request",
  exportTrace: "Export",
  copyCurl: "Copy as curl",
  slider: "Answer as it stood",
  events: "Events",
  raw: "Raw",
  request: "Request",
  requestBox: "Request body",
  sendRequest: "Send request",
  log: "Log",
  calls: "Calls",
  edit: "Edit",
  editBox: "Edit your message",
  cancel: "Cancel",
  undo: "Undo",
  fork: "Fork",
  branches: "Branches",
  previousBranch: "Previous branch",
  nextBranch: "Next branch",
} as const;

export const STOPPED = "Stopped";
export const HINT_SEND = "Enter sends, Shift+Enter breaks the line";
export const HINT_STOP = "Esc stops";
export const HINT_STOP_ALL = "Esc stops all";
export const HINT_FILES = "Sends when the files are up";
export const HINT_HELD = "Goes when the files are up; Esc keeps it here";
export const HINT_DROP = "Drop the files to attach them";
export const NO_FOLDERS = "A folder cannot be attached. Choose the files in it.";
export const UPLOAD_CUT_OFF = "Upload was cut off";
export const GO_WITH_NEXT = "They go with your next message.";
export const SET_FOR_THIS = "Set for this message";
export const SAYS_NOTHING = "says nothing";
export const ASSUMES_NOTHING = "nothing";
export const SETTING_COLUMNS = ["Setting", "The bot declares", "Poe assumes"];
export const EMPTY = "empty";
export const READING = "being read";
export const MORE_CONTROLS = "More";
export const SOMEBODY_ELSE = "Somebody else…";
export const NOT_ASKED = "It could not be asked for its settings.";
export const SETTINGS_FAILED = "settings failed";
export const DECLARED_AND_ASSUMED = "What the bot declares, and what Poe assumes where it says nothing.";
export const FIRST_TIME = "Change the cell and run it again whenever you like: the bot is swapped, the conversation stays.";
export const BUSY = "The kernel is busy; your message goes when the cell ends.";
export const BUSY_AT_START = "The kernel is busy; the conversation shows when the cell ends.";
export const BUSY_ELSE = "The kernel is busy; this takes effect when the cell ends.";
export const GONE_UNSEEN = "The kernel that this chat belonged to is gone. Run the cell again.";
export const GONE = "The kernel is gone. This is the conversation as it was saved.";
export const COPY_BY_HAND = "The browser keeps the clipboard to itself. Press Ctrl+C to copy this:";

export const TRACE_COMING = "The trace comes from the kernel.";
export const NO_EVENTS = "No event has come.";
export const NO_LOG = "The handler printed and logged nothing.";
export const NO_REQUEST = "The request is not known any more: the conversation was loaded.";
export const eventNumber = (n: number) => `Event ${n}`;
export const afterEvent = (n: number, count: number, s: number) => `after event ${n} of ${count}, at ${s.toFixed(2)} seconds`;
export const asItStood = (n: number, count: number) => `as it stood after event ${n} of ${count}`;
export const goToCell = (cell: number) => `Go to cell ${cell}`;

export const PICKED = "picked";
export const because = (reason: string) => `Disliked: ${reason}`;
export const wins = (count: number) => (count === 1 ? "1 win" : `${count} wins`);
export const eventCount = (count: string) => `${count} ${count === "1" ? "event" : "events"}`;
export const EDIT_HINT = "Starts a branch here. What follows stays in this one.";

/** A fork has no variable; its name opens it. */
export const forkedAs = (name: string) => `Forked. \`%poebot chat ${name}\` in a cell goes on from here, beside this conversation.`;

export const branchOf = (branch: number, branches: number) => `${branch + 1} of ${branches}`;
export const branchIs = (branch: number, branches: number) => `Branch ${branch + 1}, out of ${branches}.`;
export const conversationWith = (names: string[]) => `Conversation with ${all(names)}`;
export const chatWith = (names: string[]) => `Chat with ${all(names)}`;
export const messageTo = (names: string[]) => (names.length > 1 ? "Message all" : `Message ${names[0] ?? ""}`);
export const saySomething = (names: string[]) => `Say something to ${all(names)}.`;
export const isAnswering = (names: string[]) => `${all(names)} ${names.length > 1 ? "are" : "is"} answering.`;
export const hasAnswered = (name: string) => `${name} has answered.`;
export const wasStopped = (name: string) => `${name} was stopped.`;
export const hasFailed = (name: string, title: string) => `${name} could not answer: ${title}`;
export const loadImage = (host: string) => `Load image from ${host}`;

export const parametersOf = (names: string[]) => `Parameters of ${all(names)}`;
export const settingsOf = (names: string[]) => `Settings of ${all(names)}`;
export const changedCount = (n: number) => `${n} changed`;
export const takesNoFiles = (names: string[]) => `${all(names)} ${names.length > 1 ? "take" : "takes"} no files. A bot takes them when its settings have \`allow_attachments\`.`;
export const remove = (name: string) => `Remove ${name}`;
export const retryUpload = (name: string) => `Retry upload of ${name}`;
export const uploading = (name: string) => `Uploading ${name}`;
export const showParsed = (name: string) => `Show the parsed text of ${name}`;
export const hideParsed = (name: string) => `Hide the parsed text of ${name}`;
export const parsedText = (name: string) => `Parsed text of ${name}`;
export const isUp = (name: string) => `${name} is attached.`;
export const wasRefused = (name: string, problem: string) => (problem.startsWith(name) ? problem : `${name}: ${problem}.`);
export const unnamedTab = (n: number) => `Tab ${n}`;
export const parts = (value: object | null) => (Array.isArray(value) ? `${value.length} entries` : `${Object.keys(value ?? {}).length} fields`);
export const moreCharacters = (n: string) => `… ${n} more characters`;

/** "a", "a and b", "a, b and c". */
export function all(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? "";
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

interface Place {
  cell: number | null;
  line: number | null;
}

/** "cell 3, line 9". */
export function placeOf({ cell, line }: Place): string {
  return [cell !== null && `cell ${cell}`, line !== null && `line ${line}`].filter(Boolean).join(", ");
}

/** What is to be done about an exception that ended an answer. */
export function mendAnswer({ cell }: Place, shownOnPoe: string): string {
  const onPoe = shownOnPoe ? ` On Poe the asker sees “${shownOnPoe}”` : "";
  return `${cell === null ? "Mend the bot" : "Mend the cell, run it again"}, then regenerate this answer.${onPoe}`;
}

/** What is to be done about one in place of settings. */
export const mendSettings = ({ cell }: Place) => (cell === null ? "Mend the bot and serve it again." : "Mend the cell and run it again.");

export const ASKED = "Asked from outside, as Poe asks";
export const ENTER = "Enter these:";
export const WAITING = "Poe has not asked yet; this is told here when it does.";
export const passed = (checks: number, at: string): string => `${checks} of ${checks} passed, ${at}`;
export const heard = (at: string): string => `Poe asked for the first time at ${at}.`;
export const endsAt = (at: string): string => `Ends by itself at ${at}.`;
export const warned = (warning: string): string => `Take care: ${warning}`;
