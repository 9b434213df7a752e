/* For tests in Python: a text as the editor writes it after an edit; null where it does not open it. */
import { readMarkdown } from "../../static/js/rich/text/reading.js";
import { writeMarkdown } from "../../static/js/rich/text/writing.js";

export function roundTrip(text) {
  const document = readMarkdown(text);
  return document && writeMarkdown(document);
}
