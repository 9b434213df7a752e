/* What a paste could not keep, counted, and the sentence that says so. */
const WORDS = {
  picture: (n) => `图片${n}张（请改为上传附件）`,
  file: (n) => `文件${n}个（请改为上传附件）`,
  media: (n) => `音频、视频或嵌入内容${n}个`,
  comment: (n) => `批注${n}条`,
  link: (n, names) => `不能使用的链接地址${n}个（${names}，文字已保留）`,
  merged: (n) => `合并的单元格${n}处（已拆开，内容在第一格）`,
  nested: (n) => `表格中的表格${n}个（已改为文字）`,
  lines: (n) => `单元格内的分行${n}处（已连成一行）`,
  large: (n) => `太宽或太长的表格${n}个（已改为逐行文字）`,
  struck: (n) => `删除线${n}处（文字已保留，请核对）`,
  raised: (n) => `上下标${n}处（文字已保留）`,
  symbol: (n) => `无法识别的符号${n}个（已改为“□”）`,
  style: () => "斜体、下划线",
};

const MOST_NAMES = 3, LONGEST_NAME = 12;

/** The first few names, each cut short. */
function listed(names) {
  const quoted = names.slice(0, MOST_NAMES).map((name) => {
    const signs = Array.from(name.trim());
    return `“${signs.slice(0, LONGEST_NAME).join("")}${signs.length > LONGEST_NAME ? "…" : ""}”`;
  });
  return quoted.join("") + (names.length > MOST_NAMES ? "等" : "");
}

export class Losses {
  constructor() { this.found = new Map(); }

  /** Note so many of a kind; `name` tells people which. */
  add(kind, number = 1, name = "") {
    if (!number) return;
    const noted = this.found.get(kind) || { number: 0, names: [] };
    this.found.set(kind, { number: noted.number + number, names: name ? [...noted.names, name] : noted.names });
  }

  /** One sentence; "" where everything was kept. */
  sentence() {
    const parts = Object.keys(WORDS).filter((kind) => this.found.has(kind)).map((kind) => {
      const { number, names } = this.found.get(kind);
      return WORDS[kind](number, listed(names));
    });
    return parts.length ? `粘贴时以下内容不能原样保留：${parts.join("；")}。` : "";
  }
}
