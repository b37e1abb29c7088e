/** The states that must look right, each as it stands at one moment. */

import type { Card, World, Options, Trace } from "../src/kernel/messages.ts";
import type { Answer, Chat, Target } from "../src/state.ts";
import { aChat, aTarget, aTurn, done, fresh } from "./make.ts";

export const CARD: Card = {
  name: "almanac", state: "serving", word: "Serving", url: "http://127.0.0.1:8080/almanac", public_url: null, has_key: true, version: 1, since: "14:02:11",
  publishing: false, obstacle: null, world: null,
};

const OUTSIDE = "https://plain-otter-41.example.net/almanac";
const WORLD: World = {
  via: "ngrok",
  checks: [
    { says: "A wrong key is refused", figure: "38 ms" }, { says: "The right key is accepted", figure: "41 ms" },
    { says: "The first event comes within 5 s", figure: "212 ms" }, { says: "Events arrive one by one", figure: "8 events" },
  ],
  at: "14:32:05", until: null, trouble: null, warning: null, register_at: "https://poe.com/create_bot?server=1", name: "almanac",
  secret: false, heard: null, pushed: null,
};
const OUT: Card = { ...CARD, word: "Published", version: 4, since: "14:31:40", public_url: OUTSIDE, world: WORLD };

export const almanac = aTarget("almanac", { introduction: "I know when the sun rises and sets. Ask me about a place and a date." });
export const meridian = aTarget("Meridian", { where: "on Poe" });
export const orrery = aTarget("orrery", { where: "bots.example.org" });

export const OSLO = `Oslo gains **an hour and three quarters** of daylight in January, slowly at first and then by almost five minutes a day.

| Date | Day length | Gain since the row above |
|---|--:|--:|
| 1 January | 5 h 43 min | |
| 11 January | 6 h 08 min | 25 min |
| 21 January | 6 h 45 min | 37 min |
| 31 January | 7 h 30 min | 45 min |

The figures leave refraction out. \`day_length\` gives them for any latitude:

\`\`\`python
from math import acos, cos, pi, radians, tan

def day_length(latitude, day):
    tilt = radians(-23.44) * cos(2 * pi * (day + 10) / 365)  # of the earth's axis
    x = -tan(radians(latitude)) * tan(tilt)
    return 24 / pi * acos(max(-1.0, min(1.0, x)))
\`\`\`
`;

const FORMULA = `Seen from the earth, the sun climbs and sinks between two circles in the course of a year. \`tilt\` is where it stands today:

- In late December it is at −23.44°, the lowest it gets.
- At the equinoxes it crosses zero, and day and night are`;

export const LONG = `# The equation of time

Two effects add up, and *neither* has to do with how far the sun is from the horizon at noon. See [the article](https://example.org/equation) for the [long story](https://example.org/long "Long").

## The ellipse

1. The earth's path is an ellipse, so its speed changes.
   - near the sun it is faster
   - far from it, slower
2. Its axis is tilted, so the sun's eastward motion is uneven.

> Noon itself moves.
>
> So each solar day is a little longer than 24 hours.

### What to do

- [x] Measure noon
- [ ] Measure it again, half a year later

H<sub>2</sub>O and x<sup>2</sup>, <kbd>Ctrl</kbd>+<kbd>C</kbd>, ~~struck~~, &copy; 2026, <script>alert(1)</script>, <img src=x onerror=alert(1)>

![A picture](https://pictures.example.org/noon.png)

---

\`\`\`json
{"name": "noon", "values": [1, 2.5, true, null], "nested": {"a": "b"}}
\`\`\`

\`\`\`
plain text
\`\`\`

\`\`\`typescript
export const sum = (a: number, b: number): number => a + b; // adds
class Noon extends Day { private at = "12:00"; }
\`\`\`

A last paragraph with a very_long_identifier_that_never_ends_and_goes_on_and_on_for_much_longer_than_any_line_would_be_in_a_narrow_output_of_a_notebook.
`;

const file = (name: string, content_type: string, inline_ref: string | null = null) => ({ url: `https://files.example.org/${name}`, name, content_type, inline_ref });
const FILES = [
  file("dawn-chorus.mp3", "audio/mpeg", "r1"), file("noon.csv", "text/csv", "r2"), file("day-length.png", "image/png", "r3"),
  file("stations-with-a-very-long-name-indeed-of-2026.csv", "text/csv"), file("shadow.mp4", "video/mp4"), file("plot.png", "image/png"),
];
const MEDIA = `The birds at dawn, ![as they were heard][r1] and the table ![noon.csv][r2] with its plot:

![How long the day is in each month][r3]

![A square](PIXEL =160x60) stands in its own address.

Noon moves[^1] by up to 16 minutes.

[^1]: See [the article][a] for the long story.

[a]: https://example.org/equation
`;

export const FORMULAE = String.raw`The length of the day follows from the latitude $\varphi$ and the sun's declination $\delta$:

$$
D = \frac{24}{\pi} \arccos\left(-\tan\varphi \, \tan\delta\right)
$$

where \(\delta = -23.44^\circ \cos\left(\frac{2\pi}{365}(d + 10)\right)\) on day $d$. It costs $5, not $10. For small angles

\[
\begin{aligned}
\cos x &= \sum_{n=0}^{\infty} \frac{(-1)^n x^{2n}}{(2n)!} \\
        &\approx 1 - \tfrac{1}{2}x^2 + O(x^4)
\end{aligned}
\]

- $\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}$ and $x \in \mathbb{R}$, $\mathcal{L}\{f\}$, $\mathbf{v} \cdot \hat{n}$
- $A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}$, $f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}$
- $\boxed{E = mc^2}$ and $\cancel{x}$, $\binom{n}{k}$, $\overline{AB}$, $\underbrace{a+b}_{c}$, $\color{red} x$

| Latitude | Longest day |
|---|--:|
| $\varphi = 60^\circ$ | $18.9\,\text{h}$ |

$$x = a_0 + \cfrac{1}{a_1 + \cfrac{1}{a_2 + \cfrac{1}{a_3 + \cfrac{1}{a_4}}}} + \underbrace{1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17 + 18 + 19 + 20 + 21 + 22 + 23}_{\text{wider than a narrow output}}$$

What cannot be read stays as it is: $\nosuch{x}$.
`;

export const turn = (id: string, text: string, ...answers: Answer[]) => aTurn(id, text, answers);

const TRACEBACK = `Traceback (most recent call last):
  Cell In[3], line 9, in Almanac.get_response(self, request)
    9 |     yield fp.PartialResponse(text=PLACES[place])
KeyError: 'lisbon'`;

export const FAULT = { summary: "KeyError: 'lisbon'", cell: 3, line: 9, traceback: TRACEBACK };

const PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC";

export interface Scene {
  title: string;
  chat: Chat | null;
  card?: Card;
  width?: number;
  /** What the kernel knows of answers, by their ids. */
  traces?: Record<string, Trace>;
  /** Siblings of turns, by the ids of those that are shown. */
  others?: Record<string, Chat["turns"]>;
  /** Files whose upload stops after that share of their bytes. */
  stall?: Record<string, number>;
  /** What somebody does in it once it is shown. */
  act?(out: HTMLElement): void | Promise<void>;
  options?: Options;
  /** What happens to it once it is shown. */
  then?: "busy" | "gone" | "draft" | "scroll";
}

export const chat = (targets: Target[], ...turns: Chat["turns"]): Chat => aChat(targets, turns);
export const WHY = "Why is the earliest sunset not on the shortest day?";
export const NOON = "Because noon itself moves. The earth is nearest the sun in early January and runs faster then, so each solar day is a little longer than 24 hours.\n\nSunset therefore begins to come later around **12 December**, while sunrise is still sliding.";
export const TWO = "Two effects add up, and neither has to do with how far the sun is from the horizon at noon:\n\n1. The earth’s path is an ellipse, so its speed changes.\n2. Its axis is tilted, so the sun’s eastward motion is uneven along the";

const three = chat(
  [almanac, meridian, orrery],
  turn("t1", WHY,
    done("a1", NOON, { first_event_s: 0.18, total_s: 1.4 }),
    fresh("a2", 1, { text: TWO, first_event_s: 0.94, elapsed_s: 3.1 }),
    fresh("a3", 2, { elapsed_s: 4 })),
);

export const SCENES: Record<string, Scene> = {
  empty: { title: "Just defined, nothing asked yet", chat: chat([almanac]), card: CARD, then: "draft" },
  streaming: {
    title: "A conversation, one answer streaming",
    chat: chat([almanac],
      turn("t1", "How long is the day in Oslo through January?", done("a1", OSLO, { feedback: "like", replies: ["Explain the formula", "The same for Tromsø", "Plot the whole year"] })),
      turn("t2", "Explain the formula", fresh("a2", 0, { text: FORMULA, first_event_s: 0.18, elapsed_s: 1.2 }))),
  },
  last: {
    title: "The last answer done, with replies",
    chat: chat([almanac], turn("t1", "How long is the day in Oslo through January?", done("a1", OSLO, { feedback: "like", replies: ["Explain the formula", "The same for Tromsø", "Plot the whole year"] }))),
  },
  three: { title: "One question, three targets", chat: three },
  errors: {
    title: "Errors",
    chat: chat([almanac],
      turn("t1", "And in Lisbon?", fresh("a1", 0, { state: "error", text: "Let me look up Lisbon.", first_event_s: 0.16, total_s: 0.3, error: { title: "KeyError: 'lisbon'", text: "The bot encountered an unexpected issue.", allow_retry: false, fault: FAULT } })),
      turn("t2", "High tide in Lisbon tomorrow?", fresh("a2", 0, { state: "error", total_s: 10, error: { title: "The tide tables did not answer within 10 seconds.", text: "", allow_retry: true, fault: null } }))),
  },
  long: { title: "All that Markdown has", chat: chat([almanac], turn("t1", "Tell me everything.\nAll of it.", done("a1", LONG, { files: [{ url: "https://files.example.org/stations-with-a-very-long-name-indeed-2026.csv", name: "stations-with-a-very-long-name-indeed-2026.csv", content_type: "text/csv", inline_ref: null }, { url: "https://files.example.org/a.png", name: "day-length.png", content_type: "image/png", inline_ref: null }, { url: PIXEL, name: "pixel.png", content_type: "image/png", inline_ref: null }] }))), then: "scroll" },
  math: { title: "Formulas", chat: chat([almanac], turn("t1", "Why?", done("a1", FORMULAE))) },
  media: { title: "Pictures, a sound, a film and files", chat: chat([almanac], turn("t1", "Show me.", done("a1", MEDIA.replace("PIXEL", PIXEL), { files: FILES }))) },
  waiting: { title: "Waiting", chat: chat([almanac], turn("t1", "Hello?", fresh("a1", 0, { elapsed_s: 6.1 }))) },
  stopped: { title: "Stopped, and one without done", chat: chat([almanac],
    turn("t1", "Hello?", fresh("a1", 0, { state: "stopped", text: "Twenty hours and a half. With civil", first_event_s: 0.004, total_s: 0.4 })),
    turn("t2", "Hello?", done("a2", "Hello.\nSecond line of *plain* text", { content_type: "text/plain", note: "The answer ended without `done`. Here is what came.", first_event_s: 0.004, total_s: 0.03 }))) },
  busy: { title: "The kernel is busy", chat: chat([almanac], turn("t1", "Hello?", done("a1", "Hi."))), card: { ...CARD, version: 4 }, then: "busy" },
  gone: { title: "The kernel is gone", chat: chat([almanac], turn("t1", "Hello?", done("a1", "Hi."))), card: { ...CARD, version: 4, state: "stopped", word: "Stopped" }, then: "gone" },
  published: { title: "The card alone, published", chat: null, card: OUT },
  registered: { title: "Poe has asked", chat: chat([almanac]), card: { ...OUT, world: { ...WORLD, until: "16:31", heard: "14:33:10", pushed: { ok: true, says: "Poe has the settings.", at: "14:33:12" } } } },
  unreachable: { title: "The way in is broken", chat: null, card: { ...OUT, word: "Unreachable", world: { ...WORLD, via: "jupyter", secret: true, trouble: "The way in is being restored: bots.example.org does not answer; check the name, and the network.", warning: "Whoever has the public address has its token, and with that this kernel and all files of the server; give it to Poe only, and unpublish when you are done.", pushed: { ok: false, says: "Poe knows no bot almanac yet; create it there, then push the settings.", at: "14:32:06" } } } },
  obstacle: { title: "Publishing failed", chat: null, card: { ...CARD, obstacle: "ngrok needs an auth token: set NGROK_AUTHTOKEN (dashboard.ngrok.com/get-started/your-authtoken has yours), or publish through ssh or url." } },
  publishing: { title: "Publishing", chat: null, card: { ...CARD, word: "Publishing", publishing: true } },
  publishednarrow: { title: "Published, narrow", width: 380, chat: null, card: OUT },
  failed: { title: "The card, failed, a long name", chat: null, card: { ...CARD, name: "a-bot-with-a-name-of-sixty-characters-which-is-rather-long-isnt-it", state: "failed", word: "Failed" } },
  narrow: { title: "Narrow output", width: 380, card: { ...CARD, version: 5, since: "14:40:02" }, chat: chat([almanac, meridian], turn("t1", WHY, done("a1", NOON + "\n\n```python\nday_length(59.91, 346)  # code scrolls sideways, it never wraps\n```", { first_event_s: 0.18, total_s: 1.4 }), done("a2", TWO, { first_event_s: 0.9, total_s: 3 }, 1))) },
  narrowone: { title: "Narrow output, one bot", width: 380, chat: chat([almanac], turn("t1", "How long is the day in Oslo through January?", done("a1", OSLO, { replies: ["Explain the formula", "The same for Tromsø"] }))) },
  four: { title: "Four targets", chat: chat([almanac, meridian, orrery, { ...meridian, name: "Meridian with a name of some length 2" }], turn("t1", WHY, done("a1", NOON, { first_event_s: 0.18, total_s: 1.4 }), done("a2", TWO, { first_event_s: 0.9, total_s: 3 }, 1), fresh("a3", 2, { state: "error", total_s: 1, error: { title: "The bot at bots.example.org refused the key. Set it with `key=`.", text: "", allow_retry: true, fault: null } }), fresh("a4", 3, { state: "stopped", text: "Because", first_event_s: 0.2, total_s: 0.7 }))) },
};
