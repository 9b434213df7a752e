/* Saving while typing, for every long form. After two quiet seconds and on leaving a field the form
   goes to the server in the background: to the address in data-autosave, which stores it, else as
   the writer's own draft. Until the server has it, the text also stays in this tab's own storage. */
(function () {
  "use strict";
  var PAUSE = 2000, BEAT = 30000, ACTIVE = 60000, TIMEOUT = 20000, SLOWEST = 30000, SIGN_IN = 3000;
  var OWN = ["csrf_token", "version", "tab", "adopted", "form_path", "typed_by"];
  var TYPED = "textarea, input:not([type]), input[type='text'], input[type='number']";
  var active = Date.now();
  ["keydown", "pointerdown"].forEach(function (kind) {
    document.addEventListener(kind, function () { active = Date.now(); }, { passive: true });
  });

  function clockTime(at) {
    return String(at.getHours()).padStart(2, "0") + ":" + String(at.getMinutes()).padStart(2, "0");
  }

  /** The values of a select as it was drawn: without a marked option one that takes one has its first. */
  function chosenAtFirst(select) {
    function open(option) { return !option.disabled && !option.closest("optgroup:disabled"); }
    var options = Array.from(select.options), marked = options.filter(function (option) { return option.defaultSelected; });
    if (!select.multiple) marked = marked.length ? marked.slice(-1) : options.filter(open).slice(0, 1);
    return marked.filter(open).map(function (option) { return option.value; });
  }

  /** The places of a form where the page speaks; forms without them get those of the layout. */
  function furnish(form) {
    if (form.querySelector("[data-autosave-offer]")) return;
    var parts = document.getElementById("editing-parts").content.cloneNode(true);
    var bar = form.querySelector(".action-bar");
    if (bar) bar.prepend(parts.querySelector("[data-editing-state]"));
    else form.append(parts.querySelector("[data-editing-state]"));
    form.prepend(parts.querySelector("[data-editing-notes]"));
  }

  function attach(form) {
    furnish(form);
    var writer = form.elements.namedItem("typed_by").value, stores = form.dataset.autosave || "";
    var place = new URL(form.getAttribute("action") || location.href, location.href).pathname;
    var copies = window.labCopies(place + ":" + writer), version = form.elements.namedItem("version");
    var drawnVersion = version ? Number(version.value) : 0;
    var tab = copies.newName(), number = 0, adopted = "", left = [];
    var timer = null, failures = 0, freshTokens = 0;
    var sending = false, submitting = false, stopped = false, incomplete = false, submitLater = null;
    var state = form.querySelector("[data-autosave-state]"), offer = form.querySelector("[data-autosave-offer]");
    var trouble = form.querySelector("[data-autosave-trouble]"), present = form.querySelector("[data-presence]");

    function values() {
      return Array.from(new FormData(form)).filter(function (pair) {
        var control = form.elements.namedItem(pair[0]);
        return typeof pair[1] === "string" && OWN.indexOf(pair[0]) < 0 && control.type !== "password";
      }).map(function (pair) { return [pair[0], pair[1].replace(/\r\n?/g, "\n")]; });
    }
    function hidden(fieldName) {
      var control = form.elements.namedItem(fieldName);
      if (control) return control;
      control = document.createElement("input");
      control.type = "hidden";
      control.name = fieldName;
      form.append(control);
      return control;
    }
    /** The values that the server drew: people type, and browsers put back, before this runs. */
    function drawn() {
      return Array.from(form.elements).filter(function (control) {
        return control.name && OWN.indexOf(control.name) < 0 && !control.matches(":disabled") && !/^(file|password|submit|reset|button|image|fieldset|output)$/.test(control.type);
      }).flatMap(function (control) {
        var texts = [control.defaultValue];
        if (/^(checkbox|radio)$/.test(control.type)) texts = control.defaultChecked ? [control.value] : [];
        else if (control.options) texts = chosenAtFirst(control);
        return texts.map(function (text) { return [control.name, text.replace(/\r\n?/g, "\n")]; });
      });
    }
    var ownTab = hidden("tab"), ownAdopted = hidden("adopted"), ownPlace = hidden("form_path");
    ownPlace.value = place;
    form.autocomplete = "off";  // what a browser puts back of an earlier visit would pass for typed now
    var saved = JSON.stringify(drawn());
    // The answer to a post that was not taken goes on with the page that was sent.
    var before = /^([a-z0-9]{8,32}):(\d{1,6})$/.exec(ownTab.value), goesOn = Boolean(before);
    if (goesOn) {
      tab = before[1];
      number = Number(before[2]);
      if (!stores || form.hasAttribute("data-dirty")) saved = "";
    }
    function same(copy) { return JSON.stringify(copy.values) === saved; }
    if (!goesOn) left = copies.left(same);
    function dirty() { return JSON.stringify(values()) !== saved; }

    // -- copies of earlier pages ----------------------------------------------------------------

    function keep() {
      copies.keep({ tab: tab, number: number, version: version ? version.value : "", at: Date.now(), values: values() });
    }

    function showOffer() {
      offer.hidden = !left.length;
      if (!left.length) return;
      offer.querySelector("[data-autosave-when]").textContent = clockTime(new Date(left[left.length - 1].at));
    }

    /** Offer what is left of earlier pages in this tab, and what waits on the server as a draft. */
    function offerWhat(saves, draft) {
      var has = saves.split(" ").map(function (word) { return word.split(":"); });
      left = left.filter(function (copy) {
        return !has.some(function (save) {
          // A save that came after this page was drawn is not what it shows.
          return copy.tab === save[0] && copy.number <= Number(save[1]) && Number(save[2]) <= drawnVersion;
        });
      });
      function newer(copy) { return copy.tab === draft.tab && copy.number >= draft.number; }
      if (draft && !same(draft) && !left.some(newer)) {
        left = left.filter(function (copy) { return copy.tab !== draft.tab; }).concat([draft]);
        left.sort(function (a, b) { return a.at - b.at; });
      }
      showOffer();
    }

    function takeOff() {
      left = left.slice(0, -1);
      copies.leave(left);
      showOffer();
    }

    function forget() {
      var copy = left[left.length - 1];
      takeOff();
      post("/editing/draft", [["form_path", place], ["forget", "1"], ["adopted", copy.tab + ":" + copy.number]])
        .catch(function () { /* it is offered again */ });
    }

    /** A control for what the page has no row for. */
    function hide(pair) {
      var control = document.createElement("textarea");
      control.name = pair[0];
      control.value = pair[1];
      control.hidden = true;
      form.append(control);
      incomplete = Boolean(stores);  // the page is loaded anew once it is saved
    }

    function restore() {
      var copy = left[left.length - 1], byName = new Map(copy.values);
      if (version && copy.version) version.value = copy.version;  // who saved since is not overwritten unseen
      adopted = copy.tab + ":" + copy.number;
      Array.from(form.elements).forEach(function (control) {
        if (!control.name || OWN.indexOf(control.name) >= 0 || /^(file|submit|button|password)$/.test(control.type)) return;
        if (control.type === "checkbox" || control.type === "radio") {
          control.checked = copy.values.some(function (pair) { return pair[0] === control.name && pair[1] === control.value; });
        } else if (byName.has(control.name)) {
          control.value = byName.get(control.name);
        }
        control.dispatchEvent(new Event("input", { bubbles: true }));
      });
      copy.values.forEach(function (pair) { if (!form.elements.namedItem(pair[0])) hide(pair); });
      changed();
      takeOff();
      send();
    }

    // -- what the page says ---------------------------------------------------------------------

    function say(text) { if (state.textContent !== text) state.textContent = text; }
    function warn(text, signIn) {
      trouble.hidden = !text;
      trouble.querySelector("[data-autosave-sentence]").textContent = text;
      trouble.querySelector("[data-autosave-sign-in]").hidden = !signIn;
    }
    function showOthers(told) {
      var text = (told.others || []).join(" ");
      if (present.textContent !== text) present.textContent = text;
    }

    // -- sending --------------------------------------------------------------------------------

    function post(address, pairs, lasting) {
      var stop = new AbortController(), body = new URLSearchParams(pairs);
      var late = setTimeout(function () { stop.abort(); }, TIMEOUT);
      body.append("csrf_token", form.elements.namedItem("csrf_token").value);
      body.append("typed_by", writer);
      return fetch(address, {
        method: "POST", body: body, headers: { Accept: "application/json" }, credentials: "same-origin",
        redirect: "error", keepalive: Boolean(lasting), signal: stop.signal
      }).then(function (answer) {
        return answer.json().then(function (told) { return { status: answer.status, told: told }; });
      }).finally(function () { clearTimeout(late); });
    }

    function schedule(after) {
      clearTimeout(timer);
      timer = setTimeout(send, after);
    }
    function again() {
      failures += 1;
      schedule(Math.min(SLOWEST, 1000 * Math.pow(2, failures)));
    }
    function useToken(told) {
      document.querySelectorAll("input[name='csrf_token']").forEach(function (field) { field.value = told.csrf_token; });
    }

    function accepted(told, text, sent) {
      failures = freshTokens = 0;
      if (told.state === "late" && told.number > sent) {
        // Another page goes by this name and saved: go on under a new one, from the version shown here.
        tab = copies.newName();
        schedule(PAUSE);
        return;
      }
      adopted = "";
      if (told.version && version) version.value = told.version;
      saved = text;
      warn("", false);
      showOthers(told);
      if (dirty()) {
        keep();
        schedule(PAUSE);
        return;
      }
      copies.clear();
      if (!stores) {
        say("草稿已自动保存 " + (told.draft_at || told.saved_at) + "，尚未提交");
        return;
      }
      form.dataset.changed = "";
      form.querySelectorAll("[data-dirty-note]").forEach(function (note) { note.hidden = true; });
      var faults = Object.values(told.errors || {});
      say("已保存 " + told.saved_at + (faults.length ? "。没有通过检查：" + faults.join(" ") : ""));
      if (incomplete) location.reload();
    }

    function refused(status, told) {
      if (status === 400 && told.csrf_token && freshTokens < 3) {
        freshTokens += 1;
        useToken(told);
        schedule(0);
        return;
      }
      if (status >= 500) throw new Error(String(status));
      stopped = /^(clash|broken|closed)$/.test(told.state);
      say(status === 401 ? "登录已过期，内容还在本页" : "没有保存，内容还在本页");
      warn(told.text || "", status === 401);
      // What is refused for good is tried again only when somebody comes back to the page or types.
      if (status === 400) again();
      else failures += 1;
      if (status === 401 || told.state === "other_person") schedule(SIGN_IN);
    }

    function send(lasting) {
      clearTimeout(timer);
      if (sending || stopped || submitting || !dirty()) return;
      var pairs = values(), text = JSON.stringify(pairs), sent = number += 1, head;
      sending = true;
      keep();  // under the number that the server may come to know it by
      say("正在保存");
      head = [["tab", tab + ":" + sent], ["adopted", adopted], ["form_path", place], ["version", version ? version.value : ""]];
      pairs = stores ? pairs.concat(head) : head.concat([["values", text]]);
      post(stores || "/editing/draft", pairs, lasting === true).then(function (answer) {
        sending = false;
        if (answer.status === 200) accepted(answer.told, text, sent);
        else refused(answer.status, answer.told);
      }).catch(function () {
        sending = false;
        say("没有连上，内容还在本页，会自动再试");
        again();
      }).then(function () {
        if (submitLater) submitLater();
      });
    }

    function beat() {
      if (sending || stopped || submitting || document.hidden || Date.now() - active > ACTIVE) return;
      alive([]).catch(function () { /* the next save says so */ });
    }
    function alive(more) {
      return post("/editing/presence", [["form_path", place], ["tab", tab + ":" + number]].concat(more)).then(function (answer) {
        if (answer.status === 200) showOthers(answer.told);
        if (answer.status === 400 && answer.told.csrf_token) useToken(answer.told);
        if (answer.status === 401) warn(answer.told.text, true);
        return answer.told;
      });
    }
    /** The first sign of life asks what was typed here before: sent since, or waiting as a draft. */
    function open() {
      alive([["opened", "1"]]).then(function (told) {
        if (!goesOn) offerWhat(told.saved || "", told.draft);
      }).catch(function () { if (!goesOn) offerWhat("", null); });
    }

    // -- what people do -------------------------------------------------------------------------

    function changed() {
      number += 1;
      keep();
      if (!sending && failures === 0) say("");
    }
    form.addEventListener("input", function (event) {
      changed();
      if (!event.isComposing) schedule(PAUSE);
    });
    form.addEventListener("change", function () { if (dirty()) { changed(); schedule(PAUSE); } });
    form.addEventListener("focusout", function () { if (dirty()) schedule(0); });
    form.addEventListener("submit", function (event) {
      if (sending) {  // one save after the other, or the second would meet the first
        event.preventDefault();
        submitLater = function () { submitLater = null; form.requestSubmit(event.submitter); };
        return;
      }
      clearTimeout(timer);
      submitting = true;
      number += 1;
      keep();
      ownTab.value = tab + ":" + number;
      ownAdopted.value = adopted;
    });
    window.addEventListener("pageshow", function () { submitting = false; });

    function retryNow() { if (failures && dirty()) schedule(0); }
    window.addEventListener("online", retryNow);
    window.addEventListener("focus", retryNow);
    document.addEventListener("visibilitychange", function () {
      if (document.hidden) send(true);
      else retryNow();
    });

    offer.querySelector("[data-restore]").addEventListener("click", restore);
    offer.querySelector("[data-forget]").addEventListener("click", forget);
    open();
    if (dirty()) {
      if (!goesOn) form.dataset.changed = "1";
      schedule(PAUSE);
    }
    setInterval(beat, BEAT);
  }

  document.querySelectorAll("form[data-guard][method='post']").forEach(function (form) {
    if (!document.getElementById("editing-parts") || form.hasAttribute("data-no-draft") || !form.elements.namedItem("typed_by")) return;
    if (form.querySelector(TYPED)) attach(form);
  });
})();
