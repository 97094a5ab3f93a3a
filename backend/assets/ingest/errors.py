"""Why a file is not taken. UNREADABLE_AUDIO and AUDIO_TOO_LONG are backend.decoding's."""

from backend.decoding.errors import AudioTooLong, UnreadableAudio
from backend.errors import DomainError


class EmptyFile(DomainError):
    """The file has no content at all."""

    code = "EMPTY_FILE"


class FileTooLarge(DomainError):
    """The file has more bytes than are taken."""

    code = "FILE_TOO_LARGE"


class UnsupportedMedia(DomainError):
    """The file is of a kind that is not taken here, or not as what it was sent."""

    code = "UNSUPPORTED_MEDIA"


class SilentRecording(DomainError):
    """Nobody would hear anything."""

    code = "SILENT_RECORDING"


class UnreadableImage(DomainError):
    """The file is not a picture that can be read here."""

    code = "UNREADABLE_IMAGE"


class ImageTooLarge(DomainError):
    """The picture has more pixels than are decoded."""

    code = "IMAGE_TOO_LARGE"


class UnreadableVideo(DomainError):
    """The file is not a film that can be read here."""

    code = "UNREADABLE_VIDEO"


class UnreadableText(DomainError):
    """The file is not text that can be read here."""

    code = "UNREADABLE_TEXT"


class TextTooLong(DomainError):
    """The text is longer than is stored."""

    code = "TEXT_TOO_LONG"


class IngestTimedOut(DomainError):
    """The file asked for more time than it is given."""

    code = "INGEST_TIMED_OUT"


class IngestFailed(DomainError):
    """The file ended the process that read it, or met a fault of ours."""

    code = "INGEST_FAILED"


class IngestBusy(DomainError):
    """Too many files wait."""

    code = "INGEST_BUSY"


REFUSALS: dict[str, type[DomainError]] = {
    error.code: error
    for error in (
        UnreadableAudio,
        AudioTooLong,
        EmptyFile,
        FileTooLarge,
        UnsupportedMedia,
        SilentRecording,
        UnreadableImage,
        ImageTooLarge,
        UnreadableVideo,
        UnreadableText,
        TextTooLong,
    )
}
