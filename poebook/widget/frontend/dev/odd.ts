/** What bots say that no layout expects. */

import { aChat, aTarget, aTurn, done } from "./make.ts";
import type { Scene } from "./scenes.ts";

const LONG_NAME = "an-assistant-with-a-name-of-sixty-characters-and-not-one-less";
const WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(3);

const NESTED = `1. First
   - within
     - deeper
       1. and deeper
          - [x] done
          - [ ] to do

   A paragraph of the first.

   \`\`\`sh
   echo "code in a list"
   \`\`\`
2. Second

   > quoted
   > - in a list

Term[^1] and ${WORD}.

| Name | Latitude | Longitude | Height above the sea | Remarks that are longer than a cell likes to be |
|:--|--:|--:|:-:|---|
| Oslo | 59.91 | 10.75 | 23 m | The figures are those of the observatory, which stands a little above the town and looks to the south. |
| $\\varphi$ | \`code\` | **bold** | [link](https://example.org) | |

https://example.org/an/address/without/end/${"x".repeat(120)}

[^1]: A note at the foot.
`;

const RIGHT = `# שלום עולם

זהו משפט בעברית עם \`code\` ו-English באמצע, ועוד 5$ בסוף.

- פריט ראשון
- פריט שני

> ציטוט

| עיר | רוחב |
|---|--:|
| אוסלו | 59.91 |

\`\`\`python
print("שלום")  # code runs from the left
\`\`\`

And English again.
`;

export const ODD: Record<string, Scene> = {
  odd: {
    title: "A long name, long words, lists in lists, a wide table",
    chat: aChat([aTarget(LONG_NAME)], [aTurn("t1", `${WORD} ?`, [done("a1", NESTED, { replies: [WORD, "Short", LONG_NAME] })])]),
  },
  right: { title: "What runs from the right", chat: aChat([aTarget("מילון")], [aTurn("t1", "שלום, מה שלומך?", [done("a1", RIGHT, { replies: ["כן", "לא"] })])]) },
  plain: {
    title: "Plain text as it is",
    chat: aChat([aTarget("almanac")], [aTurn("t1", "As it is, please.", [done("a1", "| not | a table |\n  indented *as it is* $x$ <b>\n\n\nwith\tgaps", { content_type: "text/plain" })])]),
  },
};
