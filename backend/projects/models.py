"""What is offered: projects, their groups, their languages and texts, the pictures of their buttons."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from backend.resources.addresses import check_source
from backend.resources.ranges import Within, on_earth


class Language(models.Model):
    """A language that people hear and read; language 1 is English, the last resort of every text."""

    name = models.CharField(max_length=50, blank=True)
    code = models.CharField(max_length=10, unique=True, help_text="Two letters: en, fi, sv.")

    class Meta:
        indexes = [models.Index(fields=["name"], name="language_name")]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Raises ValidationError. Codes are kept in lower case, so that `EN` is not a language beside `en`."""
        self.code = self.code.lower()
        if not re.fullmatch("[a-z]{2}", self.code):
            raise ValidationError({"code": "Must be two letters, as in ISO 639-1: en, fi, sv."})


class LocalizedString(models.Model):
    """A text in one language."""

    text = models.TextField()
    language = models.ForeignKey(Language, models.CASCADE, related_name="strings")

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:60]}"


class RepeatMode(models.TextChoices):
    """What happens when a listener has heard all."""

    STOP = "stop"
    CONTINUOUS = "continuous"


class Ordering(models.TextChoices):
    """Which asset plays first."""

    BY_LIKE = "by_like"
    BY_WEIGHT = "by_weight"
    RANDOM = "random"


class Bitrate(models.IntegerChoices):
    """The bit rates of the audio stream, in kbit/s: MP3 has none below 64, Opus none above 128."""

    KBPS_48 = 48
    KBPS_64 = 64
    KBPS_96 = 96
    KBPS_112 = 112
    KBPS_128 = 128
    KBPS_160 = 160
    KBPS_192 = 192
    KBPS_256 = 256
    KBPS_320 = 320


# The old server's `ogg` was Vorbis; here it is Opus.
AUDIO_FORMATS = ("mp3", "opus", "ogg")


def check_format(word: str) -> None:
    """Vorbis by its name is asked for by who wants no Opus, so it is refused."""
    if word.lower() not in AUDIO_FORMATS:
        raise ValidationError(f"Must be one of {', '.join(AUDIO_FORMATS)}.")


class Project(models.Model):
    """One audio landscape: a place, its rules, and everything that sounds in it."""

    name = models.CharField(max_length=50)
    owner_name = models.CharField(max_length=128, blank=True, help_text="Shown to people; proves nothing.")
    owners = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="owned_projects", blank=True, help_text="May see and edit all of it."
    )
    latitude = models.FloatField()
    longitude = models.FloatField()
    published_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    languages = models.ManyToManyField(Language, related_name="projects")

    listen_enabled = models.BooleanField(default=False)
    geo_listen_enabled = models.BooleanField(default=False)
    speak_enabled = models.BooleanField(default=False)
    geo_speak_enabled = models.BooleanField(default=False)
    listen_questions_dynamic = models.BooleanField(default=False)
    speak_questions_dynamic = models.BooleanField(default=False)
    reset_tag_defaults_on_startup = models.BooleanField(default=False)

    recording_radius_metres = models.FloatField(
        null=True, blank=True, help_text="An asset is near a listener within this distance; empty: 1 m."
    )
    listener_precision_metres = models.FloatField(
        default=10, help_text="Owners see on a grid this wide where somebody listens; 0: exactly."
    )
    out_of_range_distance_metres = models.FloatField(default=1000)
    out_of_range_url = models.CharField(max_length=512, blank=True, validators=[check_source])
    sharing_url = models.CharField(max_length=512, blank=True)

    auto_submit = models.BooleanField(default=False, help_text="Uploads in range are heard without a review.")
    max_recording_seconds = models.PositiveIntegerField(default=60)
    audio_format = models.CharField(
        max_length=50,
        default="mp3",
        blank=True,
        validators=[check_format],
        help_text="Of new streams: mp3, or opus (ogg means the same).",
    )
    bitrate_kbps = models.PositiveSmallIntegerField(choices=Bitrate.choices, default=Bitrate.KBPS_128)
    ordering = models.CharField(max_length=16, choices=Ordering.choices, default=Ordering.RANDOM)
    repeat_mode = models.CharField(max_length=16, choices=RepeatMode.choices, default=RepeatMode.STOP)
    timed_assets_first = models.BooleanField(default=True)

    demo_stream_enabled = models.BooleanField(default=False)
    demo_stream_url = models.CharField(max_length=512, blank=True, validators=[check_source])
    files_url = models.CharField(max_length=512, blank=True)
    files_version = models.CharField(max_length=16, blank=True)

    description_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    sharing_message_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    out_of_range_message_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    legal_agreement_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    demo_stream_message_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)

    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            *on_earth(),
            Within("recording_radius_metres", 0),
            Within("listener_precision_metres", 0, 100_000),
            Within("out_of_range_distance_metres", 0),
        ]
        indexes = [
            models.Index(fields=["name"], name="project_name"),
            models.Index(fields=["published_at"], name="project_published_at"),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectGroup(models.Model):
    """Projects that are offered together."""

    name = models.CharField(max_length=50)
    is_active = models.BooleanField(default=True)
    description = models.TextField(blank=True)
    projects = models.ManyToManyField(Project, related_name="groups", blank=True)

    class Meta:
        indexes = [models.Index(fields=["name"], name="projectgroup_name")]

    def __str__(self) -> str:
        return self.name


class View(models.TextChoices):
    """The screens of the old apps."""

    HOME = "home"
    LISTEN = "listen"
    SPEAK = "speak"
    LISTEN_TAGS = "listentags"
    SPEAK_TAGS = "speaktags"
    THANK_YOU = "thankyou"


class UIElementName(models.Model):
    """A place on a screen that a project may give a picture of its own."""

    name = models.CharField(max_length=30)
    description = models.TextField(null=True, blank=True)
    view = models.CharField(max_length=16, choices=View.choices)

    class Meta:
        verbose_name = "UI element name"
        constraints = [models.UniqueConstraint(fields=["view", "name"], name="uielementname_once_a_view")]
        indexes = [models.Index(fields=["name"], name="uielementname_name")]

    def __str__(self) -> str:
        return f"{self.view}: {self.name}"


class Variant(models.TextChoices):
    """The screen densities of the old apps, as their file names end."""

    X2 = "@2x"
    X3 = "@3x"
    IPAD_X2 = "-iPad@2x"
    IPAD_X3 = "-iPad@3x"
    MDPI = "-mdpi"
    HDPI = "-hdpi"
    XHDPI = "-xhdpi"
    XXHDPI = "-xxhdpi"
    XXXHDPI = "-xxxhdpi"


class PictureFormat(models.TextChoices):
    """The file formats of pictures."""

    PNG = "png"
    JPG = "jpg"


class LabelPosition(models.TextChoices):
    """Where the label of a picture stands; an empty value shows none."""

    BLANK = "blank"
    TEXT_BELOW = "text_below"
    TEXT_OVERLAY = "text_overlay"


class UIElement(models.Model):
    """A project's own picture for one place on a screen, at one density."""

    element_name = models.ForeignKey(UIElementName, models.CASCADE, related_name="elements")
    project = models.ForeignKey(Project, models.CASCADE, related_name="ui_elements")
    variant = models.CharField(max_length=16, choices=Variant.choices)
    file_extension = models.CharField(max_length=8, choices=PictureFormat.choices)
    label_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    label_text_color = models.CharField(max_length=10, blank=True)
    label_position = models.CharField(max_length=16, choices=LabelPosition.choices, default=LabelPosition.BLANK)

    class Meta:
        verbose_name = "UI element"
        constraints = [
            models.UniqueConstraint(fields=["project", "element_name", "variant"], name="uielement_once_a_variant")
        ]
        indexes = [models.Index(fields=["project", "file_extension"], name="uielement_file_extension")]

    def __str__(self) -> str:
        return f"{self.element_name}{self.variant}.{self.file_extension}"
