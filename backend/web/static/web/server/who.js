// In whose name a page asks: somebody with a token, or whoever is logged in to this site.

/** By a token, `token()` or null; the cookie of somebody who is logged in to the admin then says nothing. */
export function byToken(token) {
  const headers = () => {
    const given = token();
    return given ? { Authorization: `Token ${given}` } : {};
  };
  return { credentials: "omit", headers };
}

/** By the cookie of the login: the server believes it with this token beside it, which only our own pages can read. */
export const byLogin = {
  credentials: "same-origin",
  headers() {
    const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    return csrf ? { "X-CSRFToken": csrf } : {};
  },
};
