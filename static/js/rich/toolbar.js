/* The toolbar of the editor: one stop of the Tab key, arrow keys between its buttons. */
import { deleteColumn, deleteRow, deleteTable, isInTable, redo, undo } from "../../vendor/prosemirror/prosemirror.min.js";
import {
  headingLevel, indentItem, isBold, linkAround, listAround, outdentItem, setHeading, setParagraph, toggleBold, toggleList,
} from "./commands.js";
import { element } from "./elements.js";
import {
  alignColumns, alignment, columnLeft, columnRight, insertTable, rowAbove, rowBelow,
} from "./tables.js";
import { schema } from "./text/schema.js";

const { nodes } = schema;
const ALWAYS = () => true;
const inList = (state) => listAround(state) !== null;
const isListOf = (type) => (state) => listAround(state)?.node.type === type;
const isAligned = (align) => (state) => alignment(state) === align;

/** What a group holds, when it is shown, and whether that hangs on the place of the cursor; a button:
    its words, command, keys, whether it is on. */
function groups(openLink) {
  return [
    { label: "段落", when: ALWAYS, buttons: [
      { text: "正文", command: setParagraph, keys: "Ctrl+Alt+0", isOn: (state) => headingLevel(state) === 0 && !isInTable(state) },
      { text: "一级标题", command: setHeading(1), keys: "Ctrl+Alt+1", isOn: (state) => headingLevel(state) === 1 },
      { text: "二级标题", command: setHeading(2), keys: "Ctrl+Alt+2", isOn: (state) => headingLevel(state) === 2 },
    ] },
    { label: "文字", when: ALWAYS, buttons: [
      { text: "加粗", command: toggleBold, keys: "Ctrl+B", isOn: isBold },
      { text: "链接", command: openLink, keys: "Ctrl+K", isOn: (state) => linkAround(state) !== null },
    ] },
    { label: "列表", when: ALWAYS, buttons: [
      { text: "项目符号", command: toggleList(nodes.bullet_list), isOn: isListOf(nodes.bullet_list) },
      { text: "编号", command: toggleList(nodes.ordered_list), isOn: isListOf(nodes.ordered_list) },
    ] },
    { label: "列表层级", when: inList, inPlace: true, buttons: [
      { text: "降一级", command: indentItem, keys: "Ctrl+]" },
      { text: "升一级", command: outdentItem, keys: "Ctrl+[" },
    ] },
    { label: "插入", when: ALWAYS, buttons: [{ text: "表格", command: insertTable }] },
    { label: "撤销", when: ALWAYS, buttons: [
      { text: "撤销", command: undo, keys: "Ctrl+Z" }, { text: "重做", command: redo, keys: "Ctrl+Y" },
    ] },
    { label: "表格", when: isInTable, inPlace: true, buttons: [
      { text: "上方加行", command: rowAbove }, { text: "下方加行", command: rowBelow },
      { text: "左侧加列", command: columnLeft }, { text: "右侧加列", command: columnRight },
      { text: "删除行", command: deleteRow }, { text: "删除列", command: deleteColumn },
      { text: "删除表格", command: deleteTable },
    ] },
    { label: "这一列", when: isInTable, inPlace: true, buttons: [
      { text: "左对齐", command: alignColumns(null), isOn: isAligned("left") },
      { text: "居中", command: alignColumns("center"), isOn: isAligned("center") },
      { text: "右对齐", command: alignColumns("right"), isOn: isAligned("right") },
    ] },
  ];
}

class Button {
  constructor({ text, command, keys, isOn }) {
    this.command = command;
    this.isOn = isOn;
    this.node = element("button", {
      type: "button", class: "rich-button", tabindex: "-1", text,
      title: keys ? `${text}（${keys}）` : null, "aria-keyshortcuts": keys ? keys.replace("Ctrl", "Control") : null,
      "aria-pressed": isOn ? "false" : null,
    });
  }

  update(state) {
    if (this.isOn) this.node.setAttribute("aria-pressed", String(Boolean(this.isOn(state))));
    if (this.command(state)) this.node.removeAttribute("aria-disabled");
    else this.node.setAttribute("aria-disabled", "true");
  }
}

export class Toolbar {
  constructor(controls, openLink) {
    this.view = null;
    this.groups = groups(openLink).map(({ label, when, inPlace = false, buttons }) => {
      const made = buttons.map((button) => new Button(button));
      const node = element("div", { class: "rich-group", role: "group", "aria-label": label }, ...made.map((b) => b.node));
      return { when, inPlace, node, buttons: made };
    });
    // In the order in which they are drawn.
    this.groups.sort((a, b) => Number(a.inPlace) - Number(b.inPlace));
    this.buttons = this.groups.flatMap((group) => group.buttons);
    this.node = element(
      "div", { class: "rich-bar", role: "toolbar", "aria-label": "排版", "aria-controls": controls },
      this.row(false), this.row(true),
    );
    this.node.addEventListener("mousedown", (event) => { event.preventDefault(); });  // the selection stays
    this.node.addEventListener("click", (event) => { this.press(event); });
    this.node.addEventListener("keydown", (event) => { this.move(event); });
    this.node.addEventListener("focusin", (event) => { this.setStop(event.target); });
    this.setStop(this.buttons[0].node);
  }

  row(inPlace) {
    const shown = this.groups.filter((group) => group.inPlace === inPlace);
    return element("div", { class: "rich-row", role: "presentation" }, ...shown.map((group) => group.node));
  }

  press(event) {
    const button = this.buttons.find(({ node }) => node === event.target);
    if (!button || button.node.getAttribute("aria-disabled") === "true") return;
    button.command(this.view.state, this.view.dispatch, this.view);
    // A press of a key leaves the focus where it is: more than one button may be wanted.
    const isGone = button.node.closest("[hidden]") !== null;
    if ((event.detail > 0 || isGone) && !document.querySelector("dialog[open]")) this.view.focus();
  }

  get shown() { return this.groups.filter(({ node }) => !node.hidden).flatMap((group) => group.buttons.map((b) => b.node)); }

  move(event) {
    const { shown } = this, at = shown.indexOf(event.target);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (event.key === "Escape") this.view.focus();
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    shown[(next + shown.length) % shown.length].focus();
  }

  /** The one button that Tab leads to. */
  setStop(node) {
    this.buttons.forEach((button) => { button.node.tabIndex = button.node === node ? 0 : -1; });
  }

  update(state) {
    this.groups.forEach(({ when, node }) => { node.hidden = !when(state); });
    this.node.lastChild.hidden = this.groups.every(({ inPlace, node }) => !inPlace || node.hidden);
    this.buttons.forEach((button) => { button.update(state); });
    if (!this.shown.some((node) => node.tabIndex === 0)) this.setStop(this.buttons[0].node);
  }
}
