"""Registering documents."""

import hashlib

from backend.documents.models import Document
from backend.resources.cleaning import cleaned


def sha256_of(text: str) -> str:
    """By which a document is known: of its UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def register_document(text: str, *, name: str) -> Document:
    """The document's row; the one that is there already gets the new name."""
    sha256 = sha256_of(text)
    document = Document.objects.filter(sha256=sha256).first() or Document(sha256=sha256, text=text)
    document.name = name
    cleaned(document).save()
    return document
