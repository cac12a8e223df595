"""GraphQL fragments and selections of `tests.api`."""

from __future__ import annotations

ROW = """
fragment Row on Upload {
  id filename contentType size checksum { algorithm value } tags
  status statusReason createdAt storedAt expiresAt
}
"""
TRANSFER = """
fragment Sent on Upload {
  transfer {
    partSize partCount
    parts { ...Part }
  }
}
"""
PART = """
fragment Part on PartRequest {
  number offset size method url headers { name value } expiresAt
}
"""
SESSION = """
fragment Signed on Session {
  accessToken expiresAt refreshToken
  user { id username email fullName createdAt usage { bytes uploads quotaBytes } }
}
"""
_DETAILS = {
    "InvalidInput": "fields { path message }",
    "TooManyAttempts": "retryAfterSeconds",
    "FileTooLarge": "maxUploadBytes",
    "UnsupportedMediaType": "contentTypes",
    "QuotaExceeded": "availableBytes",
    "UploadIncomplete": "missingParts",
    "UploadRejected": "upload { ...Row }",
    "UploadClosed": "status",
}
TRASHED = """
fragment Trashed on Upload { id status trashedAt download { url } }
"""
_MEMBERS = {
    "signUp": ("InvalidInput", "TooManyAttempts"),
    "login": ("TooManyAttempts",),
    "changePassword": ("InvalidInput", "TooManyAttempts"),
    "createApiKey": ("InvalidInput", "TooManyAttempts"),
    "requestUpload": ("InvalidInput", "FileTooLarge", "UnsupportedMediaType", "QuotaExceeded"),
    "completeUpload": ("UploadIncomplete", "UploadRejected", "UploadClosed"),
    "cancelUpload": ("UploadClosed",),
    "updateUpload": ("InvalidInput",),
    "updateUploads": ("InvalidInput",),
    "trashUploads": ("UploadClosed",),
}


def failures(field: str) -> str:
    """Return a selection with all fields of every failure of a mutation."""
    details = (f"... on {name} {{ {_DETAILS[name]} }}" for name in _MEMBERS.get(field, ()))
    return " ".join(["__typename", "... on UserError { code message }", *details])
