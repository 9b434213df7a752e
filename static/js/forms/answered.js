/* Whether the portal has answered a form that was sent: a download leaves the page where it is, and no
   event says that it has come. So a cookie names the address that was posted to, and the answer to
   that post takes it away (lab/web/request/answered.py). */
const NAME = "sending";

/** Set the cookie for a post to `path`; the mark that `isAnswered` is asked about. */
export function beginWaiting(path) {
  const mark = `${Date.now().toString(36)}.${encodeURIComponent(path)}`;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${NAME}=${mark}; path=/; max-age=120; samesite=strict${secure}`;
  return mark;
}

/** Whether the cookie with this mark is gone. */
export function isAnswered(mark, cookies = document.cookie) {
  return !cookies.split("; ").includes(`${NAME}=${mark}`);
}
