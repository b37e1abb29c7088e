/** Messages too large for one trip come in pieces of JSON; here they are put together again. */

export class Pieces {
  private readonly waiting = new Map<string, (string | undefined)[]>();

  /** The whole message, once its last piece is there. */
  take(piece: { of: string; index: number; count: number; text: string }): unknown {
    const parts = this.waiting.get(piece.of) ?? new Array<string | undefined>(piece.count).fill(undefined);
    parts[piece.index] = piece.text;
    if (parts.some((part) => part === undefined)) {
      this.waiting.set(piece.of, parts);
      return undefined;
    }
    this.waiting.delete(piece.of);
    return JSON.parse(parts.join(""));
  }

  /** Forget what was begun, as its end will not come. */
  clear(): void {
    this.waiting.clear();
  }
}
