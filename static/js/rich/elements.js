/* Elements made by the scripts of the editor. */

/** An element with attributes (null: none; `text`: its words) and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => {
    if (key === "text") made.textContent = value;
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  });
  made.append(...children);
  return made;
}

let numbered = 0;

/** An id that no other element of the page has. */
export function newId(stem) {
  numbered += 1;
  return `${stem}-${numbered}`;
}
