/* The page: focus on errors, menus that close, waiting for jobs, printing. */
(function () {
  "use strict";
  var EVERY = 2000, GIVE_UP = 450;

  var summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // A menu closes on Escape and on a click elsewhere.
  function closeMenus(except) {
    document.querySelectorAll("details[data-popover][open]").forEach(function (menu) {
      if (menu !== except) menu.removeAttribute("open");
    });
  }
  document.addEventListener("click", function (event) { closeMenus(event.target.closest("details[data-popover]")); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details[data-popover][open]");
    if (!open) return;
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  });

  // A key leads to its field, unless somebody is typing.
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    var field = Array.from(document.querySelectorAll("[data-hotkey]")).find(function (found) {
      return found.dataset.hotkey === event.key;
    });
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  /** Show what the server says about a job; return whether to ask again. */
  function show(box, job) {
    box.querySelector("[data-poll-text]").textContent = job.text || "正在生成，请稍候。";
    if (job.state !== "done" && job.state !== "failed") return true;
    box.querySelector(".poll-spinner").hidden = true;
    box.querySelector("[data-poll-refresh]").hidden = job.state === "done";
    var link = box.querySelector("[data-poll-link]");
    if (job.state === "done" && typeof job.url === "string" && job.url.charAt(0) === "/") {
      link.href = job.url;
      link.hidden = false;
    }
    return false;
  }

  function ask(box, asked) {
    fetch(box.dataset.poll, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (job) { return show(box, job); })
      .catch(function () {
        box.querySelector("[data-poll-text]").textContent = "暂时查不到进度，稍后会再查。";
        return true;
      })
      .then(function (again) {
        if (again && asked < GIVE_UP) setTimeout(function () { ask(box, asked + 1); }, EVERY);
      });
  }

  document.querySelectorAll("[data-poll]").forEach(function (box) { ask(box, 1); });
})();
