/** Bytes of a text in an attachment: V8 writes two for each character as soon as one of them needs more than one. */
export function attachedSize(text: string): number {
  return /[^\0-\xff]/.test(text) ? text.length * 2 : text.length;
}
