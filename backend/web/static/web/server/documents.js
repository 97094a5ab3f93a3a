// What the GraphQL documents of all pages share.

export const ERROR = "... on Error { code message field }";
