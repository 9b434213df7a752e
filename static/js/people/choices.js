/* The list below a field in which a person is typed: drawn, gone through and chosen from. */

let open = null;  // {control, box, people, more, at}; at: who is marked, -1 for nobody
let made = 0;

function element(name, className, text = "") {
  const node = document.createElement(name);
  node.className = className;
  node.textContent = text;
  return node;
}

/** Whether the list of this control is shown. */
export function isOpen(control) { return open !== null && open.control === control; }

/** Take the list away; return whether there was one. */
export function closeChoices() {
  if (!open) return false;
  const { control, box } = open;
  open = null;
  control.setAttribute("aria-expanded", "false");
  control.removeAttribute("aria-activedescendant");
  control.removeAttribute("aria-controls");
  box.remove();
  return true;
}

function optionOf(person, index, id) {
  const item = element("li", "person-choice"), unit = element("span", "choice-unit", person.unit);
  item.id = `${id}-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.append(element("span", "choice-name", person.name), unit);
  return item;
}

/** What a reader hears, and everybody sees where the list is empty or cut. */
function sentence(control, answer) {
  const { people, more, advice } = answer;
  if (advice) return advice;
  if (more) return `只列出前${people.length}人，请继续输入。`;
  if (people.length) return `找到${people.length}人，按上下键选择，回车确定。`;
  return control.closest("[data-row]") && unitField(control) ? "没有找到。没有账号的，直接填写姓名和单位。" : "没有找到，请换姓名、拼音或单位查找。";
}

function statusOf(control) {
  const box = control.parentNode;
  let status = box.querySelector(".person-status");
  if (!status) {
    status = element("span", "person-status visually-hidden");
    status.setAttribute("role", "status");
    box.append(status);
  }
  return status;
}

function combobox(control, id) {
  control.setAttribute("role", "combobox");
  control.setAttribute("aria-autocomplete", "list");
  control.setAttribute("aria-expanded", "true");
  control.setAttribute("aria-controls", id);
}

/** Show who fits below the control. */
export function offer(control, answer) {
  closeChoices();
  made += 1;
  const id = `people-${made}`, box = element("div", "person-list"), list = element("ul", "person-choices");
  list.id = id;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "找到的人员");
  list.append(...answer.people.map((person, index) => optionOf(person, index, id)));
  if (answer.people.length) box.append(list);
  if (answer.more || !answer.people.length) box.append(element("p", "person-note", sentence(control, answer)));
  control.parentNode.append(box);
  open = { control, box, people: answer.people, more: answer.more, at: -1 };
  if (answer.people.length) combobox(control, id);
  statusOf(control).textContent = sentence(control, answer);
  box.addEventListener("mousedown", (event) => { event.preventDefault(); });  // the control keeps the focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest(".person-choice");
    if (item) choose(control, answer.people[Array.from(list.children).indexOf(item)]);
  });
  if (answer.people.length) mark(0);
}

function mark(index) {
  const items = Array.from(open.box.querySelectorAll(".person-choice"));
  items.forEach((item, place) => { item.setAttribute("aria-selected", String(place === index)); });
  open.at = index;
  open.control.setAttribute("aria-activedescendant", items[index].id);
  items[index].scrollIntoView({ block: "nearest" });
}

/** What is typed has changed: nobody of the list stays marked until its answer comes. */
export function outdate(control) {
  if (!isOpen(control) || open.at < 0) return;
  open.at = -1;
  open.box.querySelectorAll(".person-choice").forEach((item) => { item.setAttribute("aria-selected", "false"); });
  control.removeAttribute("aria-activedescendant");
}

/** Go down (1) or up (-1), around the ends; return whether there was somebody to go to. */
export function step(by) {
  const count = open.people.length;
  if (count && open.at >= 0) mark((open.at + by + count) % count);
  return count > 0;
}

/** Choose the one in the list; nothing where it has several. */
export function pickTheOnly(control) {
  if (isOpen(control) && open.people.length === 1 && !open.more) choose(control, open.people[0]);
}

/** Choose whoever is marked; return whether there was somebody. */
export function pick(control) {
  const person = open.people[open.at];
  if (person) choose(control, person);
  return Boolean(person);
}

/** The field beside it in which the unit of a person without an account is typed, null for none. */
function unitField(control) {
  const row = control.closest("[data-row]");
  return row ? row.querySelector("[data-person-unit]") : null;
}

function write(control, text) {
  if (control.value === text) return;
  control.value = text;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(control, person) {
  const unit = unitField(control);
  closeChoices();
  write(control, unit ? person.name : person.label);
  if (unit) write(unit, person.unit);
}
