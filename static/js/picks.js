/* Ticks that another control of the page sets: 全选 and 全不选, and a person typed in place of a choice. */

for (const link of document.querySelectorAll("a[data-tick]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const box of link.closest("form").querySelectorAll("td input[type=checkbox]")) {
      box.checked = link.dataset.tick === "all";
    }
  });
}

/** A choice with a field for somebody else: what is typed there takes the mark off the choice, and
    the field gives it back when it is emptied. */
for (const group of document.querySelectorAll("[data-instead]")) {
  let marked = null;
  group.addEventListener("input", (event) => {
    if (event.target.type === "radio") return;
    const chosen = group.querySelector("input[type=radio]:checked"), isTyped = event.target.value.trim() !== "";
    if (isTyped && chosen) {
      marked = chosen;
      chosen.checked = false;
    } else if (!isTyped && !chosen && marked) {
      marked.checked = true;
    }
  });
}
