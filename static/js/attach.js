/* Attachments: each file goes up by itself, two at a time, with its progress. A lost connection is
   tried again with the same key, so that nothing is stored twice. The form's texts are not touched. */
(function () {
  "use strict";
  var box = document.querySelector("[data-attach]");
  if (!box) return;
  var AT_ONCE = 2, SLOWEST = 30000, MOST_TRIES = 6, TIMEOUT = 600000;
  var form = box.closest("form"), input = box.querySelector("input[type='file']"), limit = Number(input.dataset.files);
  var drop = box.querySelector("[data-attach-drop]"), rows = box.querySelector("[data-attach-rows]");
  var list = box.querySelector("[data-attach-list]"), announcer = box.querySelector("[data-attach-say]");
  var kinds = input.accept.split(","), uploads = [], submitLater = null;
  box.classList.add("attach-ready");
  box.querySelector("[data-attach-hint]").hidden = false;

  var single = document.createElement("input");  // for 替换
  single.type = "file";
  single.accept = input.accept;

  function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(12)), function (byte) {
      return byte.toString(16).padStart(2, "0");
    }).join("");
  }

  // -- one upload -----------------------------------------------------------------------------

  /** States: waiting, sending, saved, refused, lost. */
  function show(upload, state, text) {
    upload.state = state;
    upload.row.className = state;
    upload.text.textContent = text;
    upload.bar.hidden = state !== "sending" && state !== "waiting";
    upload.cancel.hidden = state === "saved" || state === "refused";
    upload.again.hidden = state !== "lost";
    upload.close.hidden = state !== "saved" && state !== "refused";
    if (state === "saved" || state === "refused" || state === "lost") {
      announcer.textContent = upload.file.name + "：" + text;
    }
  }

  function button(text, upload, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-link btn-sm";
    made.textContent = text;
    made.setAttribute("aria-label", text + upload.file.name);
    made.addEventListener("click", act);
    return made;
  }

  function newUpload(file, replaces) {
    var upload = { file: file, key: newKey(), replaces: replaces, tries: 0, timer: null, request: null, tokens: 0 };
    upload.row = document.createElement("li");
    var name = document.createElement("span"), buttons = document.createElement("span");
    name.className = "attach-name";
    name.textContent = file.name;
    buttons.className = "attach-buttons";
    upload.bar = document.createElement("progress");
    upload.bar.max = 100;
    upload.bar.value = 0;
    upload.bar.setAttribute("aria-label", "上传进度：" + file.name);
    upload.text = document.createElement("span");
    upload.text.className = "attach-state";
    upload.cancel = button("取消", upload, function () { remove(upload); });
    upload.again = button("重试", upload, function () { retry(upload); });
    upload.close = button("收起", upload, function () { remove(upload); });
    buttons.append(upload.again, upload.cancel, upload.close);
    upload.row.append(name, buttons, upload.bar, upload.text);
    rows.append(upload.row);
    rows.hidden = false;
    uploads.push(upload);
    show(upload, "waiting", "等待");
    return upload;
  }

  function remove(upload) {
    clearTimeout(upload.timer);
    if (upload.request) upload.request.abort();
    uploads.splice(uploads.indexOf(upload), 1);
    upload.row.remove();
    rows.hidden = !uploads.length;
    next();
  }

  function retry(upload) {
    clearTimeout(upload.timer);
    show(upload, "waiting", "等待");
    next();
  }

  function refusal(file) {
    var point = file.name.lastIndexOf("."), kind = point < 0 ? "" : file.name.slice(point).toLowerCase();
    if (kinds.indexOf(kind) < 0) return "未通过：类型不能上传，可选PDF、DOCX、XLSX、PNG、JPG。";
    if (!file.size) return "未通过：文件是空的。";
    if (file.size > limit) return "未通过：超过" + Math.round(limit / 1048576) + " MB。";
    return "";
  }

  function busy() {
    return uploads.some(function (upload) { return upload.state === "sending" || upload.state === "waiting"; });
  }

  function next() {
    var sending = uploads.filter(function (upload) { return upload.state === "sending"; }).length;
    uploads.forEach(function (upload) {
      if (upload.state !== "waiting" || sending >= AT_ONCE) return;
      sending += 1;
      send(upload);
    });
    if (submitLater && !busy()) submitLater();
  }

  function lost(upload, text, waitForPerson) {
    upload.tries += 1;
    var again = !waitForPerson && upload.tries < MOST_TRIES;
    show(upload, "lost", waitForPerson ? text : text + (again ? "稍后自动再试。" : "请检查网络后点击“重试”。"));
    if (again) {
      upload.timer = setTimeout(function () { retry(upload); }, Math.min(SLOWEST, 1000 * Math.pow(2, upload.tries)));
    }
    next();
  }

  function answered(upload, status, told) {
    if (status === 200) {
      list.innerHTML = told.list;
      show(upload, "saved", told.text);
    } else if (status === 400 && told.csrf_token && upload.tokens < 3) {
      upload.tokens += 1;
      document.querySelectorAll("input[name='csrf_token']").forEach(function (field) { field.value = told.csrf_token; });
      show(upload, "waiting", "等待");
    } else if (status === 401) {
      lost(upload, "登录已过期，文件还在本页。请在新窗口重新登录后点击“重试”。", true);
    } else if (status >= 500) {
      lost(upload, told.text || "服务器没有接收。", false);
    } else {
      show(upload, "refused", "未通过：" + (told.text || "文件没有保存，请刷新页面后再试。"));
    }
    next();
  }

  function send(upload) {
    var request = new XMLHttpRequest(), body = new FormData();
    upload.request = request;
    show(upload, "sending", "上传中 0%");
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("typed_by", form.elements.namedItem("typed_by").value);
    body.append("upload_key", upload.key);
    if (upload.replaces) body.append("replaces", upload.replaces);
    body.append("file", upload.file, upload.file.name);
    request.upload.addEventListener("progress", function (event) {
      if (!event.lengthComputable || upload.state !== "sending") return;
      var share = Math.floor(100 * event.loaded / event.total);
      upload.bar.value = share;
      upload.text.textContent = share < 100 ? "上传中 " + share + "%" : "正在检查";
      upload.cancel.hidden = share === 100;  // too late: the server has it
    });
    request.addEventListener("load", function () {
      var told = null;
      upload.request = null;
      try { told = JSON.parse(request.responseText); } catch (error) { /* not from the portal */ }
      if (told === null) lost(upload, "没有收到服务器的答复。", false);
      else answered(upload, request.status, told);
    });
    ["error", "timeout"].forEach(function (kind) {
      request.addEventListener(kind, function () {
        upload.request = null;
        lost(upload, "连接中断，文件还在本页。", false);
      });
    });
    request.open("POST", box.dataset.attach);
    request.timeout = TIMEOUT;
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  }

  function take(files, replaces) {
    Array.from(files).forEach(function (file) {
      var upload = newUpload(file, replaces), sentence = refusal(file);
      if (sentence) show(upload, "refused", sentence);
    });
    next();
  }

  // -- what people do -------------------------------------------------------------------------

  input.addEventListener("change", function (event) {
    event.stopPropagation();  // the form has nothing to save because of it
    take(input.files, "");
    input.value = "";
  });
  input.addEventListener("input", function (event) { event.stopPropagation(); });
  single.addEventListener("change", function () {
    take(single.files, single.dataset.replaces);
    single.value = "";
  });
  list.addEventListener("click", function (event) {
    var link = event.target.closest("[data-attach-replace]");
    if (!link) return;
    event.preventDefault();
    single.dataset.replaces = link.dataset.attachReplace;
    single.click();
  });

  function carriesFiles(event) { return event.dataTransfer && Array.from(event.dataTransfer.types).indexOf("Files") >= 0; }
  // A file that misses the place must not be opened by the browser instead of this page.
  ["dragover", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) { if (carriesFiles(event)) event.preventDefault(); });
  });
  ["dragenter", "dragover"].forEach(function (kind) {
    drop.addEventListener(kind, function (event) { if (carriesFiles(event)) drop.classList.add("over"); });
  });
  drop.addEventListener("dragleave", function (event) {
    if (!drop.contains(event.relatedTarget)) drop.classList.remove("over");
  });
  drop.addEventListener("drop", function (event) {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer.files, "");
  });

  window.addEventListener("online", function () {
    uploads.forEach(function (upload) { if (upload.state === "lost") retry(upload); });
  });
  window.addEventListener("beforeunload", function (event) {
    if (!busy()) return;
    event.preventDefault();
    event.returnValue = "";
  });
  // First the files, then the page: leaving it would cut them off.
  document.addEventListener("submit", function (event) {
    if (event.target !== form || !busy()) return;
    event.preventDefault();
    event.stopPropagation();
    var submitter = event.submitter;
    announcer.textContent = "附件上传完后自动保存。";
    submitLater = function () { submitLater = null; form.requestSubmit(submitter); };
  }, true);
})();
