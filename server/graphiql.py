"""The GraphiQL page, served from our own files under a policy that lets it load and ask nothing but this server."""

from collections.abc import Mapping
from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from auth.policy import Policy
from server.examples import EXAMPLES

PAGE = Path(__file__).parents[1] / "console" / "graphiql" / "dist"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
FRESH = {"cache-control": "no-cache", "content-security-policy": POLICY}
NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>customer-graph</title>
<body>
<h1>The API runs; this page is not built yet</h1>
<p>Run <code>make graphiql</code> in the project's folder and load this page again. It needs the network once.</p>
<p>Without it: <code>customer-graph query --role service_rep --file FILE</code>, or any GraphQL client at
<code>/graphql</code>.</p>
</body>
</html>
"""


class Assets(StaticFiles):
    """Files whose names hold a hash of what is in them: kept for ever."""

    def file_response(self, *args: object, **named: object) -> Response:
        """A file, or the word that the browser's copy is still right."""
        response = super().file_response(*args, **named)  # type: ignore[arg-type]  # Starlette's own signature
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        response.headers["content-security-policy"] = POLICY
        return response


def routes(policies: Mapping[str, Policy], page: Path = PAGE, *, login: bool = False) -> list[BaseRoute]:
    """The page, its assets and its configuration; `login` offers to sign in."""

    async def index(request: Request) -> Response:
        built = page / "index.html"
        if not built.is_file():
            return HTMLResponse(NOT_BUILT, 503, headers=FRESH)
        return FileResponse(built, headers=FRESH)

    async def config(request: Request) -> Response:
        configuration = {"endpoint": "/graphql", "roles": roles(policies), "examples": list(EXAMPLES), "login": login}
        return JSONResponse(configuration, headers={"cache-control": "no-cache"})

    async def home(request: Request) -> Response:
        return Response(status_code=303, headers={"location": "/graphiql"})

    compressed = [Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=6)]
    return [
        Route("/", home),
        Route("/graphiql", index),
        Route("/graphiql/", index),
        Route("/graphiql/config.json", config),
        Mount("/graphiql/assets", Assets(directory=page / "assets", check_dir=False), middleware=compressed),
    ]


def roles(policies: Mapping[str, Policy]) -> list[dict[str, object]]:
    """Public names only: the roles that there are, with their purposes, the usual one first."""
    return [
        {"role": policy.role, "title": policy.said.title, "purposes": list(policy.said.purposes)}
        for policy in policies.values()
    ]
