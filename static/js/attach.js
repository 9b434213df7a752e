/* Attachments: each file goes up by itself. The form's texts are not touched. */
import { PreviewWatch } from "./attach/previews.js";
import { UploadQueue } from "./attach/queue.js";

function carriesFiles(event) {
  return event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
}

/** Files that are chosen: new ones by the form's own control, 替换 by a second one in no form. */
function takeChosen(queue, input, list) {
  const single = document.createElement("input");
  single.type = "file";
  single.accept = input.accept;
  const takeNew = () => {
    queue.take(input.files, "");
    input.value = "";
  };
  input.addEventListener("change", (event) => {
    event.stopPropagation();  // the form has nothing to save because of it
    takeNew();
  });
  input.addEventListener("input", (event) => { event.stopPropagation(); });
  single.addEventListener("change", () => {
    queue.take(single.files, single.dataset.replaces);
    single.value = "";
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-attach-replace]");
    if (!link) return;
    event.preventDefault();
    single.dataset.replaces = link.dataset.attachReplace;
    single.click();
  });
  takeNew();  // what was chosen before this script came
}

function takeDropped(queue, area) {
  // A file that misses the place must not be opened by the browser instead of this page.
  ["dragover", "drop"].forEach((kind) => {
    document.addEventListener(kind, (event) => { if (carriesFiles(event)) event.preventDefault(); });
  });
  ["dragenter", "dragover"].forEach((kind) => {
    area.addEventListener(kind, (event) => { if (carriesFiles(event)) area.classList.add("over"); });
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) area.classList.remove("over");
  });
  area.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    area.classList.remove("over");
    queue.take(event.dataTransfer.files, "");
  });
}

/** First the files, then the page: leaving it would cut them off. */
function finishBeforeLeaving(queue, form) {
  window.addEventListener("beforeunload", (event) => {
    if (!queue.unsent) return;
    event.preventDefault();
    event.returnValue = "";
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form || !queue.unsent) return;
    event.preventDefault();
    event.stopPropagation();
    const submitter = event.submitter;
    queue.hold(() => { form.requestSubmit(submitter); });
  }, true);
}

const box = document.querySelector("[data-attach]");
if (box) {
  const form = box.closest("form"), input = box.querySelector("input[type='file']");
  const list = box.querySelector("[data-attach-list]");
  const previews = new PreviewWatch(list, box.dataset.attachPreviews, box.querySelector("[data-previews-say]"));
  const queue = new UploadQueue(box, form, input, () => { previews.start(); });
  previews.start();
  box.classList.add("attach-ready");
  box.querySelector("[data-attach-hint]").hidden = false;
  takeChosen(queue, input, queue.list);
  takeDropped(queue, box.querySelector("[data-attach-drop]"));
  finishBeforeLeaving(queue, form);
  window.addEventListener("online", () => { queue.retryLost(); });
}
