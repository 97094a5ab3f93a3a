// Starts GraphiQL with a first query, the header of this browser's visitor, and subscriptions by websocket.

import { remembered } from "../player/storage.js";

const QUERY = `# Earshot's API. Ctrl-Space completes, Ctrl-Enter runs; the book on the left holds the documentation.
#
# Most of it needs a token: run the mutation below, then put {"Authorization": "Token …"} into "Headers".

query Places {
  projects(first: 10) {
    edges {
      node {
        id
        name
        latitude
        longitude
      }
    }
  }
}

mutation Register {
  registerDevice(input: { deviceId: "graphiql", clientType: "graphiql" }) {
    __typename
    ... on RegisterDeviceSuccess {
      token
    }
    ... on Error {
      code
      message
    }
  }
}

subscription Follow($streamId: ID!) {
  streamEvents(streamId: $streamId) {
    __typename
    ... on GainsChanged {
      gains {
        speaker {
          code
        }
        gain
      }
    }
    ... on AssetStarted {
      plannedSeconds
      asset {
        description
      }
    }
  }
}
`;

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

ReactDOM.createRoot(root).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: url.href, wsClient }),
    plugins: [GraphiQLPluginExplorer.explorerPlugin()],
    defaultQuery: QUERY,
    headers,
    onEditHeaders: (text) => (headers = text),
    isHeadersEditorEnabled: true,
    defaultEditorToolsVisibility: "headers",
  }),
);
