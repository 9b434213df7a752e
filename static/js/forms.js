/* Forms: live counters, unsaved-changes guard, no double sending, chosen files, calendars. */
(function () {
  "use strict";
  var root = document.documentElement.classList;
  root.add("scripted");
  if ("showPicker" in HTMLInputElement.prototype) root.add("has-picker");
  var UNLOCK_AFTER = 10000;
  var OUTER = /^[\s\ufeff\u200b-\u200d\u2060]+|[\s\ufeff\u200b-\u200d\u2060]+$/g;

  /** Characters of the stored form: one line end, no outer blanks, NFC, code points. */
  function countCharacters(text) {
    var stored = text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(OUTER, "").normalize("NFC");
    return Array.from(stored).length;
  }

  function updateCounter(control) {
    var place = document.getElementById(control.id + "-count");
    if (!place) return;
    var used = countCharacters(control.value);
    place.querySelector("[data-used]").textContent = String(used);
    place.classList.toggle("over", used > Number(control.dataset.limit));
  }

  function words(bytes) {
    if (bytes >= 1048576) return Number((bytes / 1048576).toFixed(1)) + " MB";
    if (bytes >= 1024) return Number((bytes / 1024).toFixed(1)) + " KB";
    return bytes + " B";
  }

  function listFiles(control) {
    var box = control.parentNode, list = box.querySelector(".file-list");
    if (!list) {
      list = document.createElement("ul");
      list.className = "file-list";
      box.append(list);
    }
    box.querySelector(".file-none").hidden = control.files.length > 0;
    list.replaceChildren.apply(list, Array.from(control.files).map(function (file) {
      var row = document.createElement("li"), name = document.createElement("span"), size = document.createElement("span");
      var large = file.size > Number(control.dataset.files);
      name.textContent = file.name;
      size.textContent = words(file.size) + (large ? "，超过上限" : "");
      size.className = large ? "num too-large" : "num";
      row.append(name, size);
      return row;
    }));
  }

  /** What is typed, as the calendar wants it; "" and nonsense leave it at today. */
  function calendarValue(text) {
    var parts = text.normalize("NFKC").replace(/^\s*(\d{4})(\d\d)(\d\d)(?!\d)/, "$1-$2-$3 ").match(/\d+/g) || [];
    parts = parts.map(function (part) { return part.padStart(2, "0"); });
    return parts.slice(0, 3).join("-") + (parts.length > 4 ? "T" + parts[3] + ":" + parts[4] : "");
  }

  /** The browser's own calendar behind `button`: no name, in no form, out of the tab order. */
  function calendarOf(button) {
    var native = button.parentNode.querySelector(".date-native");
    if (native) return native;
    native = document.createElement("input");
    native.type = button.dataset.pick;
    native.className = "date-native";
    native.tabIndex = -1;
    native.setAttribute("aria-hidden", "true");
    native.setAttribute("form", "");
    native.addEventListener("change", function (event) { event.stopPropagation(); });
    native.addEventListener("input", function (event) {
      event.stopPropagation();
      if (native.validity.badInput) return;  // half chosen
      var text = button.parentNode.querySelector("input");
      text.value = native.value.replace("T", " ");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.dispatchEvent(new Event("change", { bubbles: true }));
    });
    button.after(native);
    return native;
  }

  function openCalendar(button) {
    var native = calendarOf(button), typed = button.parentNode.querySelector("input").value;
    native.value = calendarValue(typed);
    native.getBoundingClientRect();  // lays out a new one, else the calendar opens in a corner
    native.showPicker();
  }

  function setDirty(form, dirty) {
    form.dataset.changed = dirty ? "1" : "";
    form.querySelectorAll("[data-dirty-note]").forEach(function (note) { note.hidden = !dirty; });
  }

  function markSending(form, sending) {
    form.dataset.sending = sending ? "1" : "";
    form.querySelectorAll("button").forEach(function (button) {
      if (sending) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    });
  }

  document.addEventListener("input", function (event) {
    var control = event.target;
    if (control.dataset && control.dataset.limit) updateCounter(control);
    if (control.form && control.form.hasAttribute("data-guard")) setDirty(control.form, true);
  });

  document.addEventListener("change", function (event) {
    var control = event.target;
    if (control.type === "file" && control.dataset.files) listFiles(control);
    if (control.hasAttribute("data-submit-on-change")) control.form.requestSubmit();
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pick]");
    if (button) openCalendar(button);
    var link = event.target.closest("[data-discard]");
    if (link && link.closest("form")) setDirty(link.closest("form"), false);
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sending && !form.hasAttribute("data-resubmit")) {
      event.preventDefault();
      return;
    }
    setDirty(form, false);
    markSending(form, true);
    // An answer that is a download leaves the page in place; do not keep it locked.
    setTimeout(function () { markSending(form, false); }, UNLOCK_AFTER);
  });

  window.addEventListener("beforeunload", function (event) {
    if (!document.querySelector("form[data-guard][data-changed='1']")) return;
    event.preventDefault();
    event.returnValue = "";
  });

  // Back from the next page: the form may be sent again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sending='1']").forEach(function (form) { markSending(form, false); });
    document.querySelectorAll("[data-files]").forEach(listFiles);
  });

  document.querySelectorAll("[data-limit]").forEach(updateCounter);
  document.querySelectorAll("form[data-dirty]").forEach(function (form) { setDirty(form, true); });
})();
