/** Which way a text runs. */

const FIRST_LETTER = /\p{L}/u;
const FROM_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LOOKED_AT = 400;

/** "rtl" for a text whose first letter is of a script that runs from the right; null else. */
export function direction(text: string): "rtl" | null {
  const letter = FIRST_LETTER.exec(text.slice(0, LOOKED_AT))?.[0];
  return letter !== undefined && FROM_RIGHT.test(letter) ? "rtl" : null;
}
