// Elements with attributes and children. Children that are texts become text nodes, never markup.
export function element(tag, attributes, children) {
  const made = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
  [].concat(children === undefined ? [] : children).forEach((child) => made.append(child));
  return made;
}
