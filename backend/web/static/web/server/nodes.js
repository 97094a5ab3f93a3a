// Relay's lists.

/** The nodes of a connection. */
export const nodes = (connection) => connection.edges.map(({ node }) => node);
