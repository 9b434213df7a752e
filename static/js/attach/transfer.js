/* One try to send one file. */
const TIMEOUT = 600000;

function readJson(text) {
  try { return JSON.parse(text); } catch { return null; }  // not from the portal
}

/** Send `pairs` to `address`; exactly one of `onAnswer(status, reply)`, with a null reply where it is
    not the portal's, and `onLost()` follows, unless the returned request is aborted. */
export function transfer(address, pairs, { onProgress, onAnswer, onLost }) {
  const request = new XMLHttpRequest(), body = new FormData();
  pairs.forEach((pair) => { body.append(...pair); });
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) onProgress(event.loaded, event.total);
  });
  request.addEventListener("load", () => { onAnswer(request.status, readJson(request.responseText)); });
  request.addEventListener("error", onLost);
  request.addEventListener("timeout", onLost);
  request.open("POST", address);
  request.timeout = TIMEOUT;
  request.setRequestHeader("Accept", "application/json");
  request.send(body);
  return request;
}
