/* The list of steps beside a form: its marks follow each save. */

function markStep(item, mark, words) {
  if (!item || item.classList.contains(`step-${mark}`)) return;
  Object.keys(words).forEach((other) => { item.classList.toggle(`step-${other}`, other === mark); });
  item.querySelector(".visually-hidden").textContent = `（${words[mark]}）`;
}

/** Show the marks of the first steps, in order; what follows them stays. */
export function showSteps(marks) {
  const list = document.querySelector(".steps-list");
  if (!list || !marks || !marks.length) return;
  const words = JSON.parse(list.dataset.words);
  list.querySelectorAll("ol").forEach((steps) => {
    marks.forEach((mark, index) => { markStep(steps.children[index], mark, words); });
  });
  const bar = list.querySelector("progress"), figures = list.querySelector(".gauge-figures");
  if (!bar) return;
  const done = list.querySelector("ol").querySelectorAll(".step-done").length;
  bar.value = done;
  figures.textContent = `${done} / ${bar.max}`;
}
