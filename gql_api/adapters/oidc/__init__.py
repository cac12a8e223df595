"""OpenID Connect issuers: their keys, and the signatures of their tokens."""
