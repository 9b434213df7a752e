/* The list of steps beside a form: its marks follow each save. */

function markStep(item, mark, words) {
  if (!item || item.classList.contains(`step-${mark}`)) return;
  Object.keys(words).forEach((other) => { item.classList.toggle(`step-${other}`, other === mark); });
  item.querySelector(".visually-hidden").textContent = `（${words[mark]}）`;
}

/** Show the marks of some steps, by their place from 0; the others stay. */
export function showSteps(marks = {}) {
  const list = document.querySelector(".steps-list");
  if (!list || !Object.keys(marks).length) return;
  const words = JSON.parse(list.dataset.words);
  list.querySelectorAll("ol").forEach((steps) => {
    Object.entries(marks).forEach(([place, mark]) => { markStep(steps.children[Number(place)], mark, words); });
  });
  const bar = list.querySelector("progress"), figures = list.querySelector(".gauge-figures");
  if (!bar) return;
  const done = list.querySelector("ol").querySelectorAll(".step-done").length;
  bar.value = done;
  figures.textContent = `${done} / ${bar.max}`;
}
