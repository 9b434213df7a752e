/* Amounts in the rows of a form, exact: typed and shown in 元, added up in 分. */
import { readFigure } from "../shared/figures.js";

/** 分 of what is typed; what is not an amount counts as nothing, the server says what is wrong. */
function fen(text) {
  const yuan = readFigure(text);
  const isAmount = yuan && yuan.top >= 0n && (yuan.top * 100n) % yuan.bottom === 0n;
  return isAmount ? (yuan.top * 100n) / yuan.bottom : 0n;
}

function formatYuan(sum) {
  const cents = String(sum % 100n).padStart(2, "0");
  const whole = String(sum / 100n).replace(/\B(?=(\d{3})+$)/g, ",");
  return cents === "00" ? whole : `${whole}.${cents.replace(/0$/, "")}`;
}

/** The sum of what is typed, in 元 with separators and without needless zeros: 1,234.5. */
export function sumOfAmounts(texts) {
  return formatYuan(texts.reduce((sum, text) => sum + fen(text), 0n));
}

/** The unit at the end of an option, without its brackets: 户 of 「特约商户（户）」. */
export function unitOf(optionText) {
  const match = /（([^（）]*)）$/.exec(optionText);
  return match ? match[1] : "";
}
