/* What uploading decides without a page: which files are refused, when a lost one is tried again. */
import { retryPause } from "../shared/saving.js";

const MB = 1048576;
const MOST_TRIES = 6;
const AT_ONCE = 2;

function wrongKind(kind, { text, others }) {
  if (others[kind]) return `此文件${others[kind]}。`;
  return `${kind ? `后缀“.${kind}”不在允许之列` : "文件没有后缀"}，可上传：${text}。`;
}

/** Why a file is refused before it is sent, "" when it may go. `taken`: the `kinds` that are, endings
    with their dot, in words as `text`, what is said of `others` by their ending, `limit` in bytes. */
export function refusal({ name, size }, taken) {
  const dot = name.lastIndexOf("."), kind = dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
  if (!taken.kinds.includes(`.${kind}`)) return `未通过：${wrongKind(kind, taken)}`;
  if (!size) return "未通过：文件是空的（0字节），请重新选择。";
  if (size > taken.limit) {
    return `未通过：有${Math.ceil(size * 10 / MB) / 10} MB，超过${Math.round(taken.limit / MB)} MB，请压缩或分开后再传。`;
  }
  return "";
}

/** Milliseconds until an upload is tried again by itself, null when somebody has to ask for it. */
export function pauseBeforeRetry(tries) {
  return tries < MOST_TRIES ? retryPause(tries) : null;
}

/** Of uploads in the order in which they were chosen, those to start now. */
export function nextToSend(uploads) {
  const free = AT_ONCE - uploads.filter((upload) => upload.state === "sending").length;
  return uploads.filter((upload) => upload.state === "waiting").slice(0, Math.max(0, free));
}

/** Whether some upload is under way or about to be. */
export function isBusy(uploads) {
  return uploads.some(({ state }) => state === "sending" || state === "waiting" || state === "retrying");
}

/** Whether it waits to be tried again, by itself or by somebody. */
export function canRetry({ state }) { return state === "lost" || state === "retrying"; }

/** Whether leaving the page would lose a file that could still be stored. */
export function isUnsent(uploads) {
  return isBusy(uploads) || uploads.some(canRetry);
}

/** What the row of an upload says while it is sent: whole per cent, rounded down. */
export function sentShare(loaded, total) {
  const percent = Math.floor(100 * loaded / total);
  return { percent, text: percent < 100 ? `上传中 ${percent}%` : "正在检查" };
}
