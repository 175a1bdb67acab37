"""Pages that ask through a browser: none from elsewhere by default; those of listed origins, without credentials."""

from dataclasses import replace

import httpx
import pytest

from tests.test_http import ASK, JSON, Service, codes, unopened

__all__ = ["unopened"]

FRIEND = "https://app.example.com"
STRANGERS = ("https://elsewhere.example", "https://app.example.com.elsewhere.example", "http://app.example.com", "null")
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


def sharing(service: Service) -> httpx.AsyncClient:
    """A client of a server that lists one origin."""
    return service.client(replace(service.assembly, origins=(FRIEND,)))


@pytest.mark.asyncio
async def test_the_page_of_a_listed_origin_may_ask(unopened: Service) -> None:
    """The preflight may be remembered; the answer is for this origin and for no cookie."""
    async with sharing(unopened) as client:
        preflight = await client.options("/graphql", headers={"origin": FRIEND, **PREFLIGHT})
        headers = {**unopened.headers(), "origin": FRIEND, "sec-fetch-site": "cross-site"}
        answer = await client.post("/graphql", json={"query": ASK}, headers=headers)
    assert preflight.status_code == 200
    assert int(preflight.headers["access-control-max-age"]) > 0
    assert {"authorization", "x-role", "x-purpose"} <= set(
        preflight.headers["access-control-allow-headers"].lower().replace(" ", "").split(",")
    )
    for response in (preflight, answer):
        assert response.headers["access-control-allow-origin"] == FRIEND
        assert "Origin" in response.headers["vary"]
        assert "access-control-allow-credentials" not in response.headers
    assert codes(answer) == ["CG401"]  # it reached the database, which is not there in this test


@pytest.mark.asyncio
@pytest.mark.parametrize("origin", STRANGERS)
async def test_the_page_of_another_origin_may_not(unopened: Service, origin: str) -> None:
    """Neither where some origin is listed nor where none is; a browser could not read the answer anyway."""
    headers = {**unopened.headers(), "origin": origin, "sec-fetch-site": "cross-site"}
    async with sharing(unopened) as listing, unopened.client() as closed:
        for client in (listing, closed):
            preflight = await client.options("/graphql", headers={"origin": origin, **PREFLIGHT})
            assert preflight.status_code in (400, 405)
            for response in (
                await client.post("/graphql", json={"query": ASK}, headers=headers),
                await client.get("/graphql", params={"query": ASK}, headers={**headers, "sec-fetch-mode": "cors"}),
            ):
                assert (response.status_code, codes(response)) == (403, ["CG220"])
                assert "access-control-allow-origin" not in response.headers
            assert "access-control-allow-origin" not in preflight.headers


@pytest.mark.asyncio
async def test_a_form_of_another_site_cannot_ask(unopened: Service) -> None:
    """What a browser sends unasked is refused twice over: by its type, and by where it comes from."""
    body = b'{"query": "{ __typename }", "x": "="}'
    async with unopened.client() as client:
        for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 415)):
            headers = {**unopened.headers(), "content-type": "text/plain", "sec-fetch-site": site}
            assert (await client.post("/graphql", content=body, headers=headers)).status_code == status


@pytest.mark.asyncio
async def test_who_asks_without_a_browser_is_not_held_up(unopened: Service) -> None:
    """Programs send no Sec-Fetch-Site; our own page sends same-origin. Listed origins are told to caches."""
    async with unopened.client() as closed, sharing(unopened) as listing:
        for client in (closed, listing):
            for headers in ({}, {"sec-fetch-site": "same-origin", "origin": "http://here"}, {"origin": FRIEND}):
                response = await client.post(
                    "/graphql", json={"query": "{ __typename }"}, headers={**unopened.headers(accept=JSON), **headers}
                )
                assert response.json() == {"data": {"__typename": "Query"}}
                assert ("Origin" in response.headers.get("vary", "")) is (client is listing)
        link = {"accept": "text/html", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
        assert (await closed.get("/graphql", headers=link)).status_code == 303
