/* Text of controls: how it is trimmed and counted, how sizes read, what a typed day is for the
   calendar. */
const OUTER = /^[\s\ufeff\u200b-\u200d\u2060]+|[\s\ufeff\u200b-\u200d\u2060]+$/g;
const KB = 1024, MB = 1024 * KB;

/** The text without blanks at either end, invisible ones included. */
export function trimBlanks(text) { return text.replace(OUTER, ""); }

// What the server drops from pasted text (lab/web/typed/pasted.py): invisible and of no effect.
const DROPPED = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202c\u2066-\u2069\ufeff]/g;

/** Characters of the stored form: one line end, nothing invisible, no outer blanks, NFC, code points. */
export function countCharacters(text) {
  const stored = trimBlanks(text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(DROPPED, "")).normalize("NFC");
  return Array.from(stored).length;
}

/** A size in bytes as B, KB or MB with at most one decimal. */
export function formatSize(bytes) {
  if (bytes >= MB) return `${Number((bytes / MB).toFixed(1))} MB`;
  if (bytes >= KB) return `${Number((bytes / KB).toFixed(1))} KB`;
  return `${bytes} B`;
}

/** What is typed, as the browser's calendar wants it; it ignores "" and nonsense. */
export function calendarValue(text) {
  const spaced = text.normalize("NFKC").replace(/^\s*(\d{4})(\d\d)(\d\d)(?!\d)/, "$1-$2-$3 ");
  const parts = (spaced.match(/\d+/g) || []).map((part) => part.padStart(2, "0"));
  const day = parts.slice(0, 3).join("-");
  return parts.length > 4 ? `${day}T${parts[3]}:${parts[4]}` : day;
}
