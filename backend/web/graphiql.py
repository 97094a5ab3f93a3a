"""GraphiQL for browsers that open the GraphQL door: wholly from this server."""

from django.template.loader import render_to_string

from backend.web.security import policy

# GraphiQL's dialogs write style elements and its fonts are data in its style sheet.
GRAPHIQL_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy(style_src="'self' 'unsafe-inline'", font_src="'self' data:"),
    "x-content-type-options": "nosniff",
}


def graphiql_html(graphql_url: str) -> str:
    """The page; it asks `graphql_url` (a path of this host), by HTTP and for subscriptions by websocket.

    To be sent with `GRAPHIQL_HEADERS`.
    """
    return render_to_string("web/graphiql.html", {"graphql_url": graphql_url})
