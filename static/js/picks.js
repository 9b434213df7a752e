/** Lists with tick boxes: the links 全选 and 全不选 tick in the page, without loading it again. */

for (const link of document.querySelectorAll("a[data-tick]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const box of link.closest("form").querySelectorAll("td input[type=checkbox]")) {
      box.checked = link.dataset.tick === "all";
    }
  });
}
