"""What sounds are about: tags in categories, and how a project offers them for listening and speaking."""

from django.contrib.gis.db import models as gis
from django.core.exceptions import ValidationError
from django.db import models

from backend.projects.models import LocalizedString, Project
from backend.resources.trees import check_parent

ELSEWHERE = "It belongs to another project."


class TagCategory(models.Model):
    """A question that tags answer: age, theme, mood."""

    name = models.CharField(max_length=50)
    data = models.TextField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "tag categories"
        indexes = [models.Index(fields=["name"], name="tagcategory_name")]

    def __str__(self) -> str:
        return self.name


class TagNarrowing(models.TextChoices):
    """A further narrowing that a tag brings with it."""

    NONE = ""
    WITHIN_10_KM = "_within_10km"
    TEN_MOST_RECENT_DAYS = "_ten_most_recent_days"


class Tag(models.Model):
    """One answer within a category, carried by assets and chosen by listeners."""

    project = models.ForeignKey(Project, models.SET_NULL, null=True, blank=True, related_name="tags")
    category = models.ForeignKey(TagCategory, models.CASCADE, related_name="tags")
    value = models.TextField()
    description = models.TextField(null=True, blank=True)
    description_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    message_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    data = models.TextField(null=True, blank=True)
    filter = models.CharField(max_length=255, choices=TagNarrowing.choices, default=TagNarrowing.NONE, blank=True)
    location = gis.MultiPolygonField(srid=4326, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.value


class TagRelationship(models.Model):
    """A place of a tag in a tree of tags; its parent is another such place."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="relationships")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")

    def __str__(self) -> str:
        return f"{self.parent} > {self.tag}" if self.parent else str(self.tag)

    def clean(self) -> None:
        """Raises ValidationError: a tree is of one project's tags, and those of no project."""
        if self.tag_id is not None and self.parent is not None:
            if len({self.tag.project_id, self.parent.tag.project_id} - {None}) > 1:
                raise ValidationError({"parent": ELSEWHERE})
            check_parent(self)


class UIMode(models.TextChoices):
    """The moment at which tags are offered."""

    LISTEN = "listen"
    SPEAK = "speak"
    BROWSE = "browse"


class Select(models.TextChoices):
    """How many items of a group may be chosen."""

    SINGLE = "single"
    MULTI = "multi"
    MIN_ONE = "min_one"


class ItemFilter(models.TextChoices):
    """Which items of a group are shown."""

    NONE = "none"
    RANDOM_1 = "random-1"


class UIGroup(models.Model):
    """The tags of one category as a project offers them in one mode."""

    name = models.CharField(max_length=50)
    header_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    ui_mode = models.CharField(max_length=16, choices=UIMode.choices, default=UIMode.LISTEN)
    category = models.ForeignKey(TagCategory, models.CASCADE, related_name="ui_groups")
    select = models.CharField(max_length=16, choices=Select.choices, default=Select.SINGLE)
    is_active = models.BooleanField(default=True)
    index = models.IntegerField()
    project = models.ForeignKey(Project, models.CASCADE, related_name="ui_groups")
    uiitem_filter = models.CharField(max_length=50, choices=ItemFilter.choices, default=ItemFilter.NONE)

    class Meta:
        ordering = ["index", "id"]
        verbose_name = "UI group"
        indexes = [
            models.Index(fields=["project", "ui_mode", "is_active", "index"], name="uigroup_project_mode"),
            models.Index(fields=["project", "select"], name="uigroup_project_select"),
            models.Index(fields=["name"], name="uigroup_name"),
        ]

    def __str__(self) -> str:
        return self.name


class UIItem(models.Model):
    """One tag within a group."""

    group = models.ForeignKey(UIGroup, models.CASCADE, related_name="items")
    index = models.IntegerField()
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="ui_items")
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=False)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["index", "id"]
        verbose_name = "UI item"
        indexes = [models.Index(fields=["group", "is_active", "index"], name="uiitem_group_active")]

    def __str__(self) -> str:
        return f"{self.group}: {self.tag}"

    def clean(self) -> None:
        """Raises ValidationError: what it names is of its group's project; tags may be of no project."""
        if self.group_id is None or self.tag_id is None:
            return
        if self.tag.project_id not in (None, self.group.project_id):
            raise ValidationError({"tag": ELSEWHERE})
        if self.parent is not None:
            if self.parent.group.project_id != self.group.project_id:
                raise ValidationError({"parent": ELSEWHERE})
            check_parent(self)
