/* Rows of a form: the unit of what is chosen beside its figures, the running sum of a column of
   money. Both are also drawn by the server, so that they are right after saving without scripts. */
import { sumOfAmounts, unitOf } from "./rows/amounts.js";

function showUnit(choice) {
  const option = choice.selectedOptions[0];
  const unit = option && option.value ? unitOf(option.text) : "";
  choice.closest("tr").querySelectorAll("[data-row-unit]").forEach((cell) => { cell.textContent = unit; });
}

function showSum(control) {
  const field = control.closest(".field");
  const texts = Array.from(field.querySelectorAll("[data-summed]"), (amount) => amount.value);
  field.querySelector("[data-rows-total]").textContent = sumOfAmounts(texts);
}

document.addEventListener("input", (event) => {
  if (event.target.hasAttribute && event.target.hasAttribute("data-summed")) showSum(event.target);
});
document.addEventListener("change", (event) => {
  if (event.target.hasAttribute && event.target.hasAttribute("data-unit-from")) showUnit(event.target);
});
// A browser may have put back what was typed before.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("select[data-unit-from]").forEach(showUnit);
  document.querySelectorAll(".rows-table").forEach((table) => {
    const first = table.querySelector("[data-summed]");
    if (first) showSum(first);
  });
});
