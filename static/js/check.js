/* The formality check by keys: J and K move between items, 1 and 2 mark, N goes on, Ctrl+Enter
   records. While somebody types in a text field only Ctrl+Enter is a key of ours. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-check]");
  if (!form) return;
  var items = Array.from(form.querySelectorAll("[data-item]")), WAIT = 3000, LOOK = 100;
  form.querySelector("[data-keys]").hidden = false;

  function here() { return items.indexOf(document.activeElement && document.activeElement.closest("[data-item]")); }
  function go(place) {
    var item = items[Math.max(0, Math.min(place, items.length - 1))];
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }
  function outcome() {
    var first = form.querySelector("[name='outcome']");
    first.focus();
    first.scrollIntoView({ block: "center" });
  }

  // -- what a failed item suggests to open -------------------------------------------------------

  function count(box) {
    var chosen = box.querySelectorAll("input:checked").length;
    box.querySelector("[data-open-count]").textContent = chosen ? "已选" + chosen + "项" : "";
  }
  function suggest(item, failed) {
    (item.dataset.suggest || "").split(" ").filter(Boolean).forEach(function (field) {
      form.querySelectorAll("[data-opens] input").forEach(function (box) {
        if (box.value !== field) return;
        // Only what was ticked from here is taken off from here.
        if (failed && !box.checked) { box.checked = true; box.dataset.suggested = "1"; }
        else if (!failed && box.dataset.suggested) { box.checked = false; delete box.dataset.suggested; }
        var fold = box.closest("[data-opens]");
        count(fold);
        if (box.checked) fold.open = true;
      });
    });
  }
  form.addEventListener("change", function (event) {
    var fold = event.target.closest("[data-opens]"), item = event.target.closest("[data-item]");
    if (fold) {
      delete event.target.dataset.suggested;
      count(fold);
    }
    if (item && event.target.type === "radio") suggest(item, event.target.value === "fail");
  });

  // -- keys ------------------------------------------------------------------------------------

  function mark(item, value) {
    var box = item.querySelector("input[type='radio'][value='" + value + "']");
    if (!box.checked) {
      box.checked = true;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  function pass(place) {
    mark(items[place], "ok");
    if (place + 1 < items.length) go(place + 1);
    else outcome();
  }
  function fail(place) {
    mark(items[place], "fail");
    items[place].querySelector("input[type='text'], input:not([type])").focus();
  }

  /** To the next proposal once what is typed is saved, or after a moment with the usual question. */
  function leave() {
    var link = document.querySelector("[data-next]"), until = Date.now() + WAIT;
    if (!link) return;
    form.dispatchEvent(new Event("focusout", { bubbles: true }));
    (function wait() {
      if (form.dataset.changed === "1" && Date.now() < until) setTimeout(wait, LOOK);
      else location.href = link.href;
    })();
  }

  function writes(target) {
    return target.tagName === "TEXTAREA" || target.tagName === "SELECT" || target.isContentEditable ||
      (target.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(target.type));
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-record]"));
      return;
    }
    if (writes(event.target)) {
      if (event.key === "Escape" && here() >= 0) go(here());
      return;
    }
    if (event.shiftKey) return;
    var place = here(), key = event.key.toLowerCase();
    if (key === "j") go(place + 1);
    else if (key === "k") go(place < 0 ? items.length - 1 : place - 1);
    else if (key === "1" || key === "2") (key === "1" ? pass : fail)(Math.max(place, 0));
    else if (/^[3-9]$/.test(key)) go(Number(key) - 1);
    else if (key === "n") leave();
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-next]") || form.dataset.changed !== "1") return;
    event.preventDefault();
    leave();
  });
})();
