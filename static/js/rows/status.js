/* What the page says below its rows: what was done, what did not fit, and the way back. */

function undoButton(table, undo) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link btn-sm";
  button.textContent = "撤销";
  button.addEventListener("click", () => {
    undo();
    tell(table, "已撤销。");
  });
  return button;
}

function listOf(sentences) {
  const list = document.createElement("ul");
  list.append(...sentences.map((sentence) => {
    const item = document.createElement("li");
    item.textContent = sentence;
    return item;
  }));
  return list;
}

/** Say something below the rows: a sentence, a list of sentences, a way back where there is one. */
export function tell(table, sentence, list = [], undo = null) {
  const status = table.box.querySelector("[data-rows-status]"), line = document.createElement("p");
  line.textContent = sentence;
  status.classList.toggle("rows-left", list.length > 0);
  if (undo) line.append(undoButton(table, undo));
  status.replaceChildren(line, ...(list.length ? [listOf(list)] : []));
}
