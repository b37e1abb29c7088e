/** Scenes of what stands around the box: files, parameters, settings, several people. */

import every from "../../../../tests/transcripts/controls/every-kind-of-control.json";
import type { Setting, Target } from "../src/state.ts";
import { aChat, aTarget, aTurn, anUpload, done } from "./make.ts";
import { FAULT, type Scene } from "./scenes.ts";

const controls = every.controls as unknown as Record<string, unknown>;

const settings: Setting[] = [
  { name: "response_version", declared: 2, assumed: null },
  { name: "server_bot_dependencies", declared: { "GPT-5": 1 }, assumed: null },
  { name: "allow_attachments", declared: true, assumed: null },
  { name: "introduction_message", declared: "I know when the sun rises and sets. Ask me about a place and a date.", assumed: null },
  { name: "expand_text_attachments", declared: null, assumed: true },
  { name: "enable_image_comprehension", declared: null, assumed: false },
  { name: "enforce_author_role_alternation", declared: null, assumed: false },
  { name: "enable_multi_entity_prompting", declared: true, assumed: null },
  { name: "rate_card", declared: null, assumed: null },
  { name: "parameter_controls", declared: controls, assumed: null },
];

/** A bot that lets people do everything. */
export const LIVE: Partial<Target> = { allow_attachments: true, controls, settings };

const almanac = aTarget("almanac", { allow_attachments: true });
const settable = aTarget("almanac", LIVE);
const meridian = aTarget("Meridian", { where: "on Poe", allow_attachments: false, controls: { api_version: "2", sections: [{ name: "Look", controls: [{ control: "drop_down", label: "Unit", parameter_name: "unit", options: [{ value: "c", name: "Celsius" }, { value: "f", name: "Fahrenheit" }] }] }] } });

/** One that raises, one that cannot be had, one whose settings make no sense in part, and one on Poe. */
const FAILING: Target[] = [
  aTarget("almanac", { trouble: { title: "The bot's settings could not be had: KeyError: 'introduction'", text: "", allow_retry: true, fault: { ...FAULT, summary: "KeyError: 'introduction'" } } }),
  aTarget("orrery", { where: "bots.example.org", trouble: { title: "The bot's settings could not be had.", text: "The bot's server failed; its log says why.", allow_retry: true, fault: null } }),
  aTarget("gnomon", { ...LIVE, controls: null, trouble: { title: "Some of the bot's settings do nothing.", text: "rate_card: Input should be a valid string. Mend them in `get_settings`.", allow_retry: true, fault: null } }),
  aTarget("Meridian", { where: "on Poe" }),
];

const GOLDEN = aTurn("t1", "When is golden hour in Porto today?", [done("a1", "From 16:18 to 17:09, when the sun sets behind the sea.", { first_event_s: 0.2, total_s: 0.7 })], {
  parameters: { detail: 7, twilight: "nautical", correct: true, height: 240 },
});

const PLOT = aTurn("t1", "Plot the day length of these places.", [done("a1", "Three places, one year. The further north, the steeper the spring.", { first_event_s: 0.24, total_s: 2 })], {
  attachments: [anUpload("f1", "stations.csv", { size: 4_100, content_type: "text/csv", parsed_chars: 82 }), anUpload("f2", "the-view-from-the-roof-on-a-very-clear-evening-in-late-autumn.jpg", { size: 1_800_000, content_type: "image/jpeg" })],
});

const until = async (found: () => unknown) => {
  for (let tries = 0; tries < 200 && !found(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
};

function write(out: HTMLElement, text: string): void {
  const box = out.querySelector<HTMLTextAreaElement>(".pb-composer > textarea")!;
  box.value = text;
  box.dispatchEvent(new Event("input"));
}

function choose(out: HTMLElement, ...files: [name: string, type: string, bytes: number][]): void {
  const picker = out.querySelector<HTMLInputElement>("input[type=file]")!;
  const data = new DataTransfer();
  for (const [name, type, bytes] of files) data.items.add(new File([new Uint8Array(bytes).fill(97)], name, { type }));
  picker.files = data.files;
  picker.dispatchEvent(new Event("change"));
}

const press = (out: HTMLElement, name: string) => out.querySelector<HTMLElement>(`button[aria-label="${name}"]`)?.click();

function set(out: HTMLElement, label: string, value: string | boolean): void {
  const id = [...out.querySelectorAll("label")].find((one) => one.textContent === label)?.htmlFor;
  const input = document.getElementById(id ?? "") as HTMLInputElement | null;
  if (!input) return;
  if (typeof value === "boolean") input.checked = value;
  else input.value = value;
  input.dispatchEvent(new Event(input.type === "range" || input.type.startsWith("text") ? "input" : "change"));
}

async function parameters(out: HTMLElement): Promise<void> {
  write(out, "And from the hill above the river?");
  press(out, "Parameters");
  await until(() => out.querySelector(".pb-drawer"));
  set(out, "Detail", "7");
  set(out, "Correct for height", true);
  await until(() => out.querySelector(".pb-under"));
  set(out, "Height above the sea, in metres", "240");
}

export const BENCH: Record<string, Scene> = {
  attachments: {
    title: "Attachments",
    chat: aChat([almanac], [PLOT]),
    stall: { "observations-2025.pdf": 0.62 },
    async act(out) {
      write(out, "Which of these nights was the clearest?");
      choose(out, ["horizon-from-the-roof.jpg", "image/jpeg", 1_800_000], ["observations-2025.pdf", "application/pdf", 6_400_000], ["night.mov", "video/quicktime", 61_000_000]);
    },
  },
  parsed: {
    title: "The parsed text of files, with a question and beside the draft",
    chat: aChat([almanac], [PLOT]),
    async act(out) {
      choose(out, ["notes.txt", "text/plain", 3_000]);
      press(out, "Show the parsed text of stations.csv");
      await until(() => out.querySelector('[aria-label="Show the parsed text of notes.txt"]'));
      press(out, "Show the parsed text of notes.txt");
    },
  },
  unread: {
    title: "A file whose text could not be read",
    chat: aChat([almanac], [aTurn("t1", "What does the letter say?", [done("a1", "I cannot tell.")], { attachments: [anUpload("f1", "letter.pdf", { size: 120_000, content_type: "application/pdf", problem: "letter.pdf holds pictures of pages, and no text." })] })]),
    act: (out) => press(out, "Show the parsed text of letter.pdf"),
  },
  cutoff: {
    title: "Uploads when the kernel goes",
    chat: aChat([almanac], []),
    stall: { "observations-2025.pdf": 0.62 },
    async act(out) {
      choose(out, ["observations-2025.pdf", "application/pdf", 6_400_000]);
      await until(() => out.querySelector("progress")?.value === 60);
    },
  },
  nofiles: {
    title: "A file dropped on a bot that takes none",
    chat: aChat([aTarget("Meridian")], []),
    act(out) {
      const data = new DataTransfer();
      data.items.add(new File(["a"], "a.txt", { type: "text/plain" }));
      out.querySelector(".poebook")!.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    },
  },
  parameters: { title: "Parameters", chat: aChat([settable], [GOLDEN]), act: parameters },
  sources: {
    title: "Parameters, the other tab and a section opened",
    chat: aChat([settable], []),
    async act(out) {
      press(out, "Parameters");
      await until(() => out.querySelector("[role=tab]"));
      [...out.querySelectorAll<HTMLElement>("[role=tab]")].find((tab) => tab.textContent === "Sources")?.click();
      out.querySelector<HTMLDetailsElement>("details.pb-section")!.open = true;
    },
  },
  parameterstwo: { title: "Parameters of two bots", chat: aChat([settable, meridian], []), act: (out) => press(out, "Parameters") },
  settings: { title: "Settings", chat: aChat([settable], []), act: (out) => press(out, "Settings") },
  unsettled: { title: "Settings that could not be had", chat: aChat(FAILING, []), act: (out) => press(out, "Settings") },
  unsettlednarrow: { title: "Settings that could not be had, narrow", width: 380, chat: aChat(FAILING.slice(0, 1), []), act: (out) => press(out, "Settings") },
  unsettledquiet: { title: "Settings that could not be had, not opened", chat: aChat([{ ...FAILING[0]!, allow_attachments: true }], []) },
  users: {
    title: "Several people",
    chat: aChat([aTarget("almanac")], [aTurn("t1", "When does the sun rise in Porto?", [done("a1", "At 7:32.")], { user: "Ada" }), aTurn("t2", "And in Oslo?", [done("a2", "At 8:44.")], { user: "Grace" })], { users: ["Ada", "Grace"] }),
    act: (out) => write(out, "Which of us asked first?"),
  },
  parametersnarrow: { title: "Parameters, narrow", width: 380, chat: aChat([settable], [GOLDEN]), act: parameters },
  attachmentsnarrow: {
    title: "Attachments, narrow",
    width: 380,
    chat: aChat([almanac], [PLOT]),
    stall: { "observations-2025.pdf": 0.62 },
    act: (out) => choose(out, ["horizon-from-the-roof.jpg", "image/jpeg", 1_800_000], ["observations-2025.pdf", "application/pdf", 6_400_000], ["night.mov", "video/quicktime", 61_000_000]),
  },
};
