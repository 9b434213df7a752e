/* Controls that scripts add to a form. */

/** The control of that name, made as a hidden one where the form has none. */
export function hiddenControl(form, name) {
  const existing = form.elements.namedItem(name);
  if (existing) return existing;
  const made = document.createElement("input");
  made.type = "hidden";
  made.name = name;
  form.append(made);
  return made;
}
