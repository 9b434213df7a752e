/* Texts of light Markdown: buttons that write the signs, and the server's preview in place. */
(function () {
  "use strict";
  var TABLE = "| 项目 | 要求 |\n| --- | --- |\n| 内容 | 内容 |\n";
  var SIGN = /^(#{1,6} |- |\d+\. )/;
  var SIGNS = {
    heading: function () { return "## "; },
    bullets: function () { return "- "; },
    numbers: function (place) { return (place + 1) + ". "; }
  };

  /** Replace a stretch of the text as if it were typed, so that it can be undone. */
  function write(area, start, end, text) {
    area.focus();
    area.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, start, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function bold(area) {
    var start = area.selectionStart, end = area.selectionEnd, chosen = area.value.slice(start, end);
    var words = chosen.trim() || "文字", lead = chosen.length - chosen.trimStart().length;
    var tail = chosen.trim() ? chosen.length - chosen.trimEnd().length : 0;
    if (!chosen.trim()) lead = 0;
    write(area, start + lead, end - tail, "**" + words + "**");
    area.setSelectionRange(start + lead + 2, start + lead + 2 + words.length);
  }

  /** Put a sign before each chosen line; lines that all carry it lose it. */
  function lines(area, sign) {
    var start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    var end = area.value.indexOf("\n", area.selectionEnd);
    if (end < 0) end = area.value.length;
    var rows = area.value.slice(start, end).split("\n");
    var marked = rows.every(function (row, place) { return row.startsWith(sign(place)); });
    var text = rows.map(function (row, place) {
      return (marked ? "" : sign(place)) + row.replace(SIGN, "");
    }).join("\n");
    write(area, start, end, text);
    area.setSelectionRange(start, start + text.length);
  }

  function table(area) {
    var at = area.selectionEnd, before = area.value.slice(0, at);
    var gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    write(area, at, at, gap + TABLE);
  }

  function act(button) {
    var area = button.closest("[data-rich]").querySelector("textarea");
    var name = button.dataset.richAct;
    if (name === "bold") bold(area);
    else if (name === "table") table(area);
    else lines(area, SIGNS[name]);
  }

  function preview(button) {
    var box = button.closest("[data-rich]"), pane = box.querySelector(".rich-preview");
    var state = box.querySelector(".rich-state"), form = button.form, body = new FormData(form);
    body.set(button.name, button.value);
    // Files are not looked at for a preview.
    form.querySelectorAll("input[type=file]").forEach(function (control) { body.delete(control.name); });
    state.textContent = "正在生成预览";
    fetch(form.action, { method: "POST", body: body, credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var made = new DOMParser().parseFromString(text, "text/html").getElementById(pane.id);
        if (!made || made.hidden) throw new Error("no preview");
        pane.replaceChildren.apply(pane, Array.from(made.childNodes).map(function (node) {
          return document.importNode(node, true);
        }));
        pane.hidden = false;
        state.textContent = "";
      })
      .catch(function () { state.textContent = "暂时不能预览，您填写的内容还在。请检查网络或重新登录。"; });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-rich-act], [data-rich-preview]");
    if (!button) return;
    if (button.dataset.richAct) {
      act(button);
      return;
    }
    event.preventDefault();
    // Enter in a field presses the first button of the form: that person wants to save.
    var pressed = event.detail > 0 || document.activeElement === button;
    if (pressed) preview(button);
    else button.form.requestSubmit();
  });
})();
