/* What forms and everything that saves in the background have in common. */
const LONGEST_PAUSE = 30000;
const NAME_BYTES = 12;

/** A name that no other page or upload has: 24 hexadecimal digits. */
export function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(NAME_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether the page was come to just now. Back and a reload show a page as it was answered then:
    what was typed on it since is another page's. */
export function isFirstLook() {
  return performance.getEntriesByType("navigation").every(({ type }) => type === "navigate");
}

/** Milliseconds to wait before the next try after so many failed ones: 2 s, 4 s … half a minute. */
export function retryPause(failures) {
  return Math.min(LONGEST_PAUSE, 1000 * 2 ** failures);
}

/** Put the token of a renewed session into every form of the page. */
export function renewTokens(token) {
  document.querySelectorAll("input[name='csrf_token']").forEach((field) => { field.value = token; });
}

/** Note whether a form holds what the server has not got: leaving the page then asks first. */
export function markUnsaved(form, unsaved) {
  form.dataset.changed = unsaved ? "1" : "";
  form.querySelectorAll("[data-dirty-note]").forEach((note) => { note.hidden = !unsaved; });
}
