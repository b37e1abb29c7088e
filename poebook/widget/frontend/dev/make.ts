/** Pieces of conversations, with what a scene does not care about filled in. */

import type { Answer, Chat, Target, Turn, Upload } from "../src/state.ts";

export function fresh(id: string, target = 0, change: Partial<Answer> = {}): Answer {
  return {
    id, target, state: "streaming", text: "", content_type: "text/markdown", replies: [], files: [], error: null, note: null,
    first_event_s: null, total_s: null, event_count: 0, feedback: null, reason: null, reactions: [], picked: false, cost: null,
    elapsed_s: 0, ...change,
  };
}

export function done(id: string, text: string, change: Partial<Answer> = {}, target = 0): Answer {
  return fresh(id, target, { state: "done", text, first_event_s: 0.21, total_s: 3.4, event_count: 40, ...change });
}

export function aTurn(id: string, text: string, answers: Answer[], change: Partial<Turn> = {}): Turn {
  return { id, text, at: 0, answers, attachments: [], parameters: {}, user: null, branch: 0, branches: 1, ...change };
}

export function aTarget(name: string, change: Partial<Target> = {}): Target {
  return {
    name, where: "this kernel", introduction: null, allow_attachments: false, expand_text_attachments: true, controls: null, settings: [], trouble: null, wins: 0,
    ...change,
  };
}

export function anUpload(id: string, name: string, change: Partial<Upload> = {}): Upload {
  return { id, name, size: 12_000, content_type: "text/plain", url: null, state: "ready", received: 12_000, problem: null, parsed_chars: null, ...change };
}

export function aChat(targets: Target[], turns: Turn[], change: Partial<Chat> = {}): Chat {
  return { id: "c-1", targets, turns, parameters: {}, users: [], ...change };
}
