/* Shows the running total of a score form while somebody scores. */
import { runningTotal } from "./score/total.js";

/** One control per criterion: the ticked radio button of a group, or the field of the number. */
function controls(form) {
  const byName = new Map();
  form.querySelectorAll("[data-weight]").forEach((control) => {
    if (!byName.has(control.name) || (control.type === "radio" && control.checked)) byName.set(control.name, control);
  });
  return Array.from(byName.values());
}

function answerOf(control) {
  const { weight, lo, hi, step, direction } = control.dataset;
  const blank = control.type === "radio" && !control.checked;
  return { weight, lo, hi, step, direction, score: blank ? "" : control.value };
}

function refresh(form) {
  const box = form.querySelector("[data-total-box]");
  if (!box) return;
  const { score, missing } = runningTotal(controls(form).map(answerOf));
  box.hidden = false;
  box.querySelector("[data-total-value]").textContent = score === null ? "—" : `${score} 分`;
  box.querySelector("[data-total-note]").textContent =
    score === null ? `还有${missing}项未评或不在评分范围内` : "满分100分，各项得分按权重相加";
}

document.querySelectorAll("form[data-total]").forEach((form) => {
  form.addEventListener("input", () => { refresh(form); });
  form.addEventListener("change", () => { refresh(form); });
  refresh(form);
});
