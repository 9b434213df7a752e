/* The head of a page on a phone: a menu of actions, and the title in full on a tap. */
const head = document.querySelector("[data-head]");
const menu = head && head.querySelector("[data-head-menu]");

function open(wanted) {
  head.classList.toggle("actions-open", wanted);
  menu.setAttribute("aria-expanded", String(wanted));
}

if (head) {
  head.querySelector("h1").addEventListener("click", () => { head.classList.toggle("title-open"); });
}
if (menu) {
  menu.addEventListener("click", () => { open(!head.classList.contains("actions-open")); });
  document.addEventListener("click", (event) => { if (!head.contains(event.target)) open(false); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !head.classList.contains("actions-open")) return;
    open(false);
    menu.focus();
  });
}
