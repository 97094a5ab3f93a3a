"""What this room tells the rooms above it, which it does not know."""

from django.dispatch import Signal

# In the transaction that stores an asset which somebody handed in; `asset` is its row. Sent by `Asset`.
asset_contributed = Signal()
# In the transaction that moves an asset out of a project; `project_id` is that of the project. Sent by `Asset`.
asset_left_project = Signal()
