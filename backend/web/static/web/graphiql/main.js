// Starts GraphiQL with examples, the header of this browser's visitor, and subscriptions by websocket.

import { remembered } from "../page/storage.js";
import { byLogin } from "../server/who.js";
import { examples, examplesPlugin } from "./examples.js";

const { React, ReactDOM, GraphiQL, GraphiQLPluginExplorer, graphqlWs } = globalThis;
const root = document.getElementById("graphiql");
const url = new URL(root.dataset.graphqlUrl, location.href);
const token = remembered("token");
let headers = token ? JSON.stringify({ Authorization: `Token ${token}` }, null, 2) : "";

// The socket opens with the first subscription and closes after the last, so that it uses the headers of then.
const wsClient = graphqlWs.createClient({
  url: Object.assign(new URL(url), { protocol: url.protocol.replace("http", "ws") }).href,
  connectionParams: () => ({ authorization: authorization(headers) }),
});

function authorization(text) {
  const entries = Object.entries(JSON.parse(text || "{}"));
  return entries.find(([name]) => name.toLowerCase() === "authorization")?.[1];
}

// Who is logged in to the admin is that user here, too.
const fetchWithLogin = (address, options) =>
  fetch(address, { ...options, headers: { ...options.headers, ...byLogin.headers() } });

/** The tab that was open last, if any: GraphiQL opens another one beside its own when it is not told which. */
function lastTab() {
  const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem("graphiql:tabState") ?? "{}");
  return tabs?.[activeTabIndex];
}

const all = await examples();
const chosen = all.find(({ name }) => name === new URLSearchParams(location.search).get("example"));
// Of a first visit, the first one open; later the browser remembers its own, and one that is chosen joins them.
const tabs = chosen ? [chosen, ...all.filter((each) => each !== chosen)] : all;
const opened = chosen ?? lastTab();

ReactDOM.createRoot(root).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: url.href, wsClient, fetch: fetchWithLogin }),
    plugins: [examplesPlugin(React, all), GraphiQLPluginExplorer.explorerPlugin()],
    defaultTabs: tabs.map(({ query, variables }) => ({ query, variables, headers })),
    ...(opened && { query: opened.query, variables: opened.variables }),
    headers,
    onEditHeaders: (text) => (headers = text),
    isHeadersEditorEnabled: true,
    defaultEditorToolsVisibility: "headers",
  }),
);
