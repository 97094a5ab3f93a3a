"""Names for the numbers and strings that identify things, so that two kinds are never mixed up."""

from typing import NewType

UserId = NewType("UserId", int)
ProjectId = NewType("ProjectId", int)
LanguageId = NewType("LanguageId", int)
TagId = NewType("TagId", int)
TagCategoryId = NewType("TagCategoryId", int)
SessionId = NewType("SessionId", int)
SpeakerId = NewType("SpeakerId", int)
AudiotrackId = NewType("AudiotrackId", int)
AssetId = NewType("AssetId", int)
# A UUID as text: it is public, so it cannot be guessed by counting.
StreamId = NewType("StreamId", str)
# A UUID as text; the client may choose it.
UploadId = NewType("UploadId", str)
# One playing of one asset, from its start to its end: a UUID as text.
PlayId = NewType("PlayId", str)
