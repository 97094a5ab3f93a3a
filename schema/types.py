"""Every type of the schema that shows rows: a line each, derived from its declaration."""

from backend.accounts.resources import DEVICE_PROFILE, TOKEN, USER
from backend.assets.resources import ASSET, ASSET_UPLOAD, ENVELOPE, TIMED_ASSET, VOTE
from backend.documents.resources import DOCUMENT
from backend.listening.resources import LISTEN_EVENT, STREAM
from backend.projects.resources import LANGUAGE, LOCALIZED_STRING, PROJECT, PROJECT_GROUP, UI_ELEMENT, UI_ELEMENT_NAME
from backend.soundscape.resources import AUDIOTRACK, SPEAKER
from backend.tagging.resources import TAG, TAG_CATEGORY, TAG_RELATIONSHIP, UI_GROUP, UI_ITEM
from backend.visits.resources import EVENT, SESSION
from schema import own_fields as own
from schema.derive.node import link, node

User = node(USER)
DeviceProfile = node(DEVICE_PROFILE)
Token = node(TOKEN)
Document = node(DOCUMENT)
Language = node(LANGUAGE)
LocalizedString = node(LOCALIZED_STRING)
Project = node(PROJECT, own.ProjectFields, many=("speakers", "audiotracks", "assets", "tags", "ui_groups"))
ProjectGroup = node(PROJECT_GROUP)
UIElementName = node(UI_ELEMENT_NAME)
UIElement = node(UI_ELEMENT, own.UIElementFields)
TagCategory = node(TAG_CATEGORY)
Tag = node(TAG, own.TagFields)
TagRelationship = node(TAG_RELATIONSHIP)
UIGroup = node(UI_GROUP, own.UIGroupFields)
UIItem = node(UI_ITEM)
Session = node(SESSION)
Event = node(EVENT)
Speaker = node(SPEAKER, own.SpeakerFields)
Audiotrack = node(AUDIOTRACK)
Asset = node(ASSET, own.AssetFields)
Envelope = node(ENVELOPE)
AssetUpload = node(ASSET_UPLOAD)
Vote = node(VOTE)
TimedAsset = node(TIMED_ASSET)
Stream = node(STREAM, own.StreamFields)
ListenEvent = node(LISTEN_EVENT)

link()
