"""Changes that come in one by one through the API: what a rep notes, what a customer decides.

`interactions`, `cases`, `consents`, `channels`, `definitions` and `deliveries` declare mutations, `texts` makes the
redacted twin of what was said. `ingest.api` lists them. A load that comes later keeps what stands here:
`ingest.standing` reads decisions of both.
"""
