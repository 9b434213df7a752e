/* Addresses of links as people type them. */
import { isSafeAddress } from "./text/dialect.js";

const MAIL = /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/;
const HOST = /^[\w-]+(?:\.[\w-]+)+(?:[:/?#]\S*)?$/i;

export const REFUSED = "请填写网址，如：https://www.example.cn；邮箱可以直接填写；本系统的页面以“/”开头。";

/** The address with what people leave out; "" for one that no link may lead to. */
export function completeAddress(typed) {
  const text = typed.trim().replace(/^(https?)[：:]\/\//i, "$1://");
  if (isSafeAddress(text)) return text;
  if (MAIL.test(text)) return `mailto:${text}`;
  return HOST.test(text) && isSafeAddress(`https://${text}`) ? `https://${text}` : "";
}
