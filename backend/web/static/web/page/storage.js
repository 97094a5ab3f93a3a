// What this browser remembers between visits; where storage is forbidden, it is remembered for this page only.

const fallback = new Map();

export function remembered(key) {
  try {
    return localStorage.getItem(`earshot.${key}`);
  } catch {
    return fallback.get(key) ?? null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`earshot.${key}`, value);
  } catch {
    fallback.set(key, value);
  }
}
