// The words of the page, in its one language, and how that language writes numbers.
let texts = {};

export function setTexts(given) {
  texts = given;
}

export const words = (key) => texts[key] || key;

export const number = (value) => new Intl.NumberFormat(document.documentElement.lang).format(value);
