/* Posts in the background, in the name of the person who opened the page. */
const TIMEOUT = 20000;

/** Post pairs with the form's token; the answer as {status, reply}. Rejects when there is none in
    time. `lasting`: the browser sends it to the end even if the page is left. */
export async function post(form, address, pairs, lasting = false) {
  const stop = new AbortController(), body = new URLSearchParams(pairs);
  const timer = setTimeout(() => { stop.abort(); }, TIMEOUT);
  body.append("csrf_token", form.elements.namedItem("csrf_token").value);
  body.append("typed_by", form.elements.namedItem("typed_by").value);
  try {
    const answer = await fetch(address, {
      method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin",
      redirect: "error", keepalive: lasting, signal: stop.signal,
    });
    return { status: answer.status, reply: await answer.json() };
  } finally {
    clearTimeout(timer);
  }
}
