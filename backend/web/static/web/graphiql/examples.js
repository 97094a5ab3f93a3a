// The commonest tasks, as documents to start from: a tab each when GraphiQL is opened first, and a panel that lists them.

const NAMES = ["visit", "page", "contribute", "moderate", "follow"];
const PICTURE = "M5 3h14v18l-7-5-7 5z";

const text = async (file) => (await fetch(new URL(`examples/${file}`, import.meta.url))).text();

async function example(name) {
  const [query, variables] = await Promise.all([text(`${name}.graphql`), text(`${name}.json`)]);
  const title = query.match(/^# (.*)/)[1];
  return { name, title, query, variables };
}

/** All of them, with their titles, queries and variables. */
export const examples = () => Promise.all(NAMES.map(example));

/** The panel; a link opens its example in a tab, also when that was closed. */
export function examplesPlugin({ createElement }, all) {
  const item = ({ name, title }) =>
    createElement("li", { key: name }, createElement("a", { href: `?example=${name}` }, title));
  return {
    title: "Examples",
    icon: () => createElement("svg", { viewBox: "0 0 24 24", fill: "none" }, picture(createElement)),
    content: () =>
      createElement(
        "div",
        { className: "graphiql-doc-explorer-content" },
        createElement("h2", { className: "graphiql-doc-explorer-title" }, "Examples"),
        createElement("ul", { className: "examples" }, all.map(item)),
      ),
  };
}

const picture = (createElement) => createElement("path", { d: PICTURE, stroke: "currentColor", strokeWidth: 1.5 });
