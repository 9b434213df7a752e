/* Who of a list fits what was typed: as the server finds people, by name, pinyin, initials or unit. */

const MOST = 20;  // as many as the server lists
const BETWEEN = /[\s（）()，,、]+/;

/** A text as it is compared: one width, small letters, without the mark of invented data. */
function folded(text) { return text.normalize("NFKC").toLowerCase().replace(/[【[]演示[】\]]/g, ""); }

function fits(person, word) {
  return folded(person.label).includes(word) || person.keys.some((key) => key.startsWith(word));
}

/** The people that all words fit: {people, more}. Each has `label` and `keys`. */
export function fitting(people, typed) {
  const words = folded(typed).split(BETWEEN).filter(Boolean);
  const found = people.filter((person) => words.every((word) => fits(person, word)));
  return { people: found.slice(0, MOST), more: found.length > MOST };
}

/** The one who is meant: of that label, or the only one who fits; null for nobody and for several. */
export function theOne(people, typed) {
  const exact = people.filter((person) => person.label === typed), { people: found } = fitting(people, typed);
  if (exact.length === 1) return exact[0];
  return typed && found.length === 1 ? found[0] : null;
}
